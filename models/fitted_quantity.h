// SPDX-License-Identifier: Apache-2.0
// The quantities of a step that profiles and tables were fitted on, and how many steps of a row lie outside.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "models/profile.h"
#include "models/step_time.h"

namespace kvsim::models {

enum class Quantity : std::uint8_t {
  kStepTokens,
  kDecodeSequences,  // of steps that have any
  kContextTokens,    // mean over the decoding sequences, of steps that have any
  // Axes of a table, of every step.
  kTablePrefillTokens,
  kTableDecodeSequences,
  kTableContextTokens,  // sum over all sequences
};
std::string_view name(Quantity quantity);  // "step_tokens", ...

struct FittedQuantity {
  Quantity quantity = Quantity::kStepTokens;
  FittedRange range;
};

// The ranges of a profile that are stated.
std::vector<FittedQuantity> fitted_quantities(const FittedRanges& ranges);

// What the quantity is over a row of `steps` steps whose first has this work, each decode's context growing
// by one token a step.
struct QuantityOfRow {
  double least = 0;
  double most = 0;
  std::uint64_t outside = 0;  // steps for which it is not within the range
};
// False where the row has no such quantity.
bool quantity_of_row(const FittedQuantity& fitted, const StepWork& work, std::uint64_t steps,
                     QuantityOfRow& row);

}  // namespace kvsim::models
