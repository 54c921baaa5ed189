// SPDX-License-Identifier: Apache-2.0
// The model of a published point: its card, and the types that it ran in.
#pragma once

#include <optional>
#include <string>

#include "hardware-catalog/catalog.h"
#include "models/memory.h"
#include "models/model_card.h"
#include "validation/serving_points/serving_point.h"

namespace kvsim::validation {

// The card of that name or alias, or of a model of the same shape; nullptr: none.
const models::ModelCard* find_card(const models::ModelLibrary& library, const std::string& published);

// Nothing: not stated, or a type that kvsim does not know. Where a command line gives the ranks but no type,
// the model ran as published; one that is published in 4 bits runs in no others. KV has 16 bits, but where
// the model's name ends with FP8-KV.
std::optional<models::Types> types_of(const ServingPoint& point, const models::ModelCard& card,
                                      const Accelerator& accelerator);

}  // namespace kvsim::validation
