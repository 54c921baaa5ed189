// SPDX-License-Identifier: Apache-2.0
// One reader a format. Each gets files of that format which belong together (docs/measurements.md says which
// do) and gives data sets without names: a run that has a name of its own tells it, others are named by path.
#pragma once

#include <functional>
#include <vector>

#include "validation/measurements/measured_file.h"
#include "validation/measurements/measurements.h"

namespace kvsim::validation {

using MeasuredFiles = std::vector<MeasuredFile>;

// Stage reports, the summary, and the report by request, of one folder.
Measurements read_inference_perf(const MeasuredFiles& files, Problems& problems);
Measurements read_vllm_bench(const MeasuredFile& file, Problems& problems);
Measurements read_guidellm(const MeasuredFile& file, Problems& problems);
Measurements read_aiperf(const MeasuredFile& file, Problems& problems);
Measurements read_benchmark_reports(const MeasuredFiles& files, Problems& problems);  // of one folder
// Dumps of /metrics of one or more engines, each perhaps at several times.
Measurements read_engine_dumps(const MeasuredFiles& files, const MeasurementOptions& options,
                               Problems& problems);
Measurements read_openmetrics(const MeasuredFiles& files, Problems& problems);  // with times
Measurements read_query_ranges(const MeasuredFiles& files, Problems& problems);
std::vector<Measurements> read_stage_csv(const MeasuredFile& file, Problems& problems);
Measurements read_step_csv(const MeasuredFile& file, Problems& problems);

struct FormatReader {
  MeasurementFormat format;
  const char* words;
  bool by_folder;  // the files of one folder are one run; else each file is read alone
  std::function<std::vector<Measurements>(const MeasuredFiles&, const MeasurementOptions&, Problems&)> read;
};
const FormatReader& reader_of(MeasurementFormat format);  // not of kUnknown

}  // namespace kvsim::validation
