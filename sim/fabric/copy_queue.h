// SPDX-License-Identifier: Apache-2.0
// GPU-host copies of one replica in one direction: first in, first out, one at a time.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "sim/fabric/durations.h"
#include "sim/kv/tier_settings.h"

namespace kvsim::sim {

class CopyQueue {
 public:
  CopyQueue(const CopyCurve& curve, const KvTierSettings& tiers) : block_bytes_(tiers.block_bytes) {
    if (tiers.copy_bytes <= 0) return;
    const double rank_bytes = tiers.block_bytes / tiers.ranks;
    const double copies = std::ceil(rank_bytes / tiers.copy_bytes - 1e-9);  // the last one may be shorter
    block_seconds_ = copies * curve.fixed_seconds + rank_bytes / curve.bytes_per_second;
  }

  // When a copy ends that may begin at `ready`.
  Nanoseconds push(std::uint64_t blocks, Nanoseconds ready) {
    copied_bytes_ += static_cast<double>(blocks) * block_bytes_;
    free_ = later(std::max(ready, free_), static_cast<double>(blocks) * block_seconds_);
    return free_;
  }
  double copied_bytes() const { return copied_bytes_; }

 private:
  double block_bytes_;
  double block_seconds_ = 0;
  Nanoseconds free_ = 0;
  double copied_bytes_ = 0;
};

}  // namespace kvsim::sim
