// SPDX-License-Identifier: Apache-2.0
#include "planner/problem_reading.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/quantity.h"
#include "base/text.h"
#include "planner/fleet_parts.h"

namespace kvsim::planner {
namespace {

constexpr double kMostWatts = 1e15;
constexpr std::size_t kHoursOfWeek = 168;

std::optional<double> parse_watts(std::string_view text) {
  if (text.ends_with('W')) text.remove_suffix(1);
  const auto value = parse_kubernetes_quantity(text);
  return value && *value >= 0 && *value <= kMostWatts ? value : std::nullopt;
}

double watts_or_problem(Fields& fields, std::string_view key, const std::string& text) {
  const auto watts = parse_watts(text);
  if (!watts)
    fields.problem(key, fmt::format("found \"{}\"", shortened(text)),
                   "give watts, such as 700, 500kW or 1.2MW");
  return watts.value_or(0);
}

std::optional<Hourly> as_hourly(Fields& fields, std::string_view key, std::vector<double> values) {
  const Node* node = fields.raw(key);
  if (node == nullptr || node->is_null()) return {};
  if (node->is_sequence() && node->items.size() != 1 && node->items.size() != kHoursOfWeek) {
    fields.problem(key, fmt::format("found a list of {}", node->items.size()),
                   "give one number, or 168: one for each hour of a week from Monday 00:00 on");
  }
  if (values.empty()) return {};
  return Hourly{std::move(values)};
}

}  // namespace

std::string ProblemReading::path_of(const std::string& file) const {
  return (std::filesystem::path(folder_of(problem)) / file).lexically_normal().string();
}

std::string path_of(const Fields& fields, std::string_view key) {
  return fields.path() + (fields.path().empty() || key.empty() ? "" : ".") + std::string(key);
}

std::vector<Entry> entries(Fields& owner, std::string_view key) {
  std::vector<Entry> found;
  std::vector<Fields> maps = owner.maps(key);
  const Node* list = owner.raw(key);
  for (std::size_t i = 0, map = 0; map < maps.size(); ++i)
    if (list->items[i].is_map()) found.push_back({std::move(maps[map++]), &list->items[i]});
  return found;
}

std::optional<double> read_watts(Fields& fields, std::string_view key) {
  const auto text = fields.maybe_text(key);
  return text ? std::optional(watts_or_problem(fields, key, *text)) : std::nullopt;
}

std::optional<Hourly> read_hourly(Fields& fields, std::string_view key, NumberRange range) {
  return as_hourly(fields, key, fields.numbers(key, range));
}

std::optional<Hourly> read_hourly_watts(Fields& fields, std::string_view key) {
  std::vector<double> values;
  for (const std::string& text : fields.texts(key)) values.push_back(watts_or_problem(fields, key, text));
  return as_hourly(fields, key, std::move(values));
}

void check_names(Fields& fields, std::string_view key, const std::vector<std::string>& given,
                 const std::vector<std::string>& valid, std::string_view what) {
  for (const std::string& name : given) {
    if (std::find(valid.begin(), valid.end(), name) != valid.end()) continue;
    fields.problem(
        key, fmt::format("unknown {} '{}'", what, shortened(name)),
        valid.empty() ? fmt::format("the problem has no {}", what) : valid_names_remedy(name, valid));
  }
}

void Defaults::tell(const Fields& fields, std::string_view key, std::string value,
                    const std::string& source) {
  told_.push_back({path_of(fields, key), std::move(value), source});
}

double Defaults::number(Fields& fields, std::string_view key, NumberRange range, double usual,
                        const std::string& source) {
  const auto given = fields.maybe_number(key, range);
  if (!given) tell(fields, key, fmt::format("{}", usual), source);
  return given.value_or(usual);
}

std::uint64_t Defaults::integer(Fields& fields, std::string_view key, IntegerRange range,
                                std::uint64_t usual) {
  const auto given = fields.maybe_integer(key, range);
  if (!given) tell(fields, key, fmt::format("{}", usual));
  return given ? static_cast<std::uint64_t>(*given) : usual;
}

bool Defaults::boolean(Fields& fields, std::string_view key, bool usual) {
  const auto given = fields.maybe_boolean(key);
  if (!given) tell(fields, key, usual ? "true" : "false");
  return given.value_or(usual);
}

double Defaults::watts(Fields& fields, std::string_view key, double usual, const std::string& source) {
  const auto given = read_watts(fields, key);
  if (!given) tell(fields, key, fmt::format("{}", usual), source);
  return given.value_or(usual);
}

Hourly Defaults::hourly(Fields& fields, std::string_view key, NumberRange range, double usual) {
  auto given = read_hourly(fields, key, range);
  if (!given) tell(fields, key, fmt::format("{}", usual));
  return given.value_or(Hourly{{usual}});
}

}  // namespace kvsim::planner
