// SPDX-License-Identifier: Apache-2.0
#include "sim/report/compare_runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>

#include "sim/report/summary_json.h"
#include "sim/report/sweep_runs.h"

namespace kvsim::sim {
namespace {

namespace fs = std::filesystem;

constexpr const char* kWhatToName = "name what 'kvsim run --out' or 'kvsim sweep --out' wrote";

bool is_there(const fs::path& file) {
  std::error_code unknown;
  return fs::is_regular_file(file, unknown);
}

std::vector<std::string> summaries_below(const fs::path& folder) {
  std::vector<std::string> files;
  std::error_code unreadable;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, unreadable))
    if (is_there(entry.path() / "summary.json")) files.push_back((entry.path() / "summary.json").string());
  std::sort(files.begin(), files.end());
  return files;
}

std::optional<std::uint64_t> seed_of(const Node& summary) {
  const std::string text = text_of(summary, "scenario.seed");
  std::uint64_t seed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return {};
  return seed;
}

std::optional<ComparedRun> read_run(const std::string& file, Problems& problems) {
  std::shared_ptr<const Node> summary;
  try {
    summary = load_json(file).root;
  } catch (const InputError& error) {
    problems.take_over(error);
    return {};
  }
  const std::string schema = text_of(*summary, "kvsim.schema");
  const std::optional<std::uint64_t> seed = seed_of(*summary);
  const Node* latency = summary->find("latency");
  if (schema.empty() || !seed || latency == nullptr || !latency->is_map()) {
    problems.add({file}, "", "is no summary of a run", kWhatToName);
  } else if (schema != std::to_string(kSummarySchema)) {
    problems.add({file}, "kvsim.schema",
                 fmt::format("found {} (kvsim {})", schema, text_of(*summary, "kvsim.version")),
                 fmt::format("this kvsim reads {}: simulate both sides with one version", kSummarySchema));
  } else {
    return ComparedRun{*seed, file, summary};
  }
  return {};
}

// The first run that does not belong to the others, if any; `runs` are in order of their seeds.
void check_kinship(const std::vector<ComparedRun>& runs, Problems& problems) {
  const auto fleet = [](const ComparedRun& run) { return text_of(*run.summary, "scenario.digests.fleet"); };
  for (std::size_t i = 1; i < runs.size(); ++i) {
    const bool is_twin = runs[i].seed == runs[i - 1].seed;
    if (!is_twin && fleet(runs[i]) == fleet(runs[i - 1])) continue;
    problems.add(
        {runs[i].file}, is_twin ? "scenario.seed" : "scenario.digests.fleet",
        is_twin ? fmt::format("found {}, which {} has too", runs[i].seed, runs[i - 1].file)
                : fmt::format("found {}, and {} in {}", fleet(runs[i]), fleet(runs[i - 1]), runs[i - 1].file),
        "a side is one fleet with each seed once, as a sweep of one point writes it");
    return;
  }
}

}  // namespace

std::vector<std::string> summaries_in(const std::string& place, Problems& problems) {
  if (is_there(place)) return {place};
  const fs::path folder(place);
  if (is_there(folder / "summary.json")) return {(folder / "summary.json").string()};
  std::vector<std::string> files = summaries_below(folder / "points");
  if (files.empty()) files = summaries_below(folder);
  if (files.empty())
    problems.add({place}, "", "found no summary.json, nor one in a folder below it", kWhatToName);
  return files;
}

ComparedSide read_side(const std::string& name, const std::vector<std::string>& files, Problems& problems) {
  ComparedSide side{name, {}};
  for (const std::string& file : files)
    if (std::optional<ComparedRun> run = read_run(file, problems)) side.runs.push_back(std::move(*run));
  std::stable_sort(side.runs.begin(), side.runs.end(),
                   [](const ComparedRun& a, const ComparedRun& b) { return a.seed < b.seed; });
  check_kinship(side.runs, problems);
  return side;
}

}  // namespace kvsim::sim
