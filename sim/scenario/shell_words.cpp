// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/shell_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace kvsim::sim {
namespace {

constexpr std::size_t kLargestScriptBytes = 1 << 20;  // before and after expansion
constexpr int kDeepestNesting = 50;

bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_name_part(char c) { return is_name_start(c) || (c >= '0' && c <= '9'); }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }
bool is_separator(char c) { return std::string_view("\n;&|()").find(c) != std::string_view::npos; }

struct Value {
  std::vector<std::string> words;  // one for a plain variable, several for an array
  std::vector<std::string> missing;
  friend bool operator==(const Value&, const Value&) = default;
};

class Shell {
 public:
  Shell(std::string_view script, std::string file, int line, Variables& variables,
        const std::map<std::string, std::string>& environment)
      : script_(script), file_(std::move(file)), line_(line), given_(variables) {
    for (const auto& [name, value] : environment) values_[name] = {{value}, {}};
    if (script.size() > kLargestScriptBytes)
      fail("the script is larger than 1 MiB", "give the part with vllm serve");
  }

  std::vector<Command> commands() {
    std::vector<Command> all;
    while (at_ < script_.size()) {
      Words words = read_command();
      if (!words.empty()) all.push_back({std::move(words), hash_seed()});
    }
    return all;
  }

 private:
  [[noreturn]] void fail(const std::string& message, const std::string& remedy) const {
    Problems problems;
    problems.add({file_, line_, 0}, "", message, remedy);
    throw InputError(problems.all());
  }

