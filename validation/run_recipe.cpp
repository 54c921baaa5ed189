// SPDX-License-Identifier: Apache-2.0
#include "validation/run_recipe.h"

#include <fmt/format.h>

#include <filesystem>

#include "sim/scenario/pool_spec.h"

namespace kvsim::validation {
namespace {

// As YAML reads it back.
std::string as_written(const Node& value) {
  if (!value.quoted) return value.is_null() ? "null" : value.scalar;
  std::string text = "'";
  for (const char c : value.scalar) text += c == '\'' ? std::string("\'\'") : std::string(1, c);
  return text + "'";
}

}  // namespace

std::string beside(const std::string& case_file, const std::string& path) {
  if (path.empty()) return "";
  return (std::filesystem::path(case_file).parent_path() / path).lexically_normal().string();
}

void Settings::append(const Settings& later) {
  fleet.insert(fleet.end(), later.fleet.begin(), later.fleet.end());
  workload.insert(workload.end(), later.workload.begin(), later.workload.end());
}

std::string Settings::identity() const {
  std::string text;
  for (const Override& one : fleet) text += fmt::format("fleet.{}={}\n", one.path, one.value);
  for (const Override& one : workload) text += fmt::format("workload.{}={}\n", one.path, one.value);
  return text;
}

std::optional<Settings> setting(Fields& parent, std::string_view key, const std::string& path,
                                const std::string& value) {
  Settings settings;
  for (const auto& [lead, list] :
       {std::pair<std::string, Overrides*>{"fleet.", &settings.fleet}, {"workload.", &settings.workload}}) {
    if (path.size() <= lead.size() || path.compare(0, lead.size(), lead) != 0) continue;
    list->push_back({fmt::format("{}: {}: {}", parent.file(), key, path), path.substr(lead.size()), value});
    return settings;
  }
  parent.problem(key, fmt::format("found the path '{}'", path), "begin it with fleet. or workload.");
  return {};
}

Settings read_settings(Fields& parent, std::string_view key) {
  Settings settings;
  const Node* node = parent.raw(key);
  if (node == nullptr || node->is_null()) return settings;
  if (!node->is_map()) parent.problem(key, "found no map", "give a map of PATH: VALUE");
  for (const auto& [path, value] : node->members) {
    if (!value.is_scalar() && !value.is_null()) {
      parent.problem(key, fmt::format("'{}' is no single value", path),
                     "set each key below it by its own path");
    } else if (const auto one = setting(parent, key, path, as_written(value))) {
      settings.append(*one);
    }
  }
  return settings;
}

traces::TraceOptions reading_of(const Run& run) {
  traces::TraceOptions reading;
  reading.seed = run.seed;
  reading.overrides = run.workload_settings;
  return reading;
}

RunReader::RunReader(Fields& root, const std::string& file, const sim::FleetInputs& inputs,
                     const Settings& besides)
    : file_(file),
      inputs_(inputs),
      besides_(besides),
      fleet_(root.raw("fleet")),
      workload_(beside(file, root.text("workload"))) {
  if (fleet_ == nullptr || !(fleet_->is_scalar() || fleet_->is_map())) {
    root.problem("fleet", "missing", "give the path of a fleet YAML, or the fleet itself");
    fleet_ = nullptr;
  }
  std::error_code ignored;
  if (!workload_.empty() && !std::filesystem::exists(workload_, ignored)) {
    root.problem("workload", fmt::format("no file {}", workload_),
                 "give a path from the folder of this case");
    workload_.clear();
  }
  seed_ = static_cast<std::uint64_t>(root.integer("seed", {0}, 1));
}

sim::Fleet RunReader::fleet_with(const Overrides& settings) const {
  if (fleet_->is_scalar()) return sim::load_fleet(beside(file_, fleet_->scalar), inputs_, settings);
  const Document inside{file_, std::make_shared<const Node>(*fleet_)};
  return sim::read_fleet(*with_overrides(inside, settings).root, file_, inputs_);
}

std::optional<Run> RunReader::read(const Settings& own, Fields& place, std::string_view key,
                                   Problems& problems) const {
  if (fleet_ == nullptr || workload_.empty()) return {};
  Settings settings = own;
  settings.append(besides_);
  try {
    Run run{settings.identity(), {}, workload_, settings.workload, seed_};
    if (!settings.workload.empty()) traces::open_source(workload_, reading_of(run));
    run.fleet = fleet_with(settings.fleet);
    return run;
  } catch (const InputError& error) {
    sim::add_problems(error, {place.location(key), std::string(key)}, problems);
    return {};
  }
}

}  // namespace kvsim::validation
