// SPDX-License-Identifier: Apache-2.0
#include "validation/case.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <tuple>

#include "base/fields.h"
#include "base/text.h"
#include "sim/scenario/pool_spec.h"

namespace kvsim::validation {
namespace {

constexpr double kLargestValue = 1e15;

struct Unit {
  std::string name;
  double factor;
};

// The first is the one that a figure without `unit` is in.
const std::vector<Unit>& units_of(Quantity quantity) {
  static const std::map<Quantity, std::vector<Unit>> units{
      {Quantity::kSeconds, {{"s", 1}, {"ms", 1e-3}, {"us", 1e-6}}},
      {Quantity::kPerSecond, {{"1/s", 1}, {"1/min", 1.0 / 60}}},
      {Quantity::kShare, {{"share", 1}, {"%", 0.01}}},
      {Quantity::kCount, {{"count", 1}}},
  };
  return units.at(quantity);
}

class CaseReader {
 public:
  CaseReader(const Document& document, const sim::FleetInputs& inputs)
      : document_(document), inputs_(inputs), root_(document, problems_) {}

  Case read() {
    Case result;
    result.file = document_.file;
    result.name = root_.text("name");
    result.about = root_.text("about", "");
    std::tie(result.source, result.date) = read_source(root_, {});
    read_fleet(result);
    result.workload = path_of(root_.text("workload"));
    check_exists("workload", result.workload);
    result.seed = static_cast<std::uint64_t>(root_.integer("seed", {0}, 1));
    for (Fields& entry : root_.maps("measured")) result.figures.push_back(read_figure(entry, result));
    for (Fields& entry : root_.maps("series")) result.series.push_back(read_series(entry));
    if (result.figures.empty())
      root_.problem("measured", "no figure", "give a list of {metric, statistic, value}");
    choose_compared(result);
    root_.finish();
    problems_.throw_if_any();
    return result;
  }

 private:
  std::string path_of(const std::string& file) const {
    if (file.empty()) return "";
    return (std::filesystem::path(document_.file).parent_path() / file).lexically_normal().string();
  }

  void check_exists(std::string_view key, const std::string& path) {
    std::error_code ignored;
    if (!path.empty() && !std::filesystem::exists(path, ignored)) {
      root_.problem(key, fmt::format("no file {}", path), "give a path from the folder of this case");
    }
  }

  static std::pair<std::string, std::string> read_source(
      Fields& fields, std::optional<std::pair<std::string, std::string>> above) {
    Fields source = fields.map("source");
    if (!source.present() && above) return *above;
    std::pair<std::string, std::string> result{source.text("title"), source.text("date")};
    source.finish();
    return result;
  }

  void read_fleet(Case& result) {
    const Node* fleet = root_.raw("fleet");
    if (fleet == nullptr || !(fleet->is_scalar() || fleet->is_map())) {
      root_.problem("fleet", "missing", "give the path of a fleet YAML, or the fleet itself");
      return;
    }
    try {
      result.fleet = fleet->is_map() ? sim::read_fleet(*fleet, document_.file, inputs_)
                                     : sim::load_fleet(path_of(fleet->scalar), inputs_);
    } catch (const InputError& error) {
      sim::add_problems(error, {root_.location("fleet"), "fleet"}, problems_);
    }
  }

