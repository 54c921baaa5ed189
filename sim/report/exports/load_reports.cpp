// SPDX-License-Identifier: Apache-2.0
#include "sim/report/exports/load_reports.h"

#include "base/files.h"

namespace kvsim::sim {
namespace {

using WriteLoad = void (*)(std::ostream&, const ReportedRun&, const LoadFigures&);

void write_each(const std::string& folder, ExportFormat format, const ReportedRun& run, WriteLoad write) {
  for (const LoadFigures& load : run.loads) {
    const std::string stage = load.is_whole_run ? "" : std::to_string(load.stage.info.index);
    write_file(folder + "/" + export_file(format, stage), [&](std::ostream& out) { write(out, run, load); });
  }
}

}  // namespace

std::vector<std::pair<std::string_view, double>> named_shares(const Statistics& statistics,
                                                              const ShareNames& names, double unit) {
  std::vector<std::pair<std::string_view, double>> values;
  for (std::size_t i = 0; i < names.size() && i < statistics.at.size(); ++i)
    if (!names[i].empty()) values.emplace_back(names[i], statistics.at[i] * unit);
  return values;
}

void write_load_reports(const std::string& folder, const ExportFormats& formats, const ReportedRun& run) {
  if (formats.contains(ExportFormat::kAiperf)) write_each(folder, ExportFormat::kAiperf, run, write_aiperf);
  if (formats.contains(ExportFormat::kLlmdReport))
    write_each(folder, ExportFormat::kLlmdReport, run, write_benchmark_report);
  if (formats.contains(ExportFormat::kGuidellm))
    write_file(folder + "/" + export_file(ExportFormat::kGuidellm),
               [&run](std::ostream& out) { write_guidellm(out, run); });
}

}  // namespace kvsim::sim
