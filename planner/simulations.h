// SPDX-License-Identifier: Apache-2.0
// Runs of fleets, kept by content so that none is simulated twice, by whichever plan.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/document.h"
#include "planner/workers.h"
#include "sim/report/sweep_runs.h"
#include "sim/scenario/fleet.h"
#include "sim/scenario/load_fleet.h"
#include "traces/open_trace.h"

namespace kvsim::planner {

struct WantedRun {
  std::shared_ptr<const sim::Fleet> fleet;
  std::string said;  // tells the fleet from others of the same YAML: drawn pools
  std::string trace;
  traces::TraceOptions reading;
  Nanoseconds stop_at = kNever;  // arrivals after this are not taken
};

struct RunAnswer {
  std::shared_ptr<const Node> summary;  // root of summary.json; nullptr: `failure` tells why
  std::string digest;                   // its folder in the store
  Failure failure;
};

// Digest of what stands behind the fleets beside their YAML: profiles, overlays.
std::string data_behind(const sim::FleetInputs& inputs, const sim::Overlays& overlays);

class Simulations {
 public:
  // `store`: a folder with points/<digest>/summary.json; made where it is missing. `data`: data_behind().
  Simulations(Workers& workers, std::string store, std::string data);

  // By index. What the store holds is read, the rest is simulated, and kept as each run ends.
  std::vector<RunAnswer> run(const std::vector<WantedRun>& wanted, const std::string& what);

  std::uint64_t simulated() const { return simulated_; }
  std::uint64_t found() const { return found_; }  // in the store
  const std::string& store() const { return store_; }

 private:
  sim::SweepRun key_of(const WantedRun& run);
  RunAnswer kept(const WantedRun& run);
  std::vector<std::size_t> missing(const std::vector<RunAnswer>& answers);
  std::vector<Answer> simulate(const std::vector<WantedRun>& wanted, const std::vector<RunAnswer>& answers,
                               const std::vector<std::size_t>& tasks, const std::string& what);
  std::string simulate(const WantedRun& run, const std::string& digest) const;

  Workers& workers_;
  std::string store_;
  std::string data_;
  std::map<std::string, std::uint64_t> traces_;  // digests of their content: they are read once
  std::uint64_t simulated_ = 0;
  std::uint64_t found_ = 0;
};

}  // namespace kvsim::planner
