// SPDX-License-Identifier: Apache-2.0
#include "validation/measurements/formats.h"

#include <algorithm>

namespace kvsim::validation {
namespace {

using Format = MeasurementFormat;
using Options = MeasurementOptions;

using OfFile = Measurements (*)(const MeasuredFile&, Problems&);
using OfFiles = Measurements (*)(const MeasuredFiles&, Problems&);

FormatReader by_file(Format format, const char* words, OfFile read) {
  return {format, words, false, [read](const MeasuredFiles& files, const Options&, Problems& problems) {
            return std::vector<Measurements>{read(files.front(), problems)};
          }};
}

FormatReader by_folder(Format format, const char* words, OfFiles read) {
  return {format, words, true, [read](const MeasuredFiles& files, const Options&, Problems& problems) {
            return std::vector<Measurements>{read(files, problems)};
          }};
}

std::vector<FormatReader> all_readers() {
  return {
      by_folder(Format::kInferencePerf, "inference-perf", read_inference_perf),
      by_folder(Format::kBenchmarkReport, "llm-d benchmark report", read_benchmark_reports),
      by_folder(Format::kOpenMetrics, "OpenMetrics over time", read_openmetrics),
      by_folder(Format::kQueryRange, "Prometheus query_range", read_query_ranges),
      by_file(Format::kVllmBench, "vllm bench serve", read_vllm_bench),
      by_file(Format::kGuideLlm, "GuideLLM", read_guidellm),
      by_file(Format::kAiperf, "AIPerf", read_aiperf),
      by_file(Format::kStepCsv, "step data", read_step_csv),
      {Format::kEngineDump, "vLLM /metrics", true,
       [](const MeasuredFiles& files, const Options& options, Problems& problems) {
         return std::vector<Measurements>{read_engine_dumps(files, options, problems)};
       }},
      {Format::kStageCsv, "stage CSV", false,
       [](const MeasuredFiles& files, const Options&, Problems& problems) {
         return read_stage_csv(files.front(), problems);
       }},
  };
}

}  // namespace

const FormatReader& reader_of(MeasurementFormat format) {
  static const std::vector<FormatReader> readers = all_readers();
  return *std::find_if(readers.begin(), readers.end(),
                       [&](const FormatReader& reader) { return reader.format == format; });
}

}  // namespace kvsim::validation
