// SPDX-License-Identifier: Apache-2.0
#include "traces/readers/json_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "base/text.h"

namespace kvsim::traces {
namespace {

using simdjson::dom::element;
constexpr std::size_t kMostFields = 64;

}  // namespace

std::string shown(element value) {
  if (value.is_array()) return "an array";
  if (value.is_object()) return "an object";
  const std::string text = simdjson::minify(value);
  return text.size() <= 40 ? text : text.substr(0, 40) + "...";
}

std::optional<std::int64_t> whole_in(element value, std::int64_t low, std::int64_t high) {
  std::int64_t whole = 0;
  double real = 0;
  if (value.is_double() && value.get(real) == simdjson::SUCCESS) {
    if (std::floor(real) != real || std::abs(real) > 9007199254740992.0) return {};
    whole = static_cast<std::int64_t>(real);
  } else if (value.get(whole) != simdjson::SUCCESS) {
    return {};
  }
  if (whole < low || whole > high) return {};
  return whole;
}

void JsonLine::fault(std::string path, std::string message, std::string remedy) {
  good_ = false;
  on_fault_(std::move(path), std::move(message), std::move(remedy));
}

bool JsonLine::parse(const Line& line) {
  good_ = true;
  fields_.clear();
  element root;
  if (const auto error = parser_.parse(line.text.data(), line.text.size(), false).get(root)) {
    fault(
        "", fmt::format("is not JSON: {}", simdjson::error_message(error)),
        "write one JSON object on each line, in UTF-8; a last line like this means that the file is cut off");
    return false;
  }
  if (root.get(object_) != simdjson::SUCCESS) {
    fault("", fmt::format("found {}", shown(root)), "write one JSON object on each line");
    return false;
  }
  return no_doubled_names();
}

bool JsonLine::no_doubled_names() {
  for (const auto field : object_) {
    if (find(field.key))
      fault(std::string(field.key.substr(0, 80)), "stands twice on the line", "give it once");
    fields_.emplace_back(field.key, field.value);
    if (fields_.size() <= kMostFields) continue;
    fault("", fmt::format("more than {} fields", kMostFields), "check that this is a trace");
    return false;
  }
  return good_;
}

std::optional<element> JsonLine::find(std::string_view key) const {
  for (const auto& [name, value] : fields_) {
    if (name == key) return value;
  }
  return {};
}

bool JsonLine::has(std::string_view key) const {
  const auto value = find(key);
  return value && !value->is_null();
}

void JsonLine::refuse_unknown(const std::vector<std::string>& known) {
  for (const auto& [name, value] : fields_) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::string_view cut = name.substr(0, 80);
    fault(std::string(cut), "unknown field", valid_names_remedy(cut, known));
  }
}

void JsonLine::wrong(std::string_view key, element found, std::string remedy) {
  fault(std::string(key), fmt::format("found {}", shown(found)), std::move(remedy));
}

std::optional<std::int64_t> JsonLine::whole(std::string_view key, std::int64_t low, std::int64_t high) {
  const auto value = find(key);
  if (!value || value->is_null()) return {};
  const auto result = whole_in(*value, low, high);
  if (!result) wrong(key, *value, fmt::format("give a whole number from {} to {}", low, high));
  return result;
}

std::optional<std::uint64_t> JsonLine::any_whole(std::string_view key) {
  const auto value = find(key);
  if (!value || value->is_null()) return {};
  std::uint64_t result = 0;
  if (value->get(result) == simdjson::SUCCESS) return result;
  wrong(key, *value, "give a whole number from 0 to 2^64-1");
  return {};
}

std::optional<double> JsonLine::number(std::string_view key, double low, double high) {
  const auto value = find(key);
  if (!value || value->is_null()) return {};
  double result = 0;
  if (value->get(result) == simdjson::SUCCESS && result >= low && result <= high) return result;
  wrong(key, *value, fmt::format("give a number from {} to {}", low, high));
  return {};
}

std::optional<std::string> JsonLine::text(std::string_view key) {
  const auto value = find(key);
  if (!value || value->is_null()) return {};
  std::string_view result;
  if (value->get(result) == simdjson::SUCCESS && result.size() <= 1000) return std::string(result);
  wrong(key, *value, "give a text of at most 1000 bytes");
  return {};
}

std::optional<std::uint64_t> JsonLine::identity(std::string_view key) {
  const auto value = find(key);
  if (!value || value->is_null()) return {};
  std::string_view name;
  if (value->get(name) == simdjson::SUCCESS) return hash_text(name);
  return any_whole(key);
}

std::optional<simdjson::dom::array> JsonLine::array(std::string_view key) {
  const auto value = find(key);
  if (!value || value->is_null()) return {};
  simdjson::dom::array result;
  if (value->get(result) == simdjson::SUCCESS) return result;
  wrong(key, *value, "give an array");
  return {};
}

}  // namespace kvsim::traces
