// SPDX-License-Identifier: Apache-2.0
// What a load generator would have reported of a run. docs/exports.md says what of each format is written.
#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/metrics/stage_summary.h"
#include "sim/metrics/summary.h"
#include "sim/report/exports/export_format.h"
#include "sim/scenario/fleet.h"

namespace kvsim::sim {

struct ReportedRun {
  const Fleet& fleet;
  const Summary& summary;
  const std::vector<LoadFigures>& loads;
};

void write_aiperf(std::ostream& out, const ReportedRun& run, const LoadFigures& load);
void write_guidellm(std::ostream& out, const ReportedRun& run);
void write_benchmark_report(std::ostream& out, const ReportedRun& run, const LoadFigures& load);

// Those of `formats` that are reports of loads, each whole or not at all: below `folder`, a results folder.
void write_load_reports(const std::string& folder, const ExportFormats& formats, const ReportedRun& run);

// Statistics by the names that a tool gives statistics_shares(); an empty name is left out.
using ShareNames = std::vector<std::string_view>;
std::vector<std::pair<std::string_view, double>> named_shares(const Statistics& statistics,
                                                              const ShareNames& names, double unit);

}  // namespace kvsim::sim
