// SPDX-License-Identifier: Apache-2.0
#include "base/document_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace kvsim {
namespace {

struct Extent {
  std::size_t nodes = 0, bytes = 0;
};

void measure(const Node& node, Extent& extent) {
  ++extent.nodes;
  extent.bytes += node.scalar.size();
  for (const Node& item : node.items) measure(item, extent);
  for (const auto& [key, value] : node.members) {
    extent.bytes += key.size();
    measure(value, extent);
  }
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
}

void refuse_unless_text(std::string_view line, const Location& where) {
  for (const char c : line) {
    if (is_control(c)) {
      throw InputError(
          {{where, "", fmt::format("found the control byte 0x{:02x}", c), "give a text file in UTF-8"}});
    }
  }
  if (!is_utf8(line))
    throw InputError({{where, "", "found bytes that are not UTF-8", "save the file as UTF-8"}});
}

}  // namespace

std::string_view checked_text(std::string_view bytes, const std::string& file_name) {
  if (bytes.size() > kMaxDocumentBytes) {
    throw InputError({{{file_name}, "", "larger than 64 MiB", "split the file"}});
  }
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  int line = 1;
  for (std::string_view rest = bytes; !rest.empty(); ++line) {
    const std::string_view text = rest.substr(0, rest.find('\n'));
    refuse_unless_text(text, {file_name, line});
    rest.remove_prefix(std::min(rest.size(), text.size() + 1));
  }
  if (trim(bytes).empty()) throw InputError({{{file_name}, "", "the file is empty", "write its content"}});
  return bytes;
}

void DocumentBuilder::null(int line, int column, std::size_t anchor) {
  Node node;
  node.line = line;
  node.column = column;
  charge(node, 1, 0);
  finish({std::move(node)}, anchor);
}

void DocumentBuilder::scalar(std::string text, bool quoted, int line, int column, std::size_t anchor) {
  Node node{Node::Kind::kScalar, std::move(text), quoted, line, column, {}, {}};
  charge(node, 1, node.scalar.size());
  if (node.scalar.find('\0') != std::string::npos) {
    problem(line, column, "found a NUL character", "remove the escape \\0 or \\u0000");
  }
  finish({std::move(node)}, anchor);
}

void DocumentBuilder::open_sequence(int line, int column, std::size_t anchor) {
  open({Node::Kind::kSequence, "", false, line, column, {}, {}}, anchor);
}

void DocumentBuilder::open_map(int line, int column, std::size_t anchor) {
  open({Node::Kind::kMap, "", false, line, column, {}, {}}, anchor);
}

void DocumentBuilder::open(Node node, std::size_t anchor) {
  charge(node, 1, 0);
  if (open_.size() >= kMaxDocumentDepth) {
    problem(node.line, node.column, fmt::format("nested more than {} levels deep", kMaxDocumentDepth),
            "flatten the file");
    throw_if_any();
  }
  OpenNode opened;
  opened.value.node = std::move(node);
  opened.anchor = anchor;
  open_.push_back(std::move(opened));
}

void DocumentBuilder::close() {
  OpenNode closed = std::move(open_.back());
  open_.pop_back();
  add_merged(closed);
  finish(std::move(closed.value), closed.anchor);
}

void DocumentBuilder::alias(std::size_t anchor, int line, int column) {
  const auto found = anchors_.find(anchor);
  if (found == anchors_.end()) {
    problem(line, column, "found an alias inside the very value it stands for",
            "name a value that is complete");
    return null(line, column);
  }
  const Sized& value = found->second;
  Extent extent;
  measure(value.node, extent);
  charge(value.node, extent.nodes, extent.bytes);
  if (open_.size() + value.depth > kMaxDocumentDepth) {
    problem(line, column, fmt::format("aliases nested more than {} levels deep", kMaxDocumentDepth),
            "flatten the file");
    throw_if_any();
  }
  put(value);
}

void DocumentBuilder::problem(int line, int column, std::string message, std::string remedy) {
  problems_.add({file_, line, column}, "", std::move(message), std::move(remedy));
}

Node DocumentBuilder::take_root() {
  anchors_.clear();
  return std::exchange(root_, Node());
}

void DocumentBuilder::finish(Sized value, std::size_t anchor) {
  if (anchor != 0) {
    Extent extent;
    measure(value.node, extent);
    charge(value.node, extent.nodes, extent.bytes);
    anchors_.insert_or_assign(anchor, value);
  }
  put(std::move(value));
}

void DocumentBuilder::put(Sized value) {
  if (open_.empty()) {
    root_ = std::move(value.node);
    return;
  }
  OpenNode& parent = open_.back();
  parent.value.depth = std::max(parent.value.depth, value.depth + 1);
  if (parent.value.node.is_sequence()) {
    parent.value.node.items.push_back(std::move(value.node));
    return;
  }
  parent.awaits_key ? put_key(parent, std::move(value.node)) : put_value(parent, std::move(value.node));
  parent.awaits_key = !parent.awaits_key;
}

void DocumentBuilder::put_key(OpenNode& map, Node key) {
  if (!key.is_scalar()) {
    problem(key.line, key.column, key.is_null() ? "found an empty key" : "found a key that is not plain text",
            "write a name before the colon");
  }
  map.key_merges = merge_keys_ && !key.quoted && key.scalar == "<<";
  map.key = std::move(key.scalar);
  const auto [first, is_new] = map.key_lines.emplace(map.key, key.line);
  if (!is_new) {
    problem(key.line, key.column,
            fmt::format("key '{}' was given on line {} already", shortened(map.key), first->second),
            "keep one of the two");
  }
}

void DocumentBuilder::put_value(OpenNode& map, Node value) {
  if (map.key_merges) {
    map.merged.push_back(std::move(value));
  } else {
    map.value.node.members.emplace_back(std::move(map.key), std::move(value));
  }
}

void DocumentBuilder::add_merged(OpenNode& map) {
  for (Node& source : map.merged) {
    if (!source.is_sequence()) {
      merge_from(map, std::move(source));
      continue;
    }
    for (Node& item : source.items) merge_from(map, std::move(item));
  }
}

void DocumentBuilder::merge_from(OpenNode& map, Node source) {
  if (!source.is_map()) {
    problem(source.line, source.column, "found no map to merge", "give `<<` a map or a list of maps");
  }
  for (auto& [key, value] : source.members) {
    if (map.key_lines.emplace(key, value.line).second)
      map.value.node.members.emplace_back(key, std::move(value));
  }
}

void DocumentBuilder::charge(const Node& node, std::size_t nodes, std::size_t bytes) {
  nodes_ += nodes;
  bytes_ += bytes;
  if (nodes_ <= kMaxDocumentNodes && bytes_ <= kMaxDocumentBytes) return;
  problem(node.line, node.column,
          fmt::format("more than {} values or 64 MiB of text, aliases expanded", kMaxDocumentNodes),
          "split the file or use fewer aliases");
  throw_if_any();
}

}  // namespace kvsim