  bool at_end() const { return at_ >= script_.size(); }
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < script_.size() ? script_[at_ + ahead] : '\0';
  }
  char next() {
    const char c = script_[at_++];
    if (c == '\n') ++line_;
    return c;
  }

  std::optional<Word> hash_seed() {
    const std::string name = "PYTHONHASHSEED";
    if (given_.find(name) == nullptr && !values_.contains(name)) return {};
    const Value value = lookup(name);
    return Word{value.words.empty() ? "" : value.words.front(), line_, value.missing};
  }

  Words read_command() {
    Words words;
    bool may_assign = true;
    while (!at_end()) {
      const char c = peek();
      if (c == '\\' && peek(1) == '\n') {
        next();
        next();
      } else if (is_blank(c)) {
        next();
      } else if (c == '#') {
        while (!at_end() && peek() != '\n') next();
      } else if (is_separator(c)) {
        end_line(next());
        break;
      } else if (c == '<' || c == '>') {
        drop_descriptor(words);
        skip_redirection();
      } else if (may_assign && read_assignment()) {
        continue;
      } else {
        read_words(words);
        may_assign = !words.empty() && is_prefix(words.back().text);
        track_branch(words);
      }
    }
    std::erase_if(words, [](const Word& word) { return is_keyword(word.text); });
    return words;
  }

  static bool is_keyword(const std::string& word) {
    static const std::set<std::string> kWords{"if",   "then",  "else", "elif", "fi", "do",
                                              "done", "while", "{",    "}",    "!",  "until"};
    return kWords.contains(word);
  }
  static bool is_prefix(const std::string& word) {
    static const std::set<std::string> kWords{"export", "local", "readonly", "declare", "env"};
    return kWords.contains(word) || is_keyword(word);
  }

  void track_branch(const Words& words) {
    if (words.empty()) return;
    const std::string& word = words.back().text;
    if (words.size() > 1 && !is_keyword(words[words.size() - 2].text)) return;
    if (word == "if" || word == "case" || word == "for" || word == "while" || word == "until") ++branches_;
    if ((word == "fi" || word == "esac" || word == "done") && branches_ > 0) --branches_;
  }

  // At the end of a line, the body of a here-document that the line began is passed over.
  void end_line(char separator) {
    if (separator != '\n' || here_document_.empty()) return;
    while (!at_end()) {
      std::string line;
      while (!at_end() && peek() != '\n') line += next();
      if (!at_end()) next();
      line.erase(0, std::min(line.find_first_not_of('\t'), line.size()));
      if (line == here_document_) break;
    }
    here_document_.clear();
  }

  // The 2 of `2>&1`.
  void drop_descriptor(Words& words) const {
    const bool touches = at_ > 0 && script_[at_ - 1] >= '0' && script_[at_ - 1] <= '9';
    if (touches && !words.empty() && words.back().text.size() == 1) words.pop_back();
  }

  void skip_redirection() {
    const bool here_document = peek() == '<' && peek(1) == '<' && peek(2) != '<';
    while (!at_end() && std::string_view("<>&|-").find(peek()) != std::string_view::npos) next();
    while (!at_end() && is_blank(peek())) next();
    Words target;
    if (!at_end() && !is_separator(peek())) read_words(target);
    if (here_document && !target.empty()) here_document_ = target.front().text;
  }

  // NAME=value, NAME+=value, NAME=(words).
  bool read_assignment() {
    std::size_t end = at_;
    if (!is_name_start(script_[end])) return false;
    while (end < script_.size() && is_name_part(script_[end])) ++end;
    const std::string name(script_.substr(at_, end - at_));
    const bool appends = script_.substr(end).starts_with("+=");
    if (!appends && (end >= script_.size() || script_[end] != '=')) return false;
    at_ = end + (appends ? 2 : 1);
    Value value = peek() == '(' ? read_array() : read_plain_value();
    if (appends) value = joined(values_[name], value);
    assign(name, std::move(value));
    return true;
  }

  Value read_array() {
    next();
    Words words;
    while (peek() != ')') {
      if (at_end()) fail("a list in brackets never ends", "close it with )");
      if (is_blank(peek()) || peek() == '\n' || peek() == '\\') {
        next();
      } else if (peek() == '#') {
        while (!at_end() && peek() != '\n') next();
      } else if (is_separator(peek())) {
        fail(fmt::format("'{}' inside a list in brackets", peek()), "put it in quotes");
      } else {
        read_words(words);
      }
    }
    next();
    Value value;
    for (Word& word : words) {
      value.words.push_back(std::move(word.text));
      value.missing.insert(value.missing.end(), word.missing.begin(), word.missing.end());
    }
    return value;
  }

  Value read_plain_value() {
    Word word{"", line_, {}};
    read_parts(word, nullptr);
    return {{word.text}, word.missing};
  }

  static Value joined(Value first, const Value& more) {
    first.missing.insert(first.missing.end(), more.missing.begin(), more.missing.end());
    if (more.words.size() == 1 && first.words.size() == 1) {
      first.words[0] += more.words[0];
    } else {
      first.words.insert(first.words.end(), more.words.begin(), more.words.end());
    }
    return first;
  }

  void assign(const std::string& name, Value value) {
    const auto before = values_.find(name);
    const bool unsure = branches_ > 0 && (before == values_.end() || before->second != value);
    if (unsure) value = {{"$" + name}, {"$" + name}};
    values_[name] = std::move(value);
  }

  void read_words(Words& words) {
    Word word{"", line_, {}};
    std::vector<Word> split;
    const std::size_t start = at_;
    read_parts(word, &split);
    const bool quoted_nothing = word.text.empty() && split.empty() && at_ > start && ends_with_quote();
    words.insert(words.end(), split.begin(), split.end());
    if (!word.text.empty() || quoted_nothing) words.push_back(std::move(word));
    if (at_ == start) next();
  }

  bool ends_with_quote() const { return script_[at_ - 1] == '"' || script_[at_ - 1] == '\''; }

  // Parts up to the end of the word; `split` takes the words that an unquoted expansion falls into.
  void read_parts(Word& word, std::vector<Word>* split) {
    while (!at_end() && !is_blank(peek()) && !is_separator(peek()) && peek() != '<' && peek() != '>') {
      const char c = peek();
      if (c == '\'') {
        read_single_quotes(word);
      } else if (c == '"') {
        read_double_quotes(word, split);
      } else if (c == '\\') {
        next();
        if (!at_end() && next() != '\n') word.text += script_[at_ - 1];
      } else if (c == '$' || c == '`') {
        append(expansion(), word, split, false);
      } else {
        word.text += next();
      }
    }
  }

  void read_single_quotes(Word& word) {
    next();
    while (peek() != '\'') {
      if (at_end()) fail("a single quote never ends", "close it");
      word.text += next();
    }
    next();
  }

  void read_double_quotes(Word& word, std::vector<Word>* split) {
    next();
    while (peek() != '"') {
      if (at_end()) fail("a double quote never ends", "close it");
      if (peek() == '\\' && std::string_view("$`\"\\\n").find(peek(1)) != std::string_view::npos) {
        next();
        if (next() != '\n') word.text += script_[at_ - 1];
      } else if (peek() == '$' || peek() == '`') {
        append(expansion(), word, split, true);
      } else {
        word.text += next();
      }
    }
    next();
  }

  void append(const Value& value, Word& word, std::vector<Word>* split, bool quoted) {
    for (const std::string& text : value.words) expanded_bytes_ += text.size() + 1;
    if (expanded_bytes_ > kLargestScriptBytes)
      fail("its variables grow beyond 1 MiB", "give the command itself");
    word.missing.insert(word.missing.end(), value.missing.begin(), value.missing.end());
    for (std::size_t i = 0; i < value.words.size(); ++i) {
      if (i > 0) cut(word, split);
      append_text(value.words[i], word, split, quoted || !value.missing.empty());
    }
  }

  void append_text(const std::string& text, Word& word, std::vector<Word>* split, bool quoted) {
    for (const char c : text) {
      if (split != nullptr && !quoted && (is_blank(c) || c == '\n')) {
        cut(word, split);
      } else {
        word.text += c;
      }
    }
  }

  static void cut(Word& word, std::vector<Word>* split) {
    if (split == nullptr) {
      word.text += ' ';
    } else if (!word.text.empty()) {
      split->push_back(word);
      word.text.clear();
    }
  }

  static Value unknown(const std::string& text) { return {{text}, {text}}; }

  Value expansion() {
    if (peek() == '`') {
      next();
      return unknown(fmt::format("`{}`", until_closing('`', '`')));
    }
    next();
    if (peek() == '(') {
      next();
      const std::string inside = until_closing('(', ')');
      const std::string* given = given_.find(inside);  // Kubernetes writes variables so
      return given != nullptr ? Value{{*given}, {}} : unknown(fmt::format("$({})", inside));
    }
    if (peek() == '{') {
      next();
      return braces(until_closing('{', '}'));
    }
    std::string name;
    while (!at_end() && is_name_part(peek()) && (name.empty() || is_name_start(name[0]))) name += next();
    if (name.empty() && std::string_view("@*#?").find(peek()) != std::string_view::npos && !at_end())
      name = next();
    return name.empty() ? Value{{"$"}, {}} : lookup(name);
  }

  std::string until_closing(char open, char close) {
    std::string text;
    for (int depth = 1;;) {
      if (at_end()) fail(fmt::format("'{}' is never closed", open), fmt::format("close it with {}", close));
      const char c = next();
      if (c == close && --depth == 0) return text;
      if (c == open && open != close) ++depth;
      text += c;
    }
  }

  // ${NAME}, ${NAME[@]}, ${NAME:-default}; other forms are not settled here.
  Value braces(const std::string& inside) {
    std::size_t end = 0;
    while (end < inside.size() && is_name_part(inside[end])) ++end;
    const std::string name = inside.substr(0, end);
    const std::string rest = inside.substr(end);
    if (name.empty()) return unknown(fmt::format("${{{}}}", inside));
    if (rest.empty() || rest == "[@]" || rest == "[*]" || rest.starts_with(":?") || rest.starts_with("?")) {
      return lookup(name);
    }
    const std::size_t operator_size = rest.starts_with(":-") || rest.starts_with(":=") ? 2
                                      : rest[0] == '-'                                 ? 1
                                                                                       : 0;
    if (operator_size == 0) return unknown(fmt::format("${{{}}}", inside));
    if (given_.find(name) != nullptr || values_.contains(name)) return lookup(name);
    return nested(rest.substr(operator_size));
  }

  Value nested(const std::string& text) {
    if (++depth_ > kDeepestNesting) fail("variables are nested too deeply", "give the command itself");
    const std::string_view script = script_;
    const std::size_t at = at_;
    const int line = line_;
    script_ = text;
    at_ = 0;
    Word word{"", line_, {}};
    while (!at_end()) {
      read_parts(word, nullptr);
      if (!at_end()) word.text += next();
    }
    script_ = script;
    at_ = at;
    line_ = line;
    --depth_;
    return {{word.text}, word.missing};
  }

  Value lookup(const std::string& name) {
    if (const std::string* given = given_.find(name)) return {{*given}, {}};
    const auto found = values_.find(name);
    return found != values_.end() ? found->second : unknown("$" + name);
  }

  std::string_view script_;
  std::string file_;
  int line_;
  Variables& given_;
  std::map<std::string, Value> values_;
  std::size_t at_ = 0;
  std::size_t expanded_bytes_ = 0;
  int depth_ = 0;
  int branches_ = 0;
  std::string here_document_;
};

}  // namespace

std::vector<Command> shell_commands(std::string_view script, const std::string& file, int first_line,
                                    Variables& variables,
                                    const std::map<std::string, std::string>& environment) {
  return Shell(script, file, first_line, variables, environment).commands();
}

}  // namespace kvsim::sim
