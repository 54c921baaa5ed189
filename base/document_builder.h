// SPDX-License-Identifier: Apache-2.0
// Grows a tree of Nodes from a parser's events, whatever the format, and holds the bounds of document.h:
// nodes, text, depth, one value a key. Internal to the readers of document.h.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/document.h"

namespace kvsim {

constexpr std::size_t kMaxDocumentBytes = 64ull << 20;  // of a file, and of all scalars after expansion
constexpr std::size_t kMaxDocumentNodes = 2'000'000;
constexpr std::size_t kMaxDocumentDepth = 200;

// The text to parse: without byte order mark. InputError for too large or empty text, and for anything that
// is not UTF-8 text (binary files, other encodings), with the line.
std::string_view checked_text(std::string_view bytes, const std::string& file_name);

// Problems that leave the rest readable are collected for `throw_if_any`; a bound that is passed throws at
// once. `anchor` names a value for later `alias` calls; 0: no name.
class DocumentBuilder {
 public:
  DocumentBuilder(std::string file, bool merge_keys) : file_(std::move(file)), merge_keys_(merge_keys) {}

  void null(int line, int column, std::size_t anchor = 0);
  void scalar(std::string text, bool quoted, int line, int column, std::size_t anchor = 0);
  void open_sequence(int line, int column, std::size_t anchor = 0);
  void open_map(int line, int column, std::size_t anchor = 0);
  void close();
  void alias(std::size_t anchor, int line, int column);

  void problem(int line, int column, std::string message, std::string remedy);
  void throw_if_any() const { problems_.throw_if_any(); }
  Node take_root();  // the finished document; its anchors are forgotten

 private:
  struct Sized {
    Node node;
    std::size_t depth = 1;  // levels, itself included
  };
  struct OpenNode {
    Sized value;
    std::size_t anchor = 0;
    std::string key;  // of a map: the key whose value comes next
    bool awaits_key = true;
    bool key_merges = false;
    std::map<std::string, int, std::less<>> key_lines;
    std::vector<Node> merged;
  };

  void open(Node node, std::size_t anchor);
  void finish(Sized value, std::size_t anchor);
  void put(Sized value);
  void put_key(OpenNode& map, Node key);
  void put_value(OpenNode& map, Node value);
  void add_merged(OpenNode& map);
  void merge_from(OpenNode& map, Node source);
  void charge(const Node& node, std::size_t nodes, std::size_t bytes);

  std::string file_;
  bool merge_keys_;  // YAML's `<<`
  Problems problems_;
  std::vector<OpenNode> open_;
  std::map<std::size_t, Sized> anchors_;
  Node root_;
  std::size_t nodes_ = 0, bytes_ = 0;
};

}  // namespace kvsim
