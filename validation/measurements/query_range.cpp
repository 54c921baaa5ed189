// SPDX-License-Identifier: Apache-2.0
// Prometheus' query_range JSON: series of vLLM's metrics as they are, without functions around them.
#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <limits>

#include "base/text.h"
#include "validation/measurements/engine_increase.h"
#include "validation/measurements/formats.h"

namespace kvsim::validation {
namespace {

struct TimedValue {
  double seconds = 0;  // since 1970
  double value = 0;
};

struct Series {
  std::string name;  // without `vllm:`
  Labels labels;
  std::vector<TimedValue> values;
};

using ByTime = std::map<double, std::pair<double, double>>;  // sum over series, series

// What is told of a counter from its first to its last value: a fall is a restart, which begins at 0.
double increase_over(const std::vector<TimedValue>& values) {
  double increase = 0;
  for (std::size_t i = 1; i < values.size(); ++i) {
    const double step = values[i].value - values[i - 1].value;
    increase += step >= 0 ? step : values[i].value;
  }
  return increase;
}

class RangeReader {
 public:
  RangeReader(Measurements& run, Problems& problems) : run_(run), problems_(problems) {}

  void read(const MeasuredFile& file) {
    Fields root(file.document, problems_);
    Fields data = root.map("data");
    const std::string type = data.text("resultType");
    if (type != "matrix")
      data.problem("resultType", fmt::format("found '{}'", shortened(type)),
                   "ask /api/v1/query_range, which gives a matrix");
    for (Fields& result : data.maps("result")) add(read_series(result, file.path), file.path);
  }

  void finish() {
    for (const auto& [metric, by_time] : gauges_) add_gauge(metric, by_time);
    if (arrivals_.size() > 1) add_arrivals();
    if (!increase_.empty()) {
      increase_.add_to(run_, last_ > first_ ? std::optional(last_ - first_) : std::nullopt);
      run_.date = date_of(fmt::format("{:.0f}", first_));
    }
  }

 private:
  Series read_series(Fields& result, const std::string& path) {
    Series series;
    Fields labels = result.map("metric");
    for (const std::string& label : labels.keys())
      series.labels[label] = labels.maybe_text(label).value_or("");
    const auto name = series.labels.find("__name__");
    series.name =
        plain_name(name != series.labels.end() ? name->second : std::filesystem::path(path).stem().string());
    const Node* values = result.raw("values");
    if (values == nullptr || !values->is_sequence()) {
      result.problem("values", "no list of values", "give the answer of /api/v1/query_range as it came");
      return series;
    }
    for (const Node& pair : values->items) add_value(pair, result, series);
    return series;
  }

  // [seconds, "value"].
  static void add_value(const Node& pair, Fields& result, Series& series) {
    const bool two = pair.is_sequence() && pair.items.size() == 2;
    const auto seconds = two ? parse_double(pair.items[0].scalar) : std::nullopt;
    const auto value = two ? parse_metric_value(pair.items[1].scalar) : std::nullopt;
    const bool rises = seconds && (series.values.empty() || *seconds > series.values.back().seconds);
    if (!value || !rises) {
      result.problem("values",
                     fmt::format("line {} is no pair [time, \"value\"] later than the one before", pair.line),
                     "give the answer of /api/v1/query_range as it came");
    } else if (std::isfinite(*value)) {
      series.values.push_back({*seconds, *value});
    }
  }

  void add(const Series& series, const std::string& path) {
    if (series.values.empty()) return;
    if (const std::string metric = gauge_metric(series.name); !metric.empty()) {
      add_samples(series, gauges_[metric]);
    } else if (is_counter(series.name)) {
      add_counter(series);
    } else {
      note(run_, fmt::format("{}: not read: {}", path, shortened(series.name)));
    }
  }

  static void add_samples(const Series& series, ByTime& by_time) {
    for (const TimedValue& at : series.values) {
      auto& [sum, count] = by_time[at.seconds];
      sum += at.value;
      ++count;
    }
  }

  void add_counter(const Series& series) {
    increase_.add(series.name, series.labels, increase_over(series.values));
    first_ = std::min(first_, series.values.front().seconds);
    last_ = std::max(last_, series.values.back().seconds);
    if (series.name == "request_success_total") add_finished(series.values);
  }

  static bool is_counter(const std::string& name) {
    for (const std::string_view ending : {"_total", "_bucket", "_sum", "_count"})
      if (name.ends_with(ending)) return true;
    return false;
  }

  void add_finished(const std::vector<TimedValue>& values) {
    for (std::size_t i = 1; i < values.size(); ++i)
      arrivals_[values[i].seconds].first += increase_over({values[i - 1], values[i]});
  }

  void add_gauge(const std::string& metric, const ByTime& by_time) {
    MeasuredSeries series{metric, step_of(by_time), {}};
    for (const auto& [seconds, sum] : by_time)
      series.values.push_back(metric == "kv_usage" ? sum.first / sum.second : sum.first);
    FigureList(run_, {}).add_samples(metric, series.values);
    run_.series.push_back(std::move(series));
  }

  void add_arrivals() {
    MeasuredSeries series{"requests_per_second", step_of(arrivals_), {}};
    for (const auto& [seconds, requests] : arrivals_)
      series.values.push_back(requests.first / series.every_seconds);
    run_.series.push_back(std::move(series));
  }

  double step_of(const ByTime& by_time) {
    double step = 0;
    for (auto at = by_time.begin(); at != by_time.end() && std::next(at) != by_time.end(); ++at) {
      const double gap = std::next(at)->first - at->first;
      if (step > 0 && std::abs(gap - step) > 1e-3 * step)
        note(run_, "samples are missing: series hold what there is, in order");
      step = step > 0 ? std::min(step, gap) : gap;
    }
    return step > 0 ? step : 1;
  }

  Measurements& run_;
  Problems& problems_;
  EngineIncrease increase_;
  std::map<std::string, ByTime> gauges_;
  ByTime arrivals_;
  double first_ = std::numeric_limits<double>::infinity();  // of counters
  double last_ = -first_;
};

}  // namespace

Measurements read_query_ranges(const MeasuredFiles& files, Problems& problems) {
  Measurements run;
  RangeReader reader(run, problems);
  for (const MeasuredFile& file : files) reader.read(file);
  reader.finish();
  return run;
}

}  // namespace kvsim::validation
