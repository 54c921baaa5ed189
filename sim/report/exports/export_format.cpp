// SPDX-License-Identifier: Apache-2.0
#include "sim/report/exports/export_format.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <system_error>

#include "base/calendar_date.h"

namespace kvsim::sim {
namespace {

namespace fs = std::filesystem;

struct FormatNames {
  const char* option;
  const char* stem;
  const char* ending;
};

// In the order of ExportFormat.
constexpr FormatNames kNames[] = {{"prometheus", "openmetrics", ".txt"},
                                  {"aiperf", "profile_export_aiperf", ".json"},
                                  {"guidellm", "guidellm", ".json"},
                                  {"llmd-report", "llmd_benchmark_report", ".yaml"}};

bool is_export(const std::string& file) {
  return std::any_of(std::begin(kNames), std::end(kNames), [&](const FormatNames& names) {
    const std::string stem = names.stem;
    return file == stem + names.ending ||
           (file.starts_with(stem + "_stage_") && file.ends_with(names.ending));
  });
}

}  // namespace

const std::vector<std::string>& export_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const FormatNames& one : kNames) list.push_back(one.option);
    return list;
  }();
  return names;
}

ExportFormat export_format(const std::string& name) {
  const auto found = std::find(export_names().begin(), export_names().end(), name);
  return static_cast<ExportFormat>(found - export_names().begin());
}

std::string export_file(ExportFormat format, const std::string& stage) {
  const FormatNames& names = kNames[static_cast<std::size_t>(format)];
  return fmt::format("exports/{}{}{}{}", names.stem, stage.empty() ? "" : "_stage_", stage, names.ending);
}

void remove_exports(const std::string& results_folder) {
  const fs::path folder = fs::path(results_folder) / "exports";
  std::error_code ignored;
  std::vector<fs::path> old;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored))
    if (is_export(entry.path().filename().string())) old.push_back(entry.path());
  for (const fs::path& path : old) fs::remove(path, ignored);
  if (fs::is_empty(folder, ignored)) fs::remove(folder, ignored);
}

std::string export_time(Nanoseconds time) {
  using namespace std::chrono;
  const sys_time<milliseconds> at{seconds(kExportStartSeconds) + milliseconds(time / 1'000'000)};
  const sys_days day = floor<days>(at);
  const hh_mm_ss clock(at - day);
  return fmt::format("{}T{:02}:{:02}:{:02}.{:03}Z", calendar_date(day.time_since_epoch().count()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

}  // namespace kvsim::sim
