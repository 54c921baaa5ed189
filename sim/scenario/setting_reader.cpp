// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/setting_reader.h"

#include <fmt/format.h>

#include <cmath>

#include "base/text.h"
#include "sim/scenario/read_residency.h"

namespace kvsim::sim {
namespace {

constexpr std::int64_t kLargestSeed = 4'294'967'295;  // of PYTHONHASHSEED

}  // namespace

void SettingReader::finish_inner_maps() {
  for (auto& [key, map] : inner_) {
    if (map.present() && map.keys().empty())
      map.problem("", "found an empty map", "give its keys, or leave it out");
    map.finish();
  }
}

Place SettingReader::place_of(const Fields& owner, std::string_view key) {
  const std::string path = owner.path();
  return {owner.location(key), path.empty() ? std::string(key) : fmt::format("{}.{}", path, key)};
}

Fields& SettingReader::map_at(std::string_view dotted_key) {
  const auto known = inner_.find(dotted_key);
  if (known != inner_.end()) return known->second;
  const std::size_t dot = dotted_key.rfind('.');
  const bool is_inner = dot != std::string_view::npos;
  Fields& owner = is_inner ? map_at(dotted_key.substr(0, dot)) : fields_;
  Fields map = owner.map(is_inner ? dotted_key.substr(dot + 1) : dotted_key);
  return inner_.emplace(dotted_key, std::move(map)).first->second;
}

void SettingReader::read(Fields& owner, std::string_view key, std::optional<std::string>& value,
                         const form::Text&) {
  value = owner.maybe_text(key);
  if (value && value->empty()) owner.problem(key, "found an empty text", "give a name, or leave the key out");
}

void SettingReader::read(Fields& owner, std::string_view key, std::optional<std::string>& value,
                         const form::OneOf& how) {
  value = owner.choice(key, how.names, how.names.front());
}

void SettingReader::read(Fields& owner, std::string_view key, std::optional<std::string>& value,
                         const form::Seed&) {
  const std::optional<std::string> text = owner.maybe_text(key);
  if (!text) return;
  const auto number = parse_integer(*text);
  if (*text == "random") {
    value = *text;
  } else if (number && *number >= 0 && *number <= kLargestSeed) {
    value = fmt::format("{}", *number);
  } else {
    owner.problem(
        key, fmt::format("found '{}'", shortened(*text)),
        fmt::format("give what PYTHONHASHSEED holds: a whole number from 0 to {}, or random", kLargestSeed));
  }
}

void SettingReader::read(Fields& owner, std::string_view key, std::optional<std::uint64_t>& value,
                         const form::Whole& how) {
  const auto whole = owner.maybe_integer(key, {how.low, how.high});
  if (whole) value = static_cast<std::uint64_t>(*whole);
}

void SettingReader::read(Fields& owner, std::string_view key, std::optional<std::uint64_t>& value,
                         const form::Tokens& how) {
  const Node* node = owner.raw(key);
  if (node->is_null()) return;
  const bool is_auto =
      how.may_be_auto && node->is_scalar() && (node->scalar == "auto" || node->scalar == "-1");
  const auto count = is_auto ? 0 : node->is_scalar() ? parse_token_count(node->scalar) : std::nullopt;
  if (!is_auto && (!count || *count < how.low || *count > how.high)) {
    owner.problem(key, fmt::format("found {}", node->is_scalar() ? "'" + node->scalar + "'" : "no number"),
                  fmt::format("give a whole number of tokens from {} to {}, such as 8192 or 8K{}", how.low,
                              how.high, how.may_be_auto ? ", or auto" : ""));
    return;
  }
  value = static_cast<std::uint64_t>(*count);
}

void SettingReader::read(Fields& owner, std::string_view key, std::optional<std::uint64_t>& value,
                         const form::Bytes&) {
  value = read_bytes(owner, key);
}

void SettingReader::read(Fields& owner, std::string_view key, std::optional<double>& value,
                         const form::Number& how) {
  value = owner.maybe_number(key, how.range);
}

void SettingReader::read(Fields& owner, std::string_view key, std::optional<double>& value,
                         const form::Duration&) {
  value = read_duration(owner, key);
}

void SettingReader::read(Fields& owner, std::string_view key, std::optional<bool>& value, const form::Flag&) {
  value = owner.maybe_boolean(key);
}

void SettingReader::read(Fields& owner, std::string_view key, std::optional<Labels>& value,
                         const form::LabelMap&) {
  value = read_labels(owner.map(key));
}

std::optional<double> read_duration(Fields& fields, std::string_view key) {
  const auto seconds = fields.maybe_duration_seconds(key);
  if (!seconds || *seconds <= kLongestSeconds) return seconds;
  fields.problem(key, "found a time beyond 95 years", "give a duration such as 250ms, 1m30s, 2h or seconds");
  return {};
}

std::optional<std::uint64_t> read_bytes(Fields& fields, std::string_view key) {
  const auto bytes = fields.maybe_bytes(key);
  if (!bytes || (*bytes > 0 && *bytes <= kMostBytes)) return bytes;
  fields.problem(key, fmt::format("found {}", *bytes),
                 "give an amount above 0 and up to 1000 PB, such as 80GiB, 1.5TB or 4096");
  return {};
}

std::optional<std::int64_t> parse_token_count(std::string_view text) {
  static constexpr std::string_view kSuffixes = "kmgtKMGT";
  static constexpr double kFactors[] = {1e3, 1e6, 1e9, 1e12, 0x1p10, 0x1p20, 0x1p30, 0x1p40};
  const std::size_t suffix = text.empty() ? std::string_view::npos : kSuffixes.find(text.back());
  if (suffix == std::string_view::npos) return parse_integer(text);
  const auto number = parse_double(text.substr(0, text.size() - 1));
  if (!number || std::abs(*number) > 1e9 || std::abs(*number * kFactors[suffix]) > 1e15) return {};
  return static_cast<std::int64_t>(*number * kFactors[suffix]);
}

}  // namespace kvsim::sim
