// SPDX-License-Identifier: Apache-2.0
#include "validation/read_curve.h"

#include <fmt/format.h>

#include "base/text.h"
#include "sim/kv/eviction_policies.h"

namespace kvsim::validation {
namespace {

constexpr std::size_t kMostValues = 1000;

// [x, y] or [x, y, uncertainty]; nothing where it is not that.
std::optional<CurveValue> value_of(const Node& item) {
  if (!item.is_sequence() || item.items.size() < 2 || item.items.size() > 3) return {};
  double numbers[3] = {};
  for (std::size_t i = 0; i < item.items.size(); ++i) {
    const Node& node = item.items[i];
    const std::optional<double> number = node.is_scalar() ? parse_double(node.scalar) : std::nullopt;
    if (!number || *number < 0 || *number > kLargestValue) return {};
    numbers[i] = *number;
  }
  return CurveValue{numbers[0], numbers[1], numbers[2]};
}

std::vector<CurveValue> read_values(Fields& entry) {
  std::vector<CurveValue> values;
  const Node* list = entry.raw("values");
  if (list == nullptr || !list->is_sequence() || list->items.empty() || list->items.size() > kMostValues) {
    entry.problem("values", "no list of values", fmt::format("give 1 to {} of [x, y]", kMostValues));
    return values;
  }
  for (std::size_t i = 0; i < list->items.size(); ++i) {
    if (const auto value = value_of(list->items[i]))
      values.push_back(*value);
    else
      entry.problem(fmt::format("values[{}]", i), "found no point of a curve",
                    fmt::format("give [x, y] or [x, y, uncertainty], numbers from 0 to {:g}", kLargestValue));
  }
  return values;
}

void read_judgement(Fields& entry, Curve& curve) {
  curve.tolerance = entry.maybe_number("tolerance", {0, 10});
  if (const auto difference = entry.maybe_number("tolerance_absolute", {0, kLargestValue})) {
    if (curve.tolerance) entry.problem("tolerance_absolute", "given beside tolerance", "keep one of the two");
    curve.tolerance = difference;
    curve.absolute = true;
  }
  curve.judged_from = entry.number("judged_from", {0, kLargestValue}, 0);
  curve.judged_to = entry.number("judged_to", {0, kLargestValue}, kLargestValue);
  if (curve.judged_from > curve.judged_to)
    entry.problem("judged_from", "above judged_to", "give at most judged_to");
}

// What x sets: each path takes x times its factor.
class Varied {
 public:
  explicit Varied(Fields& entry) : entry_(entry) {
    const Node* node = entry.raw("vary");
    if (node == nullptr && entry.has("stages")) return;
    if (node == nullptr || !node->is_map() || node->members.empty()) {
      entry.problem("vary", "no path that takes x", "give a map of PATH: FACTOR");
      return;
    }
    for (const auto& [path, factor] : node->members) add(path, factor);
  }

  Settings at(double x) const {
    Settings settings;
    for (const auto& [path, factor] : factors_)
      if (const auto one = setting(entry_, "vary", path, fmt::format("{:.12g}", x * factor)))
        settings.append(*one);
    return settings;
  }

 private:
  void add(const std::string& path, const Node& factor) {
    const std::optional<double> number = factor.is_scalar() ? parse_double(factor.scalar) : std::nullopt;
    if (!number || *number <= 0 || *number > kLargestValue)
      entry_.problem("vary", fmt::format("'{}' has no factor above 0", path),
                     "give what x is multiplied by; 1 for x itself");
    else if (setting(entry_, "vary", path, "1"))
      factors_.emplace_back(path, *number);
  }

