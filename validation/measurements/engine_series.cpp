// SPDX-License-Identifier: Apache-2.0
#include "validation/measurements/engine_series.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace kvsim::validation {
namespace {

// What is told of a counter from its first to its last value: a fall is a restart, which begins at 0.
double increase_over(const std::vector<TimedValue>& values) {
  double increase = 0;
  for (std::size_t i = 1; i < values.size(); ++i) {
    const double step = values[i].value - values[i - 1].value;
    increase += step >= 0 ? step : values[i].value;
  }
  return increase;
}

bool is_counter(const std::string& name) {
  for (const std::string_view ending : {"_total", "_bucket", "_sum", "_count"})
    if (name.ends_with(ending)) return true;
  return false;
}

}  // namespace

void EngineSeries::add(const TimedSeries& series, const std::string& file) {
  if (series.values.empty()) return;
  if (const std::string metric = gauge_metric(plain_name(series.name)); !metric.empty()) {
    add_samples(series, gauges_[metric]);
  } else if (is_counter(series.name)) {
    add_counter(series);
  } else {
    note(run_, fmt::format("{}: not read: {}", file, shortened(series.name)));
  }
}

void EngineSeries::finish() {
  for (const auto& [metric, by_time] : gauges_) add_gauge(metric, by_time);
  if (arrivals_.size() > 1) add_arrivals();
  if (increase_.empty()) return;
  increase_.add_to(run_, last_ > first_ ? std::optional(last_ - first_) : std::nullopt);
  run_.date = date_of(fmt::format("{:.0f}", first_));
}

void EngineSeries::add_samples(const TimedSeries& series, ByTime& by_time) {
  for (const TimedValue& at : series.values) {
    auto& [sum, count] = by_time[at.seconds];
    sum += at.value;
    ++count;
  }
}

void EngineSeries::add_counter(const TimedSeries& series) {
  increase_.add(series.name, series.labels, increase_over(series.values));
  first_ = std::min(first_, series.values.front().seconds);
  last_ = std::max(last_, series.values.back().seconds);
  if (plain_name(series.name) == "request_success_total") add_finished(series.values);
}

void EngineSeries::add_finished(const std::vector<TimedValue>& values) {
  for (std::size_t i = 1; i < values.size(); ++i)
    arrivals_[values[i].seconds].first += increase_over({values[i - 1], values[i]});
}

void EngineSeries::add_gauge(const std::string& metric, const ByTime& by_time) {
  MeasuredSeries series{metric, step_of(by_time), {}};
  for (const auto& [seconds, sum] : by_time)
    series.values.push_back(metric == "kv_usage" ? sum.first / sum.second : sum.first);
  FigureList(run_, {}).add_samples(metric, series.values);
  run_.series.push_back(std::move(series));
}

void EngineSeries::add_arrivals() {
  MeasuredSeries series{"requests_per_second", step_of(arrivals_), {}};
  for (const auto& [seconds, requests] : arrivals_)
    series.values.push_back(requests.first / series.every_seconds);
  run_.series.push_back(std::move(series));
}

double EngineSeries::step_of(const ByTime& by_time) {
  double step = 0;
  for (auto at = by_time.begin(); at != by_time.end() && std::next(at) != by_time.end(); ++at) {
    const double gap = std::next(at)->first - at->first;
    if (step > 0 && std::abs(gap - step) > 1e-3 * step)
      note(run_, "samples are missing: series hold what there is, in order");
    step = step > 0 ? std::min(step, gap) : gap;
  }
  return step > 0 ? step : 1;
}

}  // namespace kvsim::validation
