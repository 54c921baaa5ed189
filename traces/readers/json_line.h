// SPDX-License-Identifier: Apache-2.0
// One line of JSON as typed fields. The first fault of each field goes to a callback with what is valid.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "traces/readers/line_reader.h"

namespace kvsim::traces {

class JsonLine {
 public:
  using Fault = std::function<void(std::string path, std::string message, std::string remedy)>;
  explicit JsonLine(Fault on_fault) : on_fault_(std::move(on_fault)) {}

  // True when the line is one JSON object of at most 64 fields with different names.
  bool parse(const Line& line);
  bool has(std::string_view key) const;  // and not null
  // The names of `known` are the only ones allowed.
  void refuse_unknown(const std::vector<std::string>& known);

  // A field that is absent or null gives nothing; so does a fault, after it is told.
  std::optional<std::int64_t> whole(std::string_view key, std::int64_t low, std::int64_t high);
  std::optional<std::uint64_t> any_whole(std::string_view key);  // 0 .. 2^64-1
  std::optional<double> number(std::string_view key, double low, double high);
  std::optional<std::string> text(std::string_view key);
  std::optional<std::uint64_t> identity(std::string_view key);  // a whole number, or a text, which is hashed
  std::optional<simdjson::dom::array> array(std::string_view key);

  void missing(std::string_view key, std::string remedy) {
    fault(std::string(key), "is missing", std::move(remedy));
  }
  void wrong(std::string_view key, simdjson::dom::element found, std::string remedy);
  void fault(std::string path, std::string message, std::string remedy);
  bool good() const { return good_; }  // no fault told since parse()

 private:
  std::optional<simdjson::dom::element> find(std::string_view key) const;
  bool no_doubled_names();

  Fault on_fault_;
  simdjson::dom::parser parser_;
  simdjson::dom::object object_;
  std::vector<std::pair<std::string_view, simdjson::dom::element>> fields_;
  bool good_ = true;
};

// The value as it stands in the file, cut after 40 characters.
std::string shown(simdjson::dom::element value);

// A whole number from low to high; 3.0 counts as 3.
std::optional<std::int64_t> whole_in(simdjson::dom::element value, std::int64_t low, std::int64_t high);

}  // namespace kvsim::traces
