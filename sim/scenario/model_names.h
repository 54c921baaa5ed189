// SPDX-License-Identifier: Apache-2.0
// Whether a model is meant by a name that somebody uses: its own or an alias, whatever the case.
#pragma once

#include <algorithm>
#include <string>

#include "base/text.h"
#include "models/model_card.h"

namespace kvsim::sim {

inline bool is_called(const models::ModelCard& card, const std::string& name) {
  const std::string wanted = lower(name);
  return lower(card.name) == wanted ||
         std::any_of(card.aliases.begin(), card.aliases.end(),
                     [&](const std::string& alias) { return lower(alias) == wanted; });
}

}  // namespace kvsim::sim
