// SPDX-License-Identifier: Apache-2.0
#include "sim/report/sweep_runs.h"

#include <fmt/format.h>

#include <filesystem>
#include <set>

#include "base/files.h"
#include "base/text.h"
#include "sim/report/results_folder.h"

namespace kvsim::sim {
namespace {

const Node* find_path(const Node& root, std::string_view path) {
  const Node* at = &root;
  for (const std::string_view key : split(path, '.')) {
    if (at == nullptr) return nullptr;
    if (!at->is_sequence()) {
      at = at->find(key);
      continue;
    }
    const auto index = parse_integer(key);
    const bool inside = index && *index >= 0 && *index < std::ssize(at->items);
    at = inside ? &at->items[static_cast<std::size_t>(*index)] : nullptr;
  }
  return at;
}

std::string contents_of(const Fleet& fleet) {
  std::string digests;
  for (const Pool& pool : fleet.pools)
    for (const std::string& file : {pool.model_config, pool.step_table, pool.profile_given})
      digests += hex64(digest_file(file)) + ' ';
  return digests;
}

}  // namespace

std::string contents_of(const Overlays& overlays) {
  std::string digests;
  for (const auto* places : {&overlays.catalog, &overlays.models, &overlays.profiles}) {
    std::set<std::filesystem::path> files(places->begin(), places->end());
    for (const std::string& place : *places) {
      if (!std::filesystem::is_directory(place)) continue;
      for (const auto& entry : std::filesystem::recursive_directory_iterator(place))
        files.insert(entry.path());
    }
    for (const std::filesystem::path& file : files) digests += hex64(digest_file(file.string())) + ' ';
    digests += '|';
  }
  return digests;
}

std::string digest_behind(const Fleet& fleet, const std::string& contents_of_overlays) {
  return hex64(digest(contents_of_overlays + contents_of(fleet)));
}

std::string run_digest(const SweepRun& run) {
  return hex64(digest(fmt::format("{} {} {} {} {}", KVSIM_VERSION, run.fleet_digest, run.trace_digest,
                                  run.data_digest, run.seed)));
}

std::string run_folder(const std::string& folder, const std::string& digest) {
  return folder + "/points/" + digest;
}

std::string summary_file(const std::string& folder, const std::string& digest) {
  return run_folder(folder, digest) + "/summary.json";
}

std::shared_ptr<const Node> kept_summary(const std::string& folder, const SweepRun& run) {
  const std::string file = summary_file(folder, run_digest(run));
  if (!std::filesystem::exists(file)) return nullptr;
  try {
    const std::shared_ptr<const Node> root = load_json(file).root;
    const bool is_this = text_of(*root, "scenario.digests.fleet") == run.fleet_digest &&
                         text_of(*root, "scenario.digests.trace") == run.trace_digest &&
                         text_of(*root, "scenario.seed") == std::to_string(run.seed) &&
                         text_of(*root, "kvsim.version") == KVSIM_VERSION;
    return is_this ? root : nullptr;
  } catch (const InputError&) {
    return nullptr;
  }
}

void keep_summary(const std::string& folder, const std::string& digest, const Summary& summary) {
  write_file(summary_file(folder, digest),
             [&summary](std::ostream& out) { write_summary_json(out, summary); });
}

std::optional<double> metric_of(const Node& summary, std::string_view path) {
  const Node* node = find_path(summary, path);
  return node != nullptr && node->is_scalar() && !node->quoted ? parse_double(node->scalar) : std::nullopt;
}

std::string text_of(const Node& summary, std::string_view path) {
  const Node* node = find_path(summary, path);
  return node != nullptr && node->is_scalar() ? node->scalar : "";
}

const Node* item_named(const Node& summary, std::string_view list, std::string_view key,
                       std::string_view name) {
  const Node* items = summary.find(list);
  if (items == nullptr) return nullptr;
  for (const Node& item : items->items)
    if (text_of(item, key) == name) return &item;
  return nullptr;
}

}  // namespace kvsim::sim
