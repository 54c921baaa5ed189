// SPDX-License-Identifier: Apache-2.0
// A YAML or JSON file as a plain tree with places, whatever library parsed it. Aliases and merge keys are
// expanded with a bound on nodes (alias bombs are refused), duplicate keys are reported, encodings other than
// UTF-8 refused.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/errors.h"

namespace kvsim {

struct Member;

struct Node {
  enum class Kind { kNull, kScalar, kSequence, kMap };
  Kind kind = Kind::kNull;
  std::string scalar;   // text as written, unquoted
  bool quoted = false;  // "12" is text, 12 a number
  int line = 0;         // 1-based; 0 where the parser does not know
  int column = 0;
  std::vector<Node> items;                         // sequence
  std::vector<Member> members;                     // map, in file order
  std::shared_ptr<const std::string> origin = {};  // what errors name in place of the document's file, if set

  bool is_null() const { return kind == Kind::kNull; }
  bool is_scalar() const { return kind == Kind::kScalar; }
  bool is_sequence() const { return kind == Kind::kSequence; }
  bool is_map() const { return kind == Kind::kMap; }
  const Node* find(std::string_view key) const;  // nullptr when absent or not a map
  Location place_in(const std::string& file) const;
};

struct Member {  // of a map
  Member(std::string key, Node value) : first(std::move(key)), second(std::move(value)) {}
  std::string first;
  Node second;
};

struct Document {
  std::string file;  // as the user named it
  std::shared_ptr<const Node> root;
};

// Bounds on hostile files: 64 MiB of text, 2,000,000 nodes after expansion, 200 levels.
// Each throws InputError; a multi-document YAML yields one Document for each.
Document load_yaml(const std::string& path);
std::vector<Document> load_yaml_documents(const std::string& path);
Document parse_yaml(std::string_view text, const std::string& file_name);
std::vector<Document> parse_yaml_documents(std::string_view text, const std::string& file_name);
Document load_json(const std::string& path);
Document parse_json(std::string_view text, const std::string& file_name);

}  // namespace kvsim