  MeasuredFigure read_figure(Fields& entry, const Case& of) {
    MeasuredFigure figure;
    std::vector<std::string> names;
    for (const Metric& metric : metrics()) names.emplace_back(metric.name);
    figure.metric = entry.choice("metric", names);
    const Metric& metric = *find_metric(figure.metric);
    figure.statistic = read_statistic(entry, metric);
    figure.value = entry.number("value", {0, kLargestValue}) * read_unit(entry, metric.quantity);
    if (metric.quantity == Quantity::kShare && figure.value > 1) {
      entry.problem("value", "a share over 1", "give a share from 0 to 1, or `unit: \"%\"`");
    }
    if (const auto stage = entry.maybe_integer("stage", {0, 100'000}))
      figure.stage = static_cast<std::uint32_t>(*stage);
    figure.noise = entry.number("noise", {0, 10}, 0.0);
    std::tie(figure.source, figure.date) = read_source(entry, std::pair(of.source, of.date));
    if (!seen_.insert({figure.metric, figure.statistic, figure.stage}).second) {
      entry.problem("metric", "the same figure stands here a second time", "keep one of them");
    }
    entry.finish();
    return figure;
  }

  static MeasuredSeries read_series(Fields& entry) {
    MeasuredSeries series;
    series.metric = entry.choice("metric", {"running_requests", "waiting_requests"});
    series.every_seconds = entry.number("every_seconds", {0.001, 86400}, 1);
    series.values = entry.numbers("values", {0, kLargestValue});
    if (series.values.empty()) entry.problem("values", "no value", "give the samples in order of time");
    entry.finish();
    return series;
  }

  static std::string read_statistic(Fields& entry, const Metric& metric) {
    if (metric.has_statistics) return entry.choice("statistic", statistics(), "mean");
    if (entry.maybe_text("statistic")) {
      entry.problem("statistic", fmt::format("{} is one value", metric.name), "leave the key out");
    }
    return "";
  }

  static double read_unit(Fields& entry, Quantity quantity) {
    std::vector<std::string> names;
    for (const Unit& unit : units_of(quantity)) names.push_back(unit.name);
    const std::string name = entry.choice("unit", names, names.front());
    const auto& units = units_of(quantity);
    return std::find_if(units.begin(), units.end(), [&](const Unit& unit) { return unit.name == name; })
        ->factor;
  }

  void choose_compared(Case& result) {
    if (!root_.has("compare")) {
      root_.raw("compare");
      return;
    }
    const std::vector<std::string> chosen = root_.texts("compare");
    std::set<std::string> measured;
    for (MeasuredFigure& figure : result.figures) {
      measured.insert(figure.metric);
      figure.compared = std::find(chosen.begin(), chosen.end(), figure.metric) != chosen.end();
    }
    for (const std::string& name : chosen) {
      if (!measured.contains(name)) {
        root_.problem("compare", fmt::format("'{}' is not measured", name),
                      valid_names_remedy(name, {measured.begin(), measured.end()}));
      }
    }
  }

  const Document& document_;
  const sim::FleetInputs& inputs_;
  Problems problems_;
  Fields root_;
  std::set<std::tuple<std::string, std::string, std::optional<std::uint32_t>>> seen_;
};

}  // namespace

const std::vector<Metric>& metrics() {
  static const std::vector<Metric> known{
      {"ttft_seconds", Quantity::kSeconds, true, "time to the first token, at the client"},
      {"tpot_seconds", Quantity::kSeconds, true,
       "(last - first token) / (output tokens - 1), for each request"},
      {"itl_seconds", Quantity::kSeconds, true, "gaps between tokens, all requests pooled"},
      {"e2e_seconds", Quantity::kSeconds, true, "from sending to the last token"},
      {"queue_seconds", Quantity::kSeconds, true, "in the engine's queue before the first step"},
      {"requests_per_second", Quantity::kPerSecond, false,
       "completed over last end - first start, drain included"},
      {"input_tokens_per_second", Quantity::kPerSecond, false,
       "prompt tokens of completed requests, likewise"},
      {"output_tokens_per_second", Quantity::kPerSecond, false, "generated tokens, likewise"},
      {"duration_seconds", Quantity::kSeconds, false, "last end - first start"},
      {"completed", Quantity::kCount, false, "requests that got their last token"},
      {"failed", Quantity::kCount, false, "requests that timed out"},
      {"preemptions", Quantity::kCount, false, "times that a running request lost its KV cache"},
      {"hit_ratio", Quantity::kShare, false, "hit tokens / prompt tokens, first admissions"},
      {"running_requests", Quantity::kCount, true, "in the engines' batches, sampled once a second"},
      {"waiting_requests", Quantity::kCount, true, "in the engines' queues, sampled once a second"},
      {"kv_usage", Quantity::kShare, true, "share of KV blocks in use, sampled once a second"},
  };
  return known;
}

const Metric* find_metric(std::string_view name) {
  const auto found = std::find_if(metrics().begin(), metrics().end(),
                                  [&](const Metric& metric) { return metric.name == name; });
  return found == metrics().end() ? nullptr : &*found;
}

const std::vector<std::string>& statistics() {
  static const std::vector<std::string> names{"mean", "p50", "p90", "p95", "p99", "min", "max"};
  return names;
}

Case load_case(const std::string& path, const sim::FleetInputs& inputs) {
  return read_case(load_yaml(path), inputs);
}

Case read_case(const Document& document, const sim::FleetInputs& inputs) {
  return CaseReader(document, inputs).read();
}

}  // namespace kvsim::validation
