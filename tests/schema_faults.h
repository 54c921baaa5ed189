// SPDX-License-Identifier: Apache-2.0
// What of a JSON document a schema does not allow, as far as keys go.
#pragma once

#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/document.h"

namespace kvsim::testing {

inline const Node& at(const Node& node, const std::string& path) {
  const Node* found = &node;
  std::istringstream keys(path);
  for (std::string key; std::getline(keys, key, '/');) {
    found = found->is_sequence() ? &found->items.at(std::stoul(key)) : found->find(key);
    if (found == nullptr) throw std::runtime_error("no " + path);
  }
  return *found;
}

inline const Node& resolved(const Node& schema, const Node& root) {
  const Node* reference = schema.find("$ref");
  return reference == nullptr ? schema : resolved(at(root, reference->scalar.substr(2)), root);
}

// Everything that `node` lacks of what `schema` requires, and has though the schema does not name it.
inline void check(const Node& node, const Node& schema_or_reference, const Node& root,
                  const std::string& path, std::vector<std::string>& faults) {
  const Node& schema = resolved(schema_or_reference, root);
  if (const Node* required = schema.find("required"); required != nullptr && node.is_map())
    for (const Node& key : required->items)
      if (node.find(key.scalar) == nullptr) faults.push_back(path + "/" + key.scalar + " is missing");
  const Node* properties = schema.find("properties");
  if (properties != nullptr && node.is_map())
    for (const auto& [key, value] : node.members) {
      const Node* property = properties->find(key);
      if (property == nullptr)
        faults.push_back(path + "/" + key + " is not in the schema");
      else
        check(value, *property, root, path + "/" + key, faults);
    }
  if (const Node* items = schema.find("items"); items != nullptr && node.is_sequence())
    for (const Node& item : node.items) check(item, *items, root, path + "[]", faults);
}

inline std::vector<std::string> faults_of(const Document& document, const Document& schema) {
  std::vector<std::string> faults;
  check(*document.root, *schema.root, *schema.root, "", faults);
  return faults;
}

}  // namespace kvsim::testing
