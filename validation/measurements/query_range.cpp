// SPDX-License-Identifier: Apache-2.0
// Prometheus' query_range JSON: series of vLLM's metrics as they are, without functions around them.
#include <fmt/format.h>

#include <cmath>
#include <filesystem>

#include "base/text.h"
#include "validation/measurements/engine_series.h"
#include "validation/measurements/formats.h"

namespace kvsim::validation {
namespace {

// [seconds, "value"].
void add_value(const Node& pair, Fields& result, TimedSeries& series) {
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

TimedSeries read_series(Fields& result, const std::string& path) {
  TimedSeries series;
  Fields labels = result.map("metric");
  for (const std::string& label : labels.keys()) series.labels[label] = labels.maybe_text(label).value_or("");
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

void read_file(const MeasuredFile& file, EngineSeries& engines, Problems& problems) {
  Fields root(file.document, problems);
  Fields data = root.map("data");
  const std::string type = data.text("resultType");
  if (type != "matrix")
    data.problem("resultType", fmt::format("found '{}'", shortened(type)),
                 "ask /api/v1/query_range, which gives a matrix");
  for (Fields& result : data.maps("result")) engines.add(read_series(result, file.path), file.path);
}

}  // namespace

Measurements read_query_ranges(const MeasuredFiles& files, Problems& problems) {
  Measurements run;
  EngineSeries engines(run);
  for (const MeasuredFile& file : files) read_file(file, engines, problems);
  engines.finish();
  return run;
}

}  // namespace kvsim::validation
