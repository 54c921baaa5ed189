// SPDX-License-Identifier: Apache-2.0
// Workloads that are described instead of recorded: our own YAML (`kind: generate`, `kind: population`;
// strict) and inference-perf configurations (foreign, lenient: what is not modelled comes back from
// Source::notes()). An inference-perf configuration may stand at the root, under `workload.<name>:` or under
// `workload: {<name>: ...}`; `path.yaml#name` picks one of several
// (of a population: its case, low, mid or high). docs/workloads.md lists every key with
// its default.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/overrides.h"
#include "traces/source.h"

namespace kvsim::traces {

struct WorkloadPlace {
  std::string path;
  std::string name;  // of one workload among several; may be empty
};
WorkloadPlace workload_place(const std::string& yaml_path);

// True where the name ends in .yaml or .yml (with or without `#name`); no trace format is named so.
bool is_workload_yaml(const std::string& yaml_path);

// Same (file, seed), same requests. Files that a workload names (length tables, traces) are found relative to
// it. InputError with every problem of the file. `rate_scale` is a factor on every rate of arrivals and
// number of closed-loop clients; an inference-perf configuration has none (InputError).
std::unique_ptr<Source> open_workload(const std::string& yaml_path, std::uint64_t seed,
                                      const Overrides& overrides = {}, double rate_scale = 1);

}  // namespace kvsim::traces
