// SPDX-License-Identifier: Apache-2.0
// Results in the formats of other tools, below `exports/` in a results folder (docs/exports.md).
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "base/time.h"

namespace kvsim::sim {

enum class ExportFormat : std::uint8_t { kPrometheus, kAiperf, kGuidellm, kLlmdReport };
using ExportFormats = std::set<ExportFormat>;

const std::vector<std::string>& export_names();       // as `--export` takes them
ExportFormat export_format(const std::string& name);  // of one of these

// Of one load stage, or of the whole run where `stage` is nothing. GuideLLM and Prometheus have one file a
// run.
std::string export_file(ExportFormat format, const std::string& stage = "");

// The exports of an earlier run; other files are left alone.
void remove_exports(const std::string& results_folder);

// A run has no date: its second 0 is the start of 2026 wherever a format asks for one.
inline constexpr std::int64_t kExportStartSeconds = 1'767'225'600;  // since 1970
std::string export_time(Nanoseconds time);                          // "2026-01-01T00:00:12.345Z"

}  // namespace kvsim::sim
