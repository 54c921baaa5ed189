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

// Mean time between two tokens of a sequence while `batch` of them decode in the mean, at I + (O + 1) / 2
// tokens of context, and each that ends after its O - 1 steps is followed by a prompt. With d the step of the
// decodes (a whole number of them, at least one), m the one that carries k prompts as well, a = batch / (O -
// 1) prompts come for each step, k is a as a whole number, at least 1, and the time is d + a / k x (m - d). O
// >= 2.
double steady_step_seconds(const models::StepTimeModel& model, const PointShape& shape, double batch);

// Output tokens come in O at a time for each O - 1 steps: the time for each, (O - 1) / O x step / batch.
double steady_token_seconds(const models::StepTimeModel& model, const PointShape& shape, double batch);

}  // namespace kvsim::validation
