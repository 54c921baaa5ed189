// SPDX-License-Identifier: Apache-2.0
#include "validation/measurements/measurements.h"

namespace kvsim::validation {

const Measurements* find_run(const std::vector<Measurements>& runs, const std::string& name) {
  if (name.empty()) return runs.size() == 1 ? &runs.front() : nullptr;
  for (const Measurements& run : runs)
    if (run.name == name) return &run;
  return nullptr;
}

std::vector<std::string> run_names(const std::vector<Measurements>& runs) {
  std::vector<std::string> names;
  for (const Measurements& run : runs) names.push_back(run.name);
  return names;
}

std::vector<MeasuredFigure> scored_figures(const Measurements& run, std::set<std::uint32_t> skipped) {
  for (const MeasuredStage& stage : run.stages)
    if (stage.warm_up) skipped.insert(stage.index);
  std::vector<MeasuredFigure> figures = run.figures;
  std::erase_if(
      figures, [&](const MeasuredFigure& figure) { return figure.stage && skipped.contains(*figure.stage); });
  return figures;
}

}  // namespace kvsim::validation
