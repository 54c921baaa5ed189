// SPDX-License-Identifier: Apache-2.0
// Measured durations of single steps: the step-level CSV of kvsim probe and of engines' own logs. Columns by
// name, in any order, others are passed over; lines that start with # are notes.
//
//   n_prefill        prompt tokens that the step computes
//   n_decode         sequences that decode one token each
//   sum_context      tokens attended to, over all sequences, those of the step included
//   step_seconds     how long it took
//
// and where the file knows more (docs/probe.md):
//
//   chunk            prompt tokens of each prompt; absent: n_prefill, one prompt
//   past             tokens of each prompt that were cached before the step; absent: what sum_context leaves
//   once the
//                    decodes' context is taken off, 0 where both are unknown
//   decode_context   tokens each decode attends to; absent: what sum_context leaves
//   attention_pairs  of the prompts; absent: n_prefill x (past + (chunk + 1) / 2)
//   type             of the layers' weights and products, such as fp8; absent: as the fit is told
//   launch           graph or eager: the bare model on the device; absent: a whole engine, its planning
//   included spread           distance of the quartiles of repeated timings over the median
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/errors.h"
#include "hardware-catalog/number_type.h"
#include "models/step_time.h"

namespace kvsim::models {

// What ran around the kernels: an engine; nothing, the step replayed as one graph (no launches show, nothing
// is padded); nothing, launched kernel by kernel from Python.
enum class StepLaunch { kEngine, kGraph, kEager };

struct StepSample {
  StepWork work;
  double seconds = 0;
  double spread = 0;
  std::optional<NumberType> type;
  StepLaunch launch = StepLaunch::kEngine;
  Location where;
};

// InputError with the line of each cell that is no number or out of range, of each row whose columns
// contradict each other, and of columns that are missing.
std::vector<StepSample> load_step_samples(const std::string& path);
std::vector<StepSample> parse_step_samples(std::string_view text, const std::string& file_name);

}  // namespace kvsim::models
