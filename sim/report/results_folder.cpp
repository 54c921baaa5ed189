// SPDX-License-Identifier: Apache-2.0
#include "sim/report/results_folder.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "base/files.h"

namespace kvsim::sim {
namespace {

namespace fs = std::filesystem;

std::string stage_file(const std::string& folder, std::int32_t index) {
  return fmt::format("{}/stage_{}_lifecycle_metrics.json", folder, index);
}

// Files that not every run has.
bool is_optional_file(const fs::path& path) {
  const std::string name = path.filename().string();
  return name == "tiers.csv" || name == "links.csv" ||
         (name.starts_with("stage_") && name.ends_with("_lifecycle_metrics.json"));
}

void remove_optional_files(const std::string& folder) {
  std::error_code ignored;
  std::vector<fs::path> old;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored))
    if (is_optional_file(entry.path())) old.push_back(entry.path());
  for (const fs::path& path : old) fs::remove(path, ignored);
}

}  // namespace

void check_results_folder(const std::string& folder) {
  const std::string probe = folder + "/.kvsim-probe";
  try {
    write_file(probe, "");
  } catch (const InputError& error) {
    Problem problem = error.problems().front();
    problem.where.file = folder;
    throw InputError({problem});
  }
  fs::remove(probe);
}

std::vector<std::string> write_results(const std::string& folder, const Summary& summary) {
  std::vector<std::string> written;
  const auto write = [&written](const std::string& path, const std::function<void(std::ostream&)>& writer) {
    write_file(path, writer);
    written.push_back(path);
  };
  remove_optional_files(folder);
  for (const StageSummary& stage : summary.stages)
    write(stage_file(folder, stage.info.index),
          [&stage](std::ostream& out) { write_stage_json(out, stage); });
  write(folder + "/timeseries.csv", [&summary](std::ostream& out) { write_timeseries_csv(out, summary); });
  if (summary.sizing) {
    write(folder + "/tiers.csv", [&summary](std::ostream& out) { write_tiers_csv(out, *summary.sizing); });
    write(folder + "/links.csv", [&summary](std::ostream& out) { write_links_csv(out, *summary.sizing); });
  }
  write(folder + "/run.html", [&summary](std::ostream& out) { write_run_html(out, summary); });
  write(folder + "/summary.json", [&summary](std::ostream& out) { write_summary_json(out, summary); });
  return written;
}

}  // namespace kvsim::sim
