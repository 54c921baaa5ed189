// SPDX-License-Identifier: Apache-2.0
// Names of the entries of a list in a fleet YAML.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/fields.h"
#include "hardware-catalog/named.h"

namespace kvsim::sim {

// The `name` of an entry, which must be new among `items`.
template <class T>
std::string unique_name(Fields& entry, const std::vector<T>& items) {
  const std::string name = entry.text("name");
  const std::vector<std::string> names = names_of(items);
  if (name.empty() && entry.has("name")) entry.problem("name", "found an empty name", "give a name");
  if (!name.empty() && std::find(names.begin(), names.end(), name) != names.end()) {
    entry.problem("name", fmt::format("'{}' stands here a second time", name),
                  "give each entry its own name");
  }
  return name;
}

}  // namespace kvsim::sim
