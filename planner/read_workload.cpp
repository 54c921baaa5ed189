// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <filesystem>

#include "base/portable_math.h"
#include "planner/nodes.h"
#include "planner/read_parts.h"

namespace kvsim::planner {
namespace {

constexpr NumberRange kFactor{0, 1e6, true};
constexpr double kLongestSeconds = 1e9;

double read_seconds(Fields& fields, std::string_view key, double usual) {
  const double seconds = fields.duration_seconds(key, usual);
  if (seconds > kLongestSeconds) fields.problem(key, "more than 30 years", "give a duration such as 1h");
  return seconds;
}

double read_growth(Fields& workload, Defaults& defaults) {
  const Node* node = workload.raw("growth");
  if (node == nullptr || !node->is_map()) return defaults.number(workload, "growth", kFactor, 1);
  Fields growth = workload.map("growth");
  const double per_year = growth.number("per_year", {-0.99, 100});
  const double years = growth.number("years", {0, 100});
  growth.finish();
  const double factor = portable_pow(1 + per_year, years);
  if (factor <= kFactor.high) return factor;
  workload.problem("growth", fmt::format("makes a factor of {}", factor), "give a factor up to 1e6");
  return 1;
}

// What `kvsim run` has as options of a trace.
void read_trace_options(Fields& workload, traces::TraceOptions& options) {
  options.format = workload.choice("format", traces::trace_formats(), "");
  options.block_tokens = static_cast<std::uint32_t>(workload.integer("block_size", {1, 1 << 16}, 0));
  options.rate_scale = workload.number("rate_scale", {1e-6, 1e6}, 1.0);
  options.start_seconds = read_seconds(workload, "start", 0);
  options.duration_seconds = read_seconds(workload, "duration", 0);
  options.max_requests = static_cast<std::uint64_t>(workload.integer("max_requests", {0}, 0));
  options.spread_tick_seconds = read_seconds(workload, "spread", 0);
  options.spread_uniformly = workload.boolean("spread_uniformly", false);
  options.sort = workload.boolean("sort", false);
  options.default_output_tokens =
      static_cast<std::uint32_t>(workload.integer("default_output", {1, 1'000'000'000}, 0));
  options.timeout_seconds = read_seconds(workload, "timeout", 0);
  Fields names = workload.map("rename_models");
  for (const std::string& name : names.keys()) options.model_names[name] = names.text(name);
  Fields settings = workload.map("set");
  for (const std::string& path : settings.keys()) {
    const std::string value = flow_text(*settings.raw(path));
    options.overrides.push_back({path_of(workload, "set") + " " + path + "=" + value, path, value});
  }
}

void read_trace(Fields& owner, std::string_view key, ProblemReading& reading) {
  const std::string given = owner.text(key);
  if (given.empty()) return;
  const std::string path = reading.problem.workload.trace = reading.path_of(given);
  std::error_code error;
  if (path.find('\0') == std::string::npos && std::filesystem::is_regular_file(path, error)) return;
  owner.problem(key, fmt::format("there is no file {}", path),
                "give the path of a trace or workload YAML, from the folder of the problem file");
}

}  // namespace

void read_workload(Fields& root, ProblemReading& reading) {
  WorkloadPlan& plan = reading.problem.workload;
  const Node* node = root.raw("workload");
  const bool is_path = node != nullptr && node->is_scalar();
  const Node nothing = empty_map();
  Fields workload =
      is_path ? Fields(&nothing, root.file(), "workload", reading.problems) : root.map("workload");
  if (is_path) read_trace(root, "workload", reading);
  if (!is_path && workload.present()) read_trace(workload, "trace", reading);
  if (node == nullptr || node->is_null())
    root.problem("workload", "missing", "add the path of a trace or workload YAML");
  plan.growth = read_growth(workload, reading.defaults);
  plan.peak_factor = reading.defaults.number(workload, "peak_factor", kFactor, 1);
  plan.mean_load = reading.defaults.number(workload, "mean_load", {0, 1, true}, 1);
  if (!is_path) read_trace_options(workload, plan.reading);
  workload.finish();
}

}  // namespace kvsim::planner
