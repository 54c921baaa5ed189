// SPDX-License-Identifier: Apache-2.0
// Arithmetic of hours of the week.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "traces/population/population.h"

namespace kvsim::traces {

Week as_week(const std::vector<double>& weights);  // 24 weights stand for every day
double working_day_sum(const Week& week);          // mean of the five sums of Monday to Friday
std::size_t busiest_hour(const Week& week);        // the first of the largest
std::size_t typical_day(const Week& week);  // Monday to Friday: nearest to the mean working day; the first
std::string hour_name(double hours);        // "tue 09:00"
std::optional<double> parse_hour(std::string_view text);  // the other way
const std::vector<std::string>& day_names();              // "mon" .. "sun"

}  // namespace kvsim::traces
