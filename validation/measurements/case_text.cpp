// SPDX-License-Identifier: Apache-2.0
#include "validation/measurements/case_text.h"

#include <fmt/format.h>

#include "sim/scenario/yaml_text.h"

namespace kvsim::validation {
namespace {

std::string figure_text(const MeasuredFigure& figure) {
  std::string text = fmt::format("  - {{metric: {}", figure.metric);
  if (!figure.statistic.empty()) text += fmt::format(", statistic: {}", figure.statistic);
  if (figure.stage) text += fmt::format(", stage: {}", *figure.stage);
  return text + fmt::format(", value: {}}}\n", figure.value);
}

}  // namespace

std::string case_text(const CaseRequest& request) {
  using sim::yaml_text;
  std::string text = fmt::format("name: {}\nabout: {}\n", yaml_text(request.name), yaml_text(request.about));
  text += fmt::format("source: {{title: {}, date: {}}}\n", yaml_text(request.source.title),
                      yaml_text(request.source.date));
  text += fmt::format("fleet: {}\nworkload: {}\nmeasured:\n", yaml_text(request.fleet),
                      yaml_text(request.workload));
  for (const MeasuredFigure& figure : request.figures) text += figure_text(figure);
  return text;
}

}  // namespace kvsim::validation
