// SPDX-License-Identifier: Apache-2.0
// Things that carry a name and perhaps aliases, gathered from layers of files: each overlay replaces what it
// names again.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/errors.h"
#include "base/fields.h"
#include "base/text.h"

namespace kvsim {

// Reads `key` (the name itself) and `aliases` of one document; each 1 to 200 letters, digits or . _ - / + :
std::string read_name(Fields& fields, std::string_view key);
std::vector<std::string> read_aliases(Fields& fields);

// By name or alias, without case; nullptr when unknown.
template <class T>
const T* find_named(const std::vector<T>& items, std::string_view wanted) {
  const std::string key = lower(wanted);
  const auto is_wanted = [&](const std::string& text) { return lower(text) == key; };
  for (const T& item : items) {
    if (is_wanted(item.name) || std::any_of(item.aliases.begin(), item.aliases.end(), is_wanted))
      return &item;
  }
  return nullptr;
}

template <class T>
std::vector<std::string> names_of(const std::vector<T>& items) {
  std::vector<std::string> names;
  for (const T& item : items) names.push_back(item.name);
  return names;
}

template <class T>
class NamedLayers {
 public:
  // A later layer replaces an earlier one's item of the same name; twice in one layer is a problem.
  void add(T item, Location where, int layer, Problems& problems) {
    const std::string key = lower(item.name);
    const auto found = items_.find(key);
    if (found != items_.end() && found->second.layer == layer) {
      problems.add(where, "", "'" + item.name + "' is given twice, first in " + found->second.where.file,
                   "remove one of them");
      return;
    }
    items_.insert_or_assign(key, Placed{std::move(item), std::move(where), layer});
  }

  // All of them by name. An alias that names two things is a problem.
  std::vector<T> take(Problems& problems) {
    if constexpr (requires(T item) { item.aliases; }) check_aliases(problems);
    std::vector<T> items;
    for (auto& [key, placed] : items_) items.push_back(std::move(placed.item));
    return items;
  }

 private:
  struct Placed {
    T item;
    Location where;
    int layer;
  };

  void check_aliases(Problems& problems) const {
    std::map<std::string, std::string> owners;
    for (const auto& [key, placed] : items_) owners.emplace(key, placed.item.name);
    for (const auto& [key, placed] : items_) {
      for (const std::string& alias : placed.item.aliases) {
        const auto [owner, is_new] = owners.emplace(lower(alias), placed.item.name);
        if (is_new) continue;
        problems.add(
            placed.where, "aliases",
            "alias '" + alias + "' of '" + placed.item.name + "' already names '" + owner->second + "'",
            "remove it from one of them");
      }
    }
  }

  std::map<std::string, Placed> items_;
};

}  // namespace kvsim
