// SPDX-License-Identifier: Apache-2.0
// OpenMetrics text with times, as `kvsim run --export prometheus` writes it and `promtool tsdb
// dump-openmetrics` gives it.
#include "validation/measurements/engine_series.h"
#include "validation/measurements/formats.h"

namespace kvsim::validation {

Measurements read_openmetrics(const MeasuredFiles& files, Problems& problems) {
  Measurements run;
  EngineSeries engines(run);
  for (const MeasuredFile& file : files)
    for (const TimedSeries& series : parse_timed_openmetrics(file.text, file.path, problems)) {
      if (series.name == kConfigMetric)
        run.engine = engine_facts(series.labels);
      else
        engines.add(series, file.path);
    }
  engines.finish();
  return run;
}

}  // namespace kvsim::validation
