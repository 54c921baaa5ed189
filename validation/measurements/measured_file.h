// SPDX-License-Identifier: Apache-2.0
// A file of measurements and what wrote it, told by content.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/document.h"

namespace kvsim::validation {

enum class MeasurementFormat {
  kUnknown,
  kInferencePerf,
  kVllmBench,
  kGuideLlm,
  kAiperf,
  kBenchmarkReport,
  kEngineDump,
  kOpenMetrics,
  kQueryRange,
  kStageCsv,
  kStepCsv
};

struct MeasuredFile {
  std::string path;
  MeasurementFormat format = MeasurementFormat::kUnknown;
  Document document;  // of JSON and YAML formats
  std::string text;   // of the others
};

// InputError for a document that is broken. A text that is no document is of an unknown format.
MeasuredFile recognise(const std::string& path, std::string text);

// NaN and infinities, which Python's writers leave in JSON, become null.
std::string strict_json(std::string_view text);

}  // namespace kvsim::validation
