// SPDX-License-Identifier: Apache-2.0
#include <iterator>
#include <nlohmann/json.hpp>

#include "base/document_builder.h"
#include "base/files.h"
#include "base/text.h"

namespace kvsim {
namespace {

using Json = nlohmann::json;

// Feeds the parser and leaves in `*consumed` how far it has read, as its events carry no places.
class Cursor {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  Cursor(const char* at, const char** consumed) : at_(at), consumed_(consumed) {}
  reference operator*() const { return *at_; }
  Cursor& operator++() {
    *consumed_ = ++at_;
    return *this;
  }
  Cursor operator++(int) {
    Cursor before = *this;
    ++*this;
    return before;
  }
  bool operator==(const Cursor& other) const { return at_ == other.at_; }

 private:
  const char* at_;
  const char** consumed_;
};

bool is_number_or_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == 'E' || c == '+' || c == '-' || c == '.';
}

// "unexpected end of input" of "[json.exception.parse_error.101] parse error at line 1, column 9: ... -
// unexpected ...".
std::string reason(std::string_view told) {
  for (const std::string_view lead : {"] ", " - "}) {
    const std::size_t end = told.find(lead);
    if (end != std::string_view::npos) told.remove_prefix(end + lead.size());
  }
  return shortened(told);
}

class Events final : public nlohmann::json_sax<Json> {
 public:
  Events(DocumentBuilder& builder, std::string_view text)
      : builder_(builder), text_(text), consumed_(text.data()) {}

  const char** consumed() { return &consumed_; }

  bool null() override {
    plain();
    builder_.null(line_, column_);
    return true;
  }
  bool boolean(bool) override { return plain_scalar(); }
  bool number_integer(number_integer_t) override { return plain_scalar(); }
  bool number_unsigned(number_unsigned_t) override { return plain_scalar(); }
  bool number_float(number_float_t, const string_t&) override { return plain_scalar(); }
  bool string(string_t& value) override { return quoted_scalar(value); }
  bool key(string_t& value) override { return quoted_scalar(value); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override {
    move_to(offset() - 1);
    builder_.open_map(line_, column_);
    return true;
  }
  bool start_array(std::size_t) override {
    move_to(offset() - 1);
    builder_.open_sequence(line_, column_);
    return true;
  }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t position, const std::string&, const Json::exception& error) override {
    move_to(position > 0 ? position - 1 : 0);
    builder_.problem(line_, column_, "not valid JSON: " + reason(error.what()),
                     "correct the syntax at or above this place");
    return false;
  }

 private:
  std::size_t offset() const { return static_cast<std::size_t>(consumed_ - text_.data()); }

  // Places are asked for in the order of the text.
  void move_to(std::size_t target) {
    for (; position_ < std::min(target, text_.size()); ++position_) {
      if (text_[position_] == '\n') {
        ++line_;
        column_ = 0;
      }
      ++column_;
    }
  }

  // A number is known to be over one character late, or at the end of the text.
  std::string_view plain() {
    std::size_t end = offset();
    if (end > 0 && !is_number_or_word(text_[end - 1])) --end;
    std::size_t start = end;
    while (start > 0 && is_number_or_word(text_[start - 1])) --start;
    move_to(start);
    return text_.substr(start, end - start);
  }

  bool close() {
    builder_.close();
    return true;
  }

  bool plain_scalar() {
    const std::string written(plain());
    builder_.scalar(written, false, line_, column_);
    return true;
  }

  bool quoted_scalar(const std::string& value) {
    std::size_t quote = text_.rfind('"', offset() - 2);
    while (is_escaped(quote)) quote = text_.rfind('"', quote - 1);
    move_to(quote);
    builder_.scalar(value, true, line_, column_);
    return true;
  }

  bool is_escaped(std::size_t quote) const {
    std::size_t first = quote;
    while (first > 0 && text_[first - 1] == '\\') --first;
    return (quote - first) % 2 == 1;
  }

  DocumentBuilder& builder_;
  std::string_view text_;
  const char* consumed_;
  std::size_t position_ = 0;
  int line_ = 1, column_ = 1;
};

}  // namespace

Document parse_json(std::string_view bytes, const std::string& file_name) {
  const std::string_view text = checked_text(bytes, file_name);
  DocumentBuilder builder(file_name, false);
  Events events(builder, text);
  const char* const end = text.data() + text.size();
  Json::sax_parse(Cursor(text.data(), events.consumed()), Cursor(end, events.consumed()), &events);
  builder.throw_if_any();
  return {file_name, std::make_shared<const Node>(builder.take_root())};
}

Document load_json(const std::string& path) { return parse_json(read_file(path, kMaxDocumentBytes), path); }

}  // namespace kvsim
