// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>

#include "base/document_builder.h"
#include "base/files.h"
#include "base/text.h"

namespace kvsim {
namespace {

// The parser holds the tokens of a whole line or bracketed value before their first event.
constexpr std::size_t kMaxMarks = 3 * kMaxDocumentNodes;

class Events final : public YAML::EventHandler {
 public:
  explicit Events(DocumentBuilder& builder) : builder_(builder) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (mark.pos == document_start_) {  // the parser makes null documents for ever of what it cannot take in
      throw YAML::ParserException(mark, "found text that belongs to no value");
    }
    document_start_ = mark.pos;
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    builder_.null(mark.line + 1, mark.column + 1, anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    builder_.alias(anchor, mark.line + 1, mark.column + 1);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    const std::string type = core_type(mark, tag);
    if (type == "null") return OnNull(mark, anchor);
    builder_.scalar(value, tag == "!" || type == "str", mark.line + 1, mark.column + 1, anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    core_type(mark, tag);
    builder_.open_sequence(mark.line + 1, mark.column + 1, anchor);
  }
  void OnSequenceEnd() override { builder_.close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    core_type(mark, tag);
    builder_.open_map(mark.line + 1, mark.column + 1, anchor);
  }
  void OnMapEnd() override { builder_.close(); }

 private:
  // "str" of `!!str`; empty where nothing was written.
  std::string core_type(const YAML::Mark& mark, const std::string& tag) {
    constexpr std::string_view kCore = "tag:yaml.org,2002:";
    if (tag.empty() || tag == "?" || tag == "!") return "";
    const std::string type = tag.starts_with(kCore) ? tag.substr(kCore.size()) : "";
    const auto known = {"str", "int", "float", "bool", "null", "seq", "map"};
    if (std::find(known.begin(), known.end(), type) == known.end()) {
      builder_.problem(mark.line + 1, mark.column + 1, fmt::format("found the tag '{}'", shortened(tag)),
                       "remove the tag");
    }
    return type;
  }

  DocumentBuilder& builder_;
  int document_start_ = -1;
};

bool indents_with_tab(std::string_view text, int line) {
  for (int skipped = 0; skipped < line; ++skipped) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return false;
    text.remove_prefix(end + 1);
  }
  const std::size_t tab = text.find_first_not_of(' ');
  return tab != std::string_view::npos && text[tab] == '\t';
}

void report_syntax(DocumentBuilder& builder, std::string_view text, const YAML::Exception& error) {
  const bool tab = indents_with_tab(text, error.mark.line);
  builder.problem(error.mark.line + 1, error.mark.column + 1,
                  tab ? "found a tab in the indentation" : "not valid YAML: " + error.msg,
                  tab ? "indent with spaces" : "correct the syntax at or above this place");
}

void refuse_too_many_marks(std::string_view text, const std::string& file_name) {
  const auto is_mark = [](char c) {
    return std::string_view("[]{},:&*!'\"").find(c) != std::string_view::npos;
  };
  if (static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_mark)) <= kMaxMarks) return;
  throw InputError({{{file_name},
                     "",
                     fmt::format("more than {} brackets, commas, colons, quotes and anchors", kMaxMarks),
                     "split the file"}});
}

}  // namespace

std::vector<Document> parse_yaml_documents(std::string_view bytes, const std::string& file_name) {
  const std::string_view text = checked_text(bytes, file_name);
  refuse_too_many_marks(text, file_name);
  DocumentBuilder builder(file_name, true);
  Events events(builder);
  std::vector<Document> documents;
  try {
    std::istringstream input{std::string(text)};
    YAML::Parser parser(input);
    while (parser.HandleNextDocument(events)) {
      Node root = builder.take_root();
      if (root.is_null()) continue;
      documents.push_back({file_name, std::make_shared<const Node>(std::move(root))});
    }
  } catch (const YAML::Exception& error) {
    report_syntax(builder, text, error);
  }
  builder.throw_if_any();
  if (documents.empty())
    throw InputError({{{file_name}, "", "the file holds no value", "write its content"}});
  return documents;
}

Document parse_yaml(std::string_view text, const std::string& file_name) {
  std::vector<Document> documents = parse_yaml_documents(text, file_name);
  if (documents.size() > 1) {
    throw InputError({{{file_name, documents[1].root->line, documents[1].root->column},
                       "",
                       fmt::format("found {} documents", documents.size()),
                       "keep one"}});
  }
  return documents.front();
}

Document load_yaml(const std::string& path) { return parse_yaml(read_file(path, kMaxDocumentBytes), path); }

std::vector<Document> load_yaml_documents(const std::string& path) {
  return parse_yaml_documents(read_file(path, kMaxDocumentBytes), path);
}

}  // namespace kvsim
