// SPDX-License-Identifier: Apache-2.0
// One document `model: NAME`; its form is in docs/models.md.
#pragma once

#include "base/document.h"
#include "base/errors.h"
#include "base/fields.h"
#include "models/model_card.h"

namespace kvsim::models {

// Largest counts and widths a card may state; no shape within them overflows anything computed from it.
constexpr IntegerRange kLayerCount{1, 4096};
constexpr IntegerRange kHeadCount{1, 65'536};
constexpr IntegerRange kWidth{1, 1 << 20};
constexpr IntegerRange kVocabulary{1, 1 << 24};
constexpr IntegerRange kExpertCount{1, 65'536};
constexpr IntegerRange kContextTokens{1, 1'000'000'000};

// Faults and shapes that contradict themselves go to `problems`.
ModelCard read_model_card(const Document& document, Problems& problems);

// What must hold between the fields of a card, wherever it came from: heads in groups, experts enough for
// each token, layers within the model, fewer than 10^15 parameters.
void check_shape(Fields& fields, const ModelCard& card);

}  // namespace kvsim::models
