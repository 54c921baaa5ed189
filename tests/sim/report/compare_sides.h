// SPDX-License-Identifier: Apache-2.0
// Sides of a comparison made by hand.
#pragma once

#include <cstdint>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include "base/document.h"
#include "sim/report/compare_runs.h"
#include "sim/report/results_folder.h"

namespace kvsim::sim {

inline std::string summary_text(const Summary& summary) {
  std::ostringstream text;
  write_summary_json(text, summary);
  return text.str();
}

// A run of which only this is known; all other figures are 0 or unknown.
inline Summary plain_summary(std::uint64_t seed, double requests_per_second, double ttft) {
  Summary summary;
  summary.scenario = {"fleet", "trace", {}, seed, {{"fleet", "f0"}, {"trace", "70"}}};
  summary.currency = "EUR";
  summary.total.throughput.requests_per_second = requests_per_second;
  summary.total.latency.ttft.mean = ttft;
  return summary;
}

inline ComparedSide side_of(const std::string& name, const std::vector<Summary>& summaries) {
  ComparedSide side{name, {}};
  for (const Summary& summary : summaries)
    side.runs.push_back({summary.scenario.seed, name, parse_json(summary_text(summary), name).root});
  return side;
}

}  // namespace kvsim::sim
