// SPDX-License-Identifier: Apache-2.0
// Ids of jobs in the order of their submission, over all replicas of a run.
#pragma once

#include <cstdint>

#include "sim/fabric/transfers.h"

namespace kvsim::sim {

class JobIds {
 public:
  static constexpr int kReplicaBits = 24;
  JobId next(std::uint32_t replica) { return ++last_ << kReplicaBits | replica; }
  static std::uint32_t replica_of(JobId id) {
    return static_cast<std::uint32_t>(id & ((JobId{1} << kReplicaBits) - 1));
  }

 private:
  std::uint64_t last_ = 0;
};

}  // namespace kvsim::sim
