// SPDX-License-Identifier: Apache-2.0
// Up to which saturation of the pool a band may send (llm-d-router's usage-limit policies). Of N bands, the
// one of rank i (0: the most important) is shut while saturation >= its ceiling:
//   static-usage-limit-policy       threshold, the same for all
//   priority-holdback-policy        maxCeiling - i * (maxCeiling - minCeiling) / (N - 1)
//   soft-reflective-ceiling-policy  1 - i * saturation / (N - 1); from its ceiling up to saturation 1 a band
//                                   is not shut but open in a share of the cycles that equals its ceiling
//                                   [K: the duty cycle]: it opens whenever the shares of the cycles that
//                                   asked have added up to one more
// One band alone is of rank 0.
#pragma once

#include <cstddef>
#include <memory>

#include "sim/scenario/router_settings.h"

namespace kvsim::sim {

class UsageLimitPolicy {
 public:
  virtual ~UsageLimitPolicy() = default;
  virtual double ceiling(std::size_t rank, std::size_t bands, double saturation) const = 0;
  // Whether the band may send in this cycle. Asked once a cycle.
  virtual bool opens(std::size_t rank, std::size_t bands, double saturation) {
    return !stays_shut(rank, bands, saturation);
  }
  // Whether it may not in any cycle as long as saturation stays what it is.
  virtual bool stays_shut(std::size_t rank, std::size_t bands, double saturation) const {
    return saturation >= ceiling(rank, bands, saturation);
  }
};

// InputError where the plugin is no usage-limit policy.
std::unique_ptr<UsageLimitPolicy> make_usage_limit(const PluginSettings& plugin);

}  // namespace kvsim::sim
