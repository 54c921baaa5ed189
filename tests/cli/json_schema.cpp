// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/json_schema.h"

#include <algorithm>
#include <map>
#include <regex>
#include <set>

#include "base/text.h"
#include "tests/schema_faults.h"

namespace kvsim::testing {
namespace {

using Faults = std::vector<std::string>;

struct Place {
  const Node& node;
  std::string file;  // of the schema that `schema` is from
  std::string path;
};

void hold(const Place& place, const Node& schema, Faults& faults);

bool is_number(const Node& node) {
  return node.is_scalar() && !node.quoted && parse_double(node.scalar).has_value();
}

bool is_a(const Node& node, const std::string& type) {
  if (type == "object") return node.is_map();
  if (type == "array") return node.is_sequence();
  if (type == "null") return node.is_null();
  if (!node.is_scalar()) return false;
  const bool boolean = !node.quoted && (node.scalar == "true" || node.scalar == "false");
  if (type == "boolean") return boolean;
  if (type == "number") return is_number(node);
  if (type == "integer") return !node.quoted && parse_integer(node.scalar).has_value();
  return type == "string" && !boolean && !is_number(node);
}

// Our readers take 2026 and 2026-01 for a date, and 0.19 for a version, without quotes.
bool is_one_of(const Node& node, const Node& types) {
  if (types.is_scalar()) return is_a(node, types.scalar);
  return std::any_of(types.items.begin(), types.items.end(),
                     [&](const Node& type) { return is_a(node, type.scalar); });
}

std::vector<const Node*> schemas_of_key(const Node& schema, const std::string& key) {
  std::vector<const Node*> found;
  if (const Node* properties = schema.find("properties"))
    if (const Node* own = properties->find(key)) found.push_back(own);
  if (const Node* patterns = schema.find("patternProperties"))
    for (const auto& [pattern, own] : patterns->members)
      if (std::regex_search(key, std::regex(pattern))) found.push_back(&own);
  return found;
}

void hold_members(const Place& place, const Node& schema, Faults& faults) {
  if (const Node* required = schema.find("required"))
    for (const Node& key : required->items)
      if (place.node.find(key.scalar) == nullptr)
        faults.push_back(place.path + "/" + key.scalar + " is missing");
  if (const Node* least = schema.find("minProperties"))
    if (place.node.members.size() < static_cast<std::size_t>(*parse_integer(least->scalar)))
      faults.push_back(place.path + ": too few keys");
  const Node* names = schema.find("propertyNames");
  const Node* others = schema.find("additionalProperties");
  for (const auto& [key, value] : place.node.members) {
    const Place below{value, place.file, place.path + "/" + key};
    const Node name{Node::Kind::kScalar, key, true};
    if (names != nullptr) hold({name, place.file, below.path}, *names, faults);
    const auto own = schemas_of_key(schema, key);
    for (const Node* each : own) hold(below, *each, faults);
    if (!own.empty() || others == nullptr) continue;
    if (others->is_map())
      hold(below, *others, faults);
    else if (others->scalar == "false")
      faults.push_back(below.path + " is not in the schema");
  }
}

void hold_items(const Place& place, const Node& schema, Faults& faults) {
  const auto bound = [&](const char* key, std::size_t none) {
    const Node* given = schema.find(key);
    return given == nullptr ? none : static_cast<std::size_t>(*parse_integer(given->scalar));
  };
  const std::size_t count = place.node.items.size();
  std::set<std::string> different;
  for (const Node& item : place.node.items) different.insert(item.scalar);
  if (schema.find("uniqueItems") != nullptr && different.size() < count)
    faults.push_back(place.path + ": twice the same");
  if (count < bound("minItems", 0) || count > bound("maxItems", count))
    faults.push_back(place.path + ": number of items");
  if (const Node* items = schema.find("items"))
    for (const Node& item : place.node.items) hold({item, place.file, place.path + "[]"}, *items, faults);
}

void hold_scalar(const Place& place, const Node& schema, Faults& faults) {
  const std::string& text = place.node.scalar;
  const auto limit = [&](const char* key) {
    const Node* given = schema.find(key);
    return given == nullptr ? std::nullopt : parse_double(given->scalar);
  };
  const std::string found = place.path + ": found " + text;
  if (const Node* choices = schema.find("enum"))
    if (std::none_of(choices->items.begin(), choices->items.end(),
                     [&](const Node& c) { return c.scalar == text; }))
      faults.push_back(found + ", none of the choices");
  if (const Node* only = schema.find("const"); only != nullptr && only->scalar != text)
    faults.push_back(found + ", not " + only->scalar);
  if (const Node* pattern = schema.find("pattern"); pattern != nullptr && !is_number(place.node))
    if (!std::regex_search(text, std::regex(pattern->scalar))) faults.push_back(found + ", not of the form");
  if (static_cast<double>(text.size()) < limit("minLength").value_or(0))
    faults.push_back(place.path + ": found nothing");
  if (!is_number(place.node)) return;
  const double value = *parse_double(text);
  if (value < limit("minimum").value_or(value) || value > limit("maximum").value_or(value) ||
      (limit("exclusiveMinimum") && value <= *limit("exclusiveMinimum")))
    faults.push_back(found + ", out of range");
}

Faults faults_under(const Place& place, const Node& schema) {
  Faults faults;
  hold(place, schema, faults);
  return faults;
}

void hold_alternatives(const Place& place, const Node& alternatives, std::size_t most, Faults& faults) {
  Faults of_all;
  std::size_t holding = 0;
  for (const Node& alternative : alternatives.items) {
    const Faults of_one = faults_under(place, alternative);
    holding += of_one.empty();
    of_all.insert(of_all.end(), of_one.begin(), of_one.end());
  }
  if (holding == 0) faults.push_back(place.path + ": no alternative holds: " + join(of_all, "; "));
  if (holding > most) faults.push_back(place.path + ": more than one alternative holds");
}

void hold_combined(const Place& place, const Node& schema, Faults& faults) {
  if (const Node* any = schema.find("anyOf")) hold_alternatives(place, *any, any->items.size(), faults);
  if (const Node* one = schema.find("oneOf")) hold_alternatives(place, *one, 1, faults);
  if (const Node* all = schema.find("allOf"))
    for (const Node& each : all->items) hold(place, each, faults);
  const Node* refused = schema.find("not");
  if (refused != nullptr && faults_under(place, *refused).empty())
    faults.push_back(place.path + ": is refused");
}

// "#/..." within the same file, or "other.schema.json#/...".
void hold_reference(const Place& place, const std::string& reference, Faults& faults) {
  const std::size_t hash = reference.find('#');
  const std::string file = hash == 0 ? place.file : reference.substr(0, hash);
  const Node& root = schema_root(file);
  hold({place.node, file, place.path},
       hash == std::string::npos ? root : at(root, reference.substr(hash + 2)), faults);
}

void check_keywords(const Node& schema, const std::string& file, Faults& faults) {
  static const std::vector<std::string> known = {"$schema",
                                                 "$defs",
                                                 "$ref",
                                                 "title",
                                                 "description",
                                                 "default",
                                                 "type",
                                                 "enum",
                                                 "pattern",
                                                 "properties",
                                                 "required",
                                                 "patternProperties",
                                                 "items",
                                                 "additionalProperties",
                                                 "minItems",
                                                 "maxItems",
                                                 "minLength",
                                                 "minimum",
                                                 "exclusiveMinimum",
                                                 "maximum",
                                                 "anyOf",
                                                 "oneOf",
                                                 "allOf",
                                                 "not",
                                                 "const",
                                                 "format",
                                                 "uniqueItems",
                                                 "minProperties",
                                                 "propertyNames"};
  for (const auto& [key, value] : schema.members)
    if (std::find(known.begin(), known.end(), key) == known.end())
      faults.push_back(file + ": unread keyword " + key);
}

void hold(const Place& place, const Node& schema, Faults& faults) {
  check_keywords(schema, place.file, faults);
  if (const Node* reference = schema.find("$ref")) hold_reference(place, reference->scalar, faults);
  if (const Node* type = schema.find("type"); type != nullptr && !is_one_of(place.node, *type)) {
    faults.push_back(place.path + ": another type");
    return;
  }
  hold_combined(place, schema, faults);
  if (place.node.is_map()) hold_members(place, schema, faults);
  if (place.node.is_sequence()) hold_items(place, schema, faults);
  if (place.node.is_scalar()) hold_scalar(place, schema, faults);
}

}  // namespace

const Node& schema_root(const std::string& schema) {
  static std::map<std::string, Document> read;
  const auto found = read.find(schema);
  if (found != read.end()) return *found->second.root;
  Document document = load_json(std::string(KVSIM_SOURCE_DIR) + "/schemas/" + schema);
  return *read.emplace(schema, std::move(document)).first->second.root;
}

std::vector<std::string> schema_faults(const Node& document, const std::string& schema) {
  Faults faults;
  hold({document, schema, ""}, schema_root(schema), faults);
  return faults;
}

}  // namespace kvsim::testing
