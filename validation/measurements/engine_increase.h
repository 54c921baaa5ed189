// SPDX-License-Identifier: Apache-2.0
// By how much the counters of one or more vLLM engines grew over a time, and the figures that follow. Names
// are vLLM's (docs/measurements.md).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "validation/measurements/exposition.h"
#include "validation/measurements/figure_list.h"

namespace kvsim::validation {

class EngineIncrease {
 public:
  // Of one series; those of several engines add up. Names without `vllm:` and `_total`.
  void add(const std::string& name, const Labels& labels, double increase);
  bool empty() const { return counters_.empty() && histograms_.empty() && finished_.empty(); }

  // Stage 0 of the run, and its figures. Without `seconds` no rates.
  void add_to(Measurements& run, std::optional<double> seconds) const;

 private:
  struct Histogram {
    std::map<double, double> up_to;  // observations at or under each bound
    std::optional<double> sum, count;
  };
  std::optional<double> counter(const std::string& name) const;
  std::optional<double> mean(const std::string& histogram) const;
  std::optional<double> quantile(const std::string& histogram, double share) const;
  void add_latency(std::string_view metric, std::initializer_list<const char*> names,
                   FigureList& figures) const;
  static std::optional<double> quantile(const Histogram& histogram, double share);

  std::map<std::string, double> counters_;
  std::map<std::string, Histogram> histograms_;
  std::map<std::string, double> finished_;  // requests by reason
};

// "num_requests_running" out of "vllm:num_requests_running": all that vLLM's names have in front.
std::string plain_name(std::string_view name);
// Metric of a case that a gauge of vLLM is; empty: none.
std::string gauge_metric(std::string_view plain_name);

inline constexpr std::string_view kConfigMetric = "vllm:cache_config_info";
EngineFacts engine_facts(const Labels& labels);  // of that metric

}  // namespace kvsim::validation
