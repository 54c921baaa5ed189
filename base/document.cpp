// SPDX-License-Identifier: Apache-2.0
#include "base/document.h"

namespace kvsim {

const Node* Node::find(std::string_view key) const {
  for (const auto& [name, value] : members) {
    if (name == key) return &value;
  }
  return nullptr;
}

}  // namespace kvsim
