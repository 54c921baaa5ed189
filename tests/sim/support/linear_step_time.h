// SPDX-License-Identifier: Apache-2.0
// A step-time model with plain numbers, for closed forms.
#pragma once

#include <algorithm>
#include <cmath>

#include "models/step_time.h"

namespace kvsim::testing {

struct LinearStepTime final : models::StepTimeModel {
  double step_seconds = 0.01;
  double prefill_token_seconds = 1e-5;
  double decode_seconds = 1e-4;
  double context_token_seconds = 1e-8;
  std::uint64_t piece_steps =
      std::numeric_limits<std::uint64_t>::max();  // lines hold for so many steps at most

  models::StepCost cost(const models::StepWork& work) const override {
    models::StepCost cost;
    const double decodes = static_cast<double>(work.decode_sequences);
    cost.seconds.first = step_seconds + prefill_token_seconds * static_cast<double>(work.prefill_tokens) +
                         decode_seconds * decodes + context_token_seconds * work.decode_context_tokens;
    cost.seconds.growth = context_token_seconds * decodes;
    cost.ideal_compute_seconds = {cost.seconds.first / 2, 0};
    cost.ideal_memory_seconds = {cost.seconds.first / 4, cost.seconds.growth / 4};
    cost.steps = piece_steps;
    return cost;
  }
};

}  // namespace kvsim::testing
