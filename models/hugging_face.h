// SPDX-License-Identifier: Apache-2.0
// Hugging Face config.json -> model card. Keys: transformers' configuration classes of each `model_type`.
#pragma once

#include <string>

#include "base/document.h"
#include "base/errors.h"
#include "models/model_card.h"

namespace kvsim::models {

// As card_from_hugging_face, with faults to `problems`.
ModelCard read_hugging_face(const Document& config, const std::string& name, Problems& problems);

}  // namespace kvsim::models
