// SPDX-License-Identifier: Apache-2.0
// The entry of that name; nullptr: there is none.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

namespace kvsim::sim {

template <class T>
const T* find_named(const std::vector<T>& items, const std::string& name) {
  const auto found =
      std::find_if(items.begin(), items.end(), [&](const T& item) { return item.name == name; });
  return found == items.end() ? nullptr : &*found;
}

}  // namespace kvsim::sim
