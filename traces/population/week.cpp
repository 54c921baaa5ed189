// SPDX-License-Identifier: Apache-2.0
#include "traces/population/week.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/text.h"

namespace kvsim::traces {

namespace {

double day_sum(const Week& week, std::size_t day) {
  return std::accumulate(week.begin() + static_cast<std::ptrdiff_t>(24 * day),
                         week.begin() + static_cast<std::ptrdiff_t>(24 * (day + 1)), 0.0);
}

}  // namespace

Week as_week(const std::vector<double>& weights) {
  Week week{};
  for (std::size_t hour = 0; hour < week.size(); ++hour) week[hour] = weights[hour % weights.size()];
  return week;
}

double working_day_sum(const Week& week) {
  double sum = 0;
  for (std::size_t day = 0; day < 5; ++day) sum += day_sum(week, day);
  return sum / 5;
}

std::size_t busiest_hour(const Week& week) {
  return static_cast<std::size_t>(std::max_element(week.begin(), week.end()) - week.begin());
}

std::size_t typical_day(const Week& week) {
  const double mean = working_day_sum(week);
  std::size_t best = 0;
  for (std::size_t day = 1; day < 5; ++day) {
    if (std::fabs(day_sum(week, day) - mean) < std::fabs(day_sum(week, best) - mean)) best = day;
  }
  return best;
}

const std::vector<std::string>& day_names() {
  static const std::vector<std::string> names = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  return names;
}

std::string hour_name(double hours) {
  const auto minutes = static_cast<std::size_t>(std::llround(hours * 60)) % (kHoursPerWeek * 60);
  return fmt::format("{} {:02}:{:02}", day_names()[minutes / 1440], minutes / 60 % 24, minutes % 60);
}

std::optional<double> parse_hour(std::string_view text) {
  const std::vector<std::string_view> parts = split(trim(text), ' ');
  if (parts.size() != 2 || parts[1].size() != 5 || parts[1][2] != ':') return {};
  const auto& names = day_names();
  const auto day = std::find(names.begin(), names.end(), lower(parts[0]));
  const auto hour = parse_integer(parts[1].substr(0, 2));
  const auto minute = parse_integer(parts[1].substr(3));
  if (day == names.end() || !hour || !minute || *hour < 0 || *hour > 23 || *minute < 0 || *minute > 59)
    return {};
  return static_cast<double>(day - names.begin()) * 24 + static_cast<double>(*hour) +
         static_cast<double>(*minute) / 60;
}

}  // namespace kvsim::traces
