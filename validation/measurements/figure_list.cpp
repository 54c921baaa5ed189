// SPDX-License-Identifier: Apache-2.0
#include "validation/measurements/figure_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/calendar_date.h"
#include "base/text.h"

namespace kvsim::validation {
namespace {

constexpr double kSecondsPerDay = 86400;

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string date_after_1970(double seconds) {
  return calendar_date(static_cast<std::int64_t>(seconds / kSecondsPerDay));
}

}  // namespace

bool FigureList::has(std::string_view metric, std::string_view statistic) const {
  return std::any_of(
      run_.figures.begin() + static_cast<std::ptrdiff_t>(first_), run_.figures.end(),
      [&](const MeasuredFigure& figure) { return figure.metric == metric && figure.statistic == statistic; });
}

void FigureList::add(std::string_view metric, std::string_view statistic, std::optional<double> value) {
  if (!value || !(*value >= 0 && *value <= kLargestValue) || has(metric, statistic)) return;
  MeasuredFigure figure;
  figure.metric = metric;
  figure.statistic = statistic;
  figure.value = *value;
  figure.stage = stage_;
  run_.figures.push_back(std::move(figure));
}

void FigureList::add_counts(const MeasuredStage& stage) {
  add("completed", stage.successes);
  add("failed", stage.failures);
  add("duration_seconds", stage.duration_seconds);
}

void FigureList::add_block(std::string_view metric, Fields& block, const Spelling& keys, double unit) {
  for (const auto& [statistic, key] : keys) {
    const std::optional<double> value = first_number(block, {key});
    if (value) add(metric, statistic, *value * unit);
  }
}

void FigureList::add_samples(std::string_view metric, std::vector<double> values) {
  std::erase_if(values, [](double value) { return !(std::abs(value) <= kLargestValue); });
  if (values.empty()) return;
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  const std::pair<double, double> range{*least, *most};
  const sim::Distribution of = sim::distribution(values, 1);
  add(metric, "mean", of.mean);
  add(metric, "p50", of.p50);
  add(metric, "p90", of.p90);
  add(metric, "p95", of.p95);
  add(metric, "p99", of.p99);
  add(metric, "min", range.first);
  add(metric, "max", range.second);
}

const std::vector<std::pair<std::string_view, std::string_view>>& latency_names() {
  static const std::vector<std::pair<std::string_view, std::string_view>> names{
      {"ttft_seconds", "time_to_first_token"},
      {"tpot_seconds", "time_per_output_token"},
      {"ntpot_seconds", "normalized_time_per_output_token"},
      {"itl_seconds", "inter_token_latency"},
      {"e2e_seconds", "request_latency"}};
  return names;
}

std::optional<double> first_number(Fields& fields, std::initializer_list<std::string_view> keys) {
  std::optional<double> found;
  for (const std::string_view key : keys)
    if (!found) found = fields.maybe_number(key, {0, kLargestValue});
  return found;
}

Fields first_map(Fields& fields, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys)
    if (const Node* value = fields.raw(key); value != nullptr && value->is_map()) return fields.map(key);
  return fields.map(*keys.begin());
}

std::optional<double> ratio(std::optional<double> sum, std::optional<double> count) {
  return sum && count && *count > 0 ? std::optional(*sum / *count) : std::nullopt;
}

double seconds_in(Fields& block, std::string_view key) {
  static const std::map<std::string, double, std::less<>> units{{"s", 1},
                                                                {"sec", 1},
                                                                {"second", 1},
                                                                {"seconds", 1},
                                                                {"ms", 1e-3},
                                                                {"us", 1e-6},
                                                                {"ns", 1e-9},
                                                                {"millisecond", 1e-3},
                                                                {"milliseconds", 1e-3},
                                                                {"microseconds", 1e-6},
                                                                {"nanoseconds", 1e-9}};
  const std::string told = block.maybe_text(key).value_or("s");
  const auto found = units.find(lower(trim(told.substr(0, told.find('/')))));
  if (found != units.end()) return found->second;
  block.problem(key, fmt::format("found the unit '{}'", shortened(told)), "give s, ms, us or ns");
  return 1;
}

void note(Measurements& run, std::string text) {
  if (std::find(run.notes.begin(), run.notes.end(), text) == run.notes.end())
    run.notes.push_back(std::move(text));
}

void note_unread(const Fields& fields, Measurements& run) {
  std::vector<std::string> keys = fields.unread_keys();
  for (std::string& key : keys) key = shortened(key);
  if (keys.empty()) return;
  note(run,
       fmt::format("not read{}{}: {}", fields.path().empty() ? "" : " of ", fields.path(), join(keys, ", ")));
}

std::string date_of(std::string_view text) {
  const auto digits = [&](std::size_t at, std::size_t count) {
    return text.size() >= at + count && all_digits(text.substr(at, count));
  };
  const auto dashed = [&](std::size_t at) { return text.size() > at && text[at] == '-'; };
  if (digits(0, 4) && dashed(4) && digits(5, 2) && dashed(7) && digits(8, 2))
    return std::string(text.substr(0, 10));
  if (digits(0, 8) && (text.size() == 8 || dashed(8)))
    return fmt::format("{}-{}-{}", text.substr(0, 4), text.substr(4, 2), text.substr(6, 2));
  const std::optional<double> seconds = parse_double(text);
  return seconds && *seconds > 1e9 && *seconds < 1e10 ? date_after_1970(*seconds) : "";
}

}  // namespace kvsim::validation
