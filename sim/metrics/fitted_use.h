// SPDX-License-Identifier: Apache-2.0
// What the steps of a pool asked of its step times, beside what these were fitted on.
#pragma once

#include <cstdint>
#include <vector>

#include "base/time.h"
#include "models/fitted_quantity.h"
#include "sim/metrics/observer.h"
#include "sim/metrics/quantiles.h"

namespace kvsim::sim {

// One quantity over all steps that have it. Outside: beyond the fitted range, so step times are extrapolated;
// shares are of all of the pool's steps and busy time, NaN where there were none.
struct QuantityUse {
  models::FittedQuantity fitted;
  double least = kNotANumber;  // NaN: no step had it
  double most = kNotANumber;
  std::uint64_t outside_steps = 0;
  double outside_steps_share = kNotANumber;
  double outside_busy_share = kNotANumber;
};

class FittedUse {
 public:
  explicit FittedUse(const std::vector<models::FittedQuantity>& fitted);
  // A row's time is shared out evenly over its steps.
  void on_steps(const StepRun& run);
  std::vector<QuantityUse> quantities() const;

 private:
  struct Tally {
    QuantityUse use;
    Nanoseconds outside = 0;
  };
  std::vector<Tally> tallies_;
  std::uint64_t steps_ = 0;
  Nanoseconds busy_ = 0;
};

}  // namespace kvsim::sim
