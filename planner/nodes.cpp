// SPDX-License-Identifier: Apache-2.0
#include "planner/nodes.h"

#include <algorithm>

#include "base/text.h"
#include "sim/scenario/yaml_text.h"

namespace kvsim::planner {
namespace {

bool is_safe(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_./+-").find(c) != std::string_view::npos;
}

std::string scalar_text(const Node& node) {
  const bool stays_plain =
      !node.quoted && !node.scalar.empty() && std::all_of(node.scalar.begin(), node.scalar.end(), is_safe);
  return stays_plain ? node.scalar : sim::yaml_text(node.scalar);
}

}  // namespace

Node text_node(std::string text) {
  Node node;
  node.kind = Node::Kind::kScalar;
  node.scalar = std::move(text);
  node.quoted = true;
  return node;
}

Node number_node(double value) {
  Node node = text_node(sim::yaml_number(value));
  node.quoted = false;
  return node;
}

Node list_node(std::vector<Node> items) {
  Node node;
  node.kind = Node::Kind::kSequence;
  node.items = std::move(items);
  return node;
}

Node empty_map(const Node& place) {
  Node node;
  node.kind = Node::Kind::kMap;
  node.line = place.line;
  node.column = place.column;
  node.origin = place.origin;
  return node;
}

void put(Node& map, std::string_view key, Node value) {
  const auto found = std::find_if(map.members.begin(), map.members.end(),
                                  [&](const Member& member) { return member.first == key; });
  if (found != map.members.end())
    found->second = std::move(value);
  else
    map.members.emplace_back(std::string(key), std::move(value));
}

void put_unless_null(Node& map, std::string_view key, const Node& value) {
  if (!value.is_null()) put(map, key, value);
}

Node with_keys(const Node& map, const std::vector<std::string>& keys) {
  Node kept = empty_map(map);
  for (const Member& member : map.members)
    if (std::find(keys.begin(), keys.end(), member.first) != keys.end()) kept.members.push_back(member);
  return kept;
}

Node without_key(const Node& map, std::string_view key) {
  Node kept = empty_map(map);
  for (const Member& member : map.members)
    if (member.first != key) kept.members.push_back(member);
  return kept;
}

std::string text_of(const Node& map, std::string_view key) {
  const Node* value = map.find(key);
  return value == nullptr ? "" : value->scalar;
}

std::string flow_text(const Node& node) {
  std::vector<std::string> parts;
  switch (node.kind) {
    case Node::Kind::kNull:
      return "null";
    case Node::Kind::kScalar:
      return scalar_text(node);
    case Node::Kind::kSequence:
      for (const Node& item : node.items) parts.push_back(flow_text(item));
      return "[" + join(parts, ", ") + "]";
    case Node::Kind::kMap:
      for (const auto& [key, value] : node.members)
        parts.push_back(sim::yaml_text(key) + ": " + flow_text(value));
      return "{" + join(parts, ", ") + "}";
  }
  return {};
}

}  // namespace kvsim::planner
