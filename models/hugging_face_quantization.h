// SPDX-License-Identifier: Apache-2.0
// The `quantization_config` of a Hugging Face config.json: which types the matrices are stored in.
#pragma once

#include "base/fields.h"
#include "hardware-catalog/number_type.h"

namespace kvsim::models {

struct WeightTypes {
  NumberType linear = NumberType::kBf16;   // attention and dense or shared MLP matrices
  NumberType experts = NumberType::kBf16;  // routed experts
};

// `unquantized`: the type of what is left as it was. Where the exceptions (modules_to_not_convert, ignore,
// ...) name attention, only experts are quantised; in a dense model that is a mixture a card cannot hold, and
// a problem.
WeightTypes read_quantization(Fields& config, NumberType unquantized, bool has_experts);

}  // namespace kvsim::models
