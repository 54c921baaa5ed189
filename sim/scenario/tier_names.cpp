// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/tier_names.h"

#include <algorithm>

namespace kvsim::sim {
namespace {

template <class Choice>  // the names are in the order of the enumerators
Choice chosen(const std::vector<std::string>& names, std::string_view wanted) {
  return static_cast<Choice>(std::find(names.begin(), names.end(), wanted) - names.begin());
}

}  // namespace

const std::vector<std::string>& evictor_names() {
  static const std::vector<std::string> names{"nobody", "evictor", "store"};
  return names;
}
StorageEviction::By evictor(std::string_view name) {
  return chosen<StorageEviction::By>(evictor_names(), name);
}
const std::string& name(StorageEviction::By by) { return evictor_names()[static_cast<std::size_t>(by)]; }

const std::vector<std::string>& retention_names() {
  static const std::vector<std::string> names{"write", "last-use"};
  return names;
}
RetentionSince retention_since(std::string_view name) {
  return chosen<RetentionSince>(retention_names(), name);
}
const std::string& name(RetentionSince since) { return retention_names()[static_cast<std::size_t>(since)]; }

}  // namespace kvsim::sim
