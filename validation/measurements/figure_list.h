// SPDX-License-Identifier: Apache-2.0
// Puts the figures of one stage, or of the whole run, into a data set.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/metrics/quantiles.h"
#include "validation/measurements/measurements.h"

namespace kvsim::validation {

// Statistic of a case, and the key that a tool gives it. Where two keys name one statistic, the first that is
// there counts.
using Spelling = std::vector<std::pair<std::string_view, std::string>>;

class FigureList {
 public:
  FigureList(Measurements& run, std::optional<std::uint32_t> stage)
      : run_(run), stage_(stage), first_(run.figures.size()) {}

  // `value` in the metric's own unit; nothing, and what is no number from 0 to kLargestValue, is left out.
  void add(std::string_view metric, std::string_view statistic, std::optional<double> value);
  void add(std::string_view metric, std::optional<double> value) { add(metric, "", value); }
  void add_counts(const MeasuredStage& stage);  // completed and failed requests, and the duration
  // All that `keys` names in `block`, each times `unit`.
  void add_block(std::string_view metric, Fields& block, const Spelling& keys, double unit);
  void add_samples(std::string_view metric, std::vector<double> values);  // mean and exact quantiles

 private:
  bool has(std::string_view metric, std::string_view statistic) const;

  Measurements& run_;
  std::optional<std::uint32_t> stage_;
  std::size_t first_;  // of its own figures
};

// Metric and key of each latency, as inference-perf and llm-d reports name them.
const std::vector<std::pair<std::string_view, std::string_view>>& latency_names();

// The first of the keys that is there, as a number of 0 or more. A key that holds anything else is a problem.
std::optional<double> first_number(Fields& fields, std::initializer_list<std::string_view> keys);
// The first of the keys that holds a map; else an absent map.
Fields first_map(Fields& fields, std::initializer_list<std::string_view> keys);
// Sum over count; nothing where one is missing or the count is 0.
std::optional<double> ratio(std::optional<double> sum, std::optional<double> count);
// Factor of a latency's unit ("ms", "s/token", "milliseconds"), which `key` names; 1 where it is not there.
double seconds_in(Fields& block, std::string_view key);
// Keys of the map that nobody asked for, as a note of the run; one that stands there already stays alone.
void note_unread(const Fields& fields, Measurements& run);
void note(Measurements& run, std::string text);

// 2026-04-25 out of "2026-04-25T10:00:00Z", "20260425-100000", or seconds since 1970; else empty.
std::string date_of(std::string_view text);

}  // namespace kvsim::validation
