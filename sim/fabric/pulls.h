// SPDX-License-Identifier: Apache-2.0
// KV on its way from one replica to another. Semantics: sim/fabric/transfers.h.
#pragma once

#include <compare>
#include <unordered_map>
#include <vector>

#include "sim/fabric/flows.h"
#include "sim/fabric/timers.h"
#include "sim/fabric/transfers.h"

namespace kvsim::sim {

class Pulls {
 public:
  Pulls(Flows& flows, const std::vector<ReplicaTransfers>& replicas);

  void submit(const Pull& pull, Nanoseconds ready);
  Nanoseconds next() const { return timers_.next(); }  // of its own; flows apart
  // Its flows that have ended at `now`, and its own timers; appends jobs in no order.
  void step(Nanoseconds now, const std::vector<FlowId>& flows, std::vector<JobId>& ended);
  bool idle() const { return under_way_.empty(); }

 private:
  struct Due {
    enum class What { kEnd, kReady } what = What::kEnd;
    std::uint64_t number = 0;
    auto operator<=>(const Due& other) const = default;
  };
  void begin(std::uint64_t number, Nanoseconds now);
  void finish(std::uint64_t number, std::vector<JobId>& ended);

  Flows& flows_;
  std::vector<std::uint32_t> server_;                  // by replica
  std::vector<double> local_rate_;                     // by replica; within its server
  std::unordered_map<std::uint64_t, Pull> under_way_;  // by number
  Timers<Due> timers_;
  std::uint64_t last_number_ = 0;
};

}  // namespace kvsim::sim
