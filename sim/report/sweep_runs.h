// SPDX-License-Identifier: Apache-2.0
// Runs of a sweep, kept in its folder as points/<digest>/summary.json so that none is simulated twice.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/document.h"
#include "sim/metrics/summary.h"
#include "sim/scenario/fleet.h"
#include "sim/scenario/load_fleet.h"

namespace kvsim::sim {

struct SweepRun {
  std::string fleet_digest;
  std::string trace_digest;
  std::string data_digest;  // of files that stand behind the fleet: overlays, tables; not in summary.json
  std::uint64_t seed = 1;
};

// Of files whose content the effective YAML of a fleet does not tell: those of overlays, as one text, and
// with them those that the fleet itself names.
std::string contents_of(const Overlays& overlays);
std::string digest_behind(const Fleet& fleet, const std::string& contents_of_overlays);

// Of the run and of kvsim's version: the same digest, the same figures.
std::string run_digest(const SweepRun& run);
std::string run_folder(const std::string& folder, const std::string& digest);
std::string summary_file(const std::string& folder, const std::string& digest);

// Nothing where the file is missing, not whole, or of another run.
std::shared_ptr<const Node> kept_summary(const std::string& folder, const SweepRun& run);
void keep_summary(const std::string& folder, const std::string& digest, const Summary& summary);

// The number at a dotted path of a summary, such as "latency.ttft_seconds.p99" or "pools.0.busy_fraction";
// nothing where it is unknown (null) or absent.
std::optional<double> metric_of(const Node& summary, std::string_view path);
std::string text_of(const Node& summary, std::string_view path);  // of a text or number; empty where absent
// The item of a list of the root whose `key` is `name`, such as ("pools", "name", "paris"); nullptr: there is
// none.
const Node* item_named(const Node& summary, std::string_view list, std::string_view key,
                       std::string_view name);

}  // namespace kvsim::sim
