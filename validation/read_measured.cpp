// SPDX-License-Identifier: Apache-2.0
#include "validation/read_measured.h"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <set>

#include "base/text.h"
#include "validation/measurements/measurements.h"
#include "validation/public_file.h"

namespace kvsim::validation {
namespace {

using Noise = std::map<std::string, double, std::less<>>;

Noise read_noise(Fields noise) {
  Noise by_metric;
  for (const std::string& metric : noise.keys()) {
    if (find_metric(metric) == nullptr)
      noise.problem(metric, "is no metric", valid_names_remedy(metric, metric_names()));
    by_metric[metric] = noise.number(metric, {0, 10});
  }
  return by_metric;
}

std::set<std::uint32_t> read_skipped(Fields& measured) {
  std::set<std::uint32_t> skipped;
  for (const double stage : measured.numbers("skip_stages", {0, 100'000})) {
    skipped.insert(static_cast<std::uint32_t>(stage));
    if (stage != std::floor(stage))
      measured.problem("skip_stages", "a stage is no whole number", "count from 0");
  }
  return skipped;
}

}  // namespace

std::vector<MeasuredFigure> read_measured(Fields measured, MeasuredOf of, Problems& problems) {
  const PublicFile file{measured.text("read"), measured.text("read_from", ""), "KVSIM_DATA_SETS"};
  MeasurementOptions options;
  options.seconds_between = measured.maybe_number("seconds_between", {0, 1e9, true});
  const std::set<std::uint32_t> skipped = read_skipped(measured);
  const Noise noise = read_noise(measured.map("noise"));
  const std::string path = find_public(file, of.case_file, of.not_run);
  const std::vector<Measurements> runs =
      path.empty() ? std::vector<Measurements>() : read_measurements(path, problems, options);
  const std::string name = measured.text("run", "");
  measured.finish();
  const Measurements* run = find_run(runs, name);
  if (run == nullptr && !runs.empty())
    measured.problem("run",
                     name.empty() ? "missing, and there are several runs" : fmt::format("no run '{}'", name),
                     valid_names_remedy(name, run_names(runs)));
  if (run == nullptr) return {};
  std::vector<MeasuredFigure> figures = scored_figures(*run, skipped);
  for (MeasuredFigure& figure : figures) {
    figure.source = of.source;
    if (const auto found = noise.find(figure.metric); found != noise.end()) figure.noise = found->second;
  }
  if (figures.empty())
    measured.problem("read", "no figure in it", "give files with figures of a served load");
  return figures;
}

}  // namespace kvsim::validation
