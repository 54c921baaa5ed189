// SPDX-License-Identifier: Apache-2.0
// JSON out, piece by piece, in the order given: the same calls give the same bytes. Doubles are written as
// the shortest decimal that reads back to the same bits; infinities and NaN, which JSON lacks, as null.
//
//   JsonWriter json(stream);
//   json.begin_object().member("requests", 12).key("latency").begin_object().member("p50",
//   0.25).end_object(); json.end_object();
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string_view>
#include <vector>

namespace kvsim {

class JsonWriter {
 public:
  explicit JsonWriter(std::ostream& out, int indent = 2);  // indent 0: everything on one line

  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }  // a newline follows the outermost end
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }

  JsonWriter& key(std::string_view name);  // then exactly one value, object or array

  JsonWriter& value(std::string_view text);  // bytes that are not UTF-8 are read as Latin-1
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(bool flag) { return raw(flag ? "true" : "false"); }
  JsonWriter& value(double number);
  template <std::signed_integral T>
  JsonWriter& value(T number) {
    return integer(static_cast<std::int64_t>(number));
  }
  template <std::unsigned_integral T>
  requires(!std::same_as<T, bool>) JsonWriter& value(T number) {
    return whole(static_cast<std::uint64_t>(number));
  }
  template <class T>
  JsonWriter& value(const std::optional<T>& maybe) {
    return maybe ? value(*maybe) : null();
  }
  JsonWriter& null() { return raw("null"); }

  template <class T>
  JsonWriter& member(std::string_view name, const T& content) {
    return key(name).value(content);
  }

 private:
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  JsonWriter& raw(std::string_view token);
  JsonWriter& integer(std::int64_t number);
  JsonWriter& whole(std::uint64_t number);
  void separate();  // comma and line break before the next item of the innermost level
  void break_line();
  void quote(std::string_view text);

  std::ostream& out_;
  int indent_;
  std::vector<bool> empty_;  // for each open object or array
  bool after_key_ = false;
};

}  // namespace kvsim
