// SPDX-License-Identifier: Apache-2.0
// Closed forms of serving out of step times alone: no queue, no frontend, no router. All requests have I
// tokens in and O out (rounded to whole ones, at least 1); steps of prompts hold as many whole ones as 8192
// tokens allow, at least one.
#pragma once

#include <cstdint>

#include "models/step_time.h"

namespace kvsim::validation {

struct PointShape {
  std::uint64_t input_tokens = 1;
  std::uint64_t output_tokens = 1;
};

// `batch` prompts, nothing else in the steps: until the last first token.
double prefill_seconds(const models::StepTimeModel& model, const PointShape& shape, std::uint64_t batch);

// Prompts first, then O - 1 steps that decode all of them.
double static_batch_seconds(const models::StepTimeModel& model, const PointShape& shape, std::uint64_t batch);

// Mean time between two tokens of a sequence while `batch` sequences decode, at I + (O + 1) / 2 tokens of
// context in the mean, and each one that ends is followed by a prompt: d + (batch / O) / k x (m - d), with d
// the step that decodes, m the one that carries k prompts as well, and k the next whole number to batch / O,
// at least 1.
double steady_step_seconds(const models::StepTimeModel& model, const PointShape& shape, std::uint64_t batch);

}  // namespace kvsim::validation