  Fields& entry_;
  std::vector<std::pair<std::string, double>> factors_;
};

Settings joined(Settings first, const Settings& second) {
  first.append(second);
  return first;
}

RunCurve read_measure(Fields& entry, Curve& curve) {
  RunCurve run;
  const Metric& metric = read_metric(entry);
  run.figure.metric = metric.name;
  run.figure.statistic = read_statistic(entry, metric);
  run.figure.gaps_per_token = read_gaps_per_token(entry, metric);
  curve.y = fmt::format("{}{}{}", metric.name, run.figure.statistic.empty() ? "" : " ", run.figure.statistic);
  if (entry.has("speedup_over")) {
    curve.y = "speed-up in " + curve.y;
    if (metric.quantity != Quantity::kSeconds)
      entry.problem("speedup_over", fmt::format("{} is no time", metric.name), "give a metric in seconds");
  } else {
    run.unit = read_unit(entry, metric.quantity);
    for (const Unit& unit : units_of(metric.quantity))
      if (unit.factor == run.unit) curve.y += ", " + unit.name;
  }
  return run;
}

// Of each value, in order: `stages` gives one for each, `stage` one for all.
std::vector<std::optional<std::uint32_t>> read_stages(Fields& entry, std::size_t values) {
  const std::optional<std::uint32_t> of_all = read_stage(entry);
  if (entry.raw("stages") == nullptr) return std::vector(values, of_all);
  std::vector<std::optional<std::uint32_t>> stages;
  for (const double stage : entry.numbers("stages", {0, 100'000}))
    stages.emplace_back(static_cast<std::uint32_t>(stage));
  if (of_all) entry.problem("stages", "given beside stage", "keep one of the two");
  if (stages.size() != values) {
    entry.problem("stages", fmt::format("{} stages of {} values", stages.size(), values),
                  "give the stage of each value");
    stages.resize(values);
  }
  return stages;
}

// The keys that curves of all kinds have.
Curve read_common(Fields& entry) {
  Curve curve;
  curve.name = entry.text("name");
  curve.explained = entry.text("explained", "");
  curve.values = read_values(entry);
  read_judgement(entry, curve);
  return curve;
}

}  // namespace

Curve read_run_curve(Fields& entry, const RunReader& runs, Problems& problems) {
  Curve curve = read_common(entry);
  curve.x = entry.text("x", "x");
  RunCurve run = read_measure(entry, curve);
  const Settings own = read_settings(entry, "set");
  const bool has_base = entry.has("speedup_over");
  const Settings base = read_settings(entry, "speedup_over");
  const auto stages = read_stages(entry, curve.values.size());
  const Varied varied(entry);
  entry.finish();
  for (std::size_t i = 0; i < curve.values.size(); ++i) {
    const Settings x = varied.at(curve.values[i].x);
    RunCurve::Point point;
    point.stage = stages[i];
    const auto of_point = runs.read(joined(own, x), entry, "set", problems);
    if (!of_point) break;  // the next values would have the same fault
    point.run = *of_point;
    if (has_base && !(point.base = runs.read(joined(x, base), entry, "speedup_over", problems))) break;
    run.points.push_back(std::move(point));
  }
  curve.of = std::move(run);
  return curve;
}

Curve read_copy_curve(Fields& entry, const Copies& copies) {
  Curve curve = read_common(entry);
  curve.x = "KiB";
  curve.y = "GB/s";
  const CopyMethod& method = entry.choice("method", {"dma", "kernel"}) == "dma" ? copies.dma : copies.kernel;
  const bool to_host = entry.choice("direction", {"to-host", "to-gpu"}) == "to-host";
  const CopyFigures& figures = to_host ? method.to_host : method.to_gpu;
  curve.of = CopyCurveOf{figures.fixed_seconds.value, figures.bytes_per_second.value};
  entry.finish();
  return curve;
}

Curve read_replay_curve(Fields& entry, const ReplayCurve& replay) {
  Curve curve = read_common(entry);
  curve.x = "tokens";
  curve.y = "hit ratio";
  ReplayCurve own = replay;
  own.policy = sim::parse_eviction_policy(entry.choice("policy", sim::eviction_policy_names()), "policy");
  curve.of = own;
  entry.finish();
  return curve;
}

}  // namespace kvsim::validation
