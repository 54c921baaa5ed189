// SPDX-License-Identifier: Apache-2.0
#include "base/document.h"

namespace kvsim {

const Node* Node::find(std::string_view key) const {
  for (const auto& [name, value] : members) {
    if (name == key) return &value;
  }
  return nullptr;
}

Location Node::place_in(const std::string& file) const {
  return {origin != nullptr ? *origin : file, line, column};
}

}  // namespace kvsim
