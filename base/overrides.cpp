// SPDX-License-Identifier: Apache-2.0
#include "base/overrides.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/document_builder.h"
#include "base/text.h"

namespace kvsim {
namespace {

// Puts one override into a tree.
class Placement {
 public:
  Placement(const Override& setting, Node& root)
      : setting_(setting), origin_(std::make_shared<const std::string>(setting.given)), root_(root) {}

  void place() {
    const std::vector<std::string_view> keys = split(setting_.path, '.');
    if (keys.size() > kMaxDocumentDepth)
      refuse(fmt::format("more than {} levels deep", kMaxDocumentDepth), "shorten the path");
    Node value = parsed_value();
    Node* at = &root_;
    for (const std::string_view key : keys) {
      at = &child(*at, key);
      trail_ += (trail_.empty() ? "" : ".") + std::string(key);
    }
    *at = std::move(value);
  }

 private:
  [[noreturn]] void refuse(std::string message, std::string remedy) const {
    throw InputError({{{setting_.given}, "", std::move(message), std::move(remedy)}});
  }

  // In brackets, a line of its own keeps a comment from hiding the closing one.
  Node parsed_value() const {
    Node list;
    try {
      list = *parse_yaml("[" + setting_.value + "\n]", setting_.given).root;
    } catch (const InputError& error) {
      refuse(error.problems().back().message, "give one value, in quotes where it has brackets or commas");
    }
    if (!list.is_sequence() || list.items.size() != 1)
      refuse("found no single value", "put a list in brackets, a text with commas in quotes");
    adopt(list.items.front());
    return std::move(list.items.front());
  }

  void adopt(Node& node) const {
    node.origin = origin_;
    node.line = node.column = 0;
    for (Node& item : node.items) adopt(item);
    for (auto& [key, value] : node.members) adopt(value);
  }

  Node& child(Node& parent, std::string_view key) const {
    switch (parent.kind) {
      case Node::Kind::kSequence:
        return item(parent, key);
      case Node::Kind::kScalar:
        refuse(fmt::format("'{}' is a plain value and has no '{}'", shortened(trail_), shortened(key)),
               "name a map or a list");
      case Node::Kind::kNull:
        make_map(parent, key);
        break;
      case Node::Kind::kMap:
        break;
    }
    return member(parent, key);
  }

  Node& item(Node& list, std::string_view key) const {
    const auto index = parse_integer(key);
    if (!index || *index < 0 || *index >= std::ssize(list.items)) {
      refuse(fmt::format("the list '{}' has no item '{}'", shortened(trail_), shortened(key)),
             list.items.empty() ? "the list is empty"
                                : fmt::format("give a number from 0 to {}", list.items.size() - 1));
    }
    return list.items[static_cast<std::size_t>(*index)];
  }

  void make_map(Node& parent, std::string_view key) const {
    if (parse_integer(key))
      refuse(fmt::format("there is no list '{}'", shortened(trail_)), "name keys that the file has");
    parent.kind = Node::Kind::kMap;
    parent.origin = origin_;
    parent.line = parent.column = 0;
  }

  static Node& member(Node& map, std::string_view key) {
    const auto found = std::find_if(map.members.begin(), map.members.end(),
                                    [key](const Member& member) { return member.first == key; });
    return found != map.members.end() ? found->second
                                      : map.members.emplace_back(std::string(key), Node()).second;
  }

  const Override& setting_;
  std::shared_ptr<const std::string> origin_;
  Node& root_;
  std::string trail_;  // the path so far
};

}  // namespace

Override parse_override(const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::string path(trim(text.substr(0, equals)));
  const std::vector<std::string_view> keys = split(path, '.');
  const std::string given = "--set " + text;
  if (equals == std::string::npos || trim(std::string_view(text).substr(equals + 1)).empty())
    throw UsageError(given + ": found no value; give PATH=VALUE, such as pools.0.replicas=8");
  if (std::find(keys.begin(), keys.end(), "") != keys.end())
    throw UsageError(given + ": found an empty key; give PATH=VALUE, such as pools.0.replicas=8");
  return {given, path, text.substr(equals + 1)};
}

Document with_overrides(const Document& document, const Overrides& overrides) {
  if (overrides.empty()) return document;
  Node root = *document.root;
  Problems problems;
  for (const Override& setting : overrides) {
    try {
      Placement(setting, root).place();
    } catch (const InputError& error) {
      for (const Problem& problem : error.problems())
        problems.add(problem.where, problem.path, problem.message, problem.remedy);
    }
  }
  problems.throw_if_any();
  return {document.file, std::make_shared<const Node>(std::move(root))};
}

}  // namespace kvsim
