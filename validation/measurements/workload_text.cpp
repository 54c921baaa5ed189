// SPDX-License-Identifier: Apache-2.0
#include "validation/measurements/workload_text.h"

#include <fmt/format.h>

#include <cmath>

#include "sim/scenario/yaml_text.h"

namespace kvsim::validation {
namespace {

constexpr double kHour = 3600;

// Lengths less a part that all have in common.
std::string lengths(double mean, std::optional<double> p50, std::optional<double> p95, double common) {
  if (p50 && p95 && *p50 > common + 1 && *p95 > *p50)
    return fmt::format("{{distribution: lognormal, median: {:.6g}, p95: {:.6g}}}", *p50 - common,
                       *p95 - common);
  return fmt::format("{}", std::max(1.0, std::round(mean - common)));
}

std::string arrivals(const MeasuredStage& stage) {
  if (stage.requested_rate && *stage.requested_rate > 0)
    return fmt::format("{{process: poisson, rate: {:.6g}}}", *stage.requested_rate);
  return fmt::format("{{process: closed, clients: {}}}",
                     std::max(1.0, std::round(stage.concurrency.value_or(1))));
}

double hit_ratio(const Measurements& run, const MeasuredStage& stage) {
  for (const MeasuredFigure& figure : run.figures)
    if (figure.metric == "hit_ratio" && (!figure.stage || figure.stage == stage.index)) return figure.value;
  return 0;
}

void require(bool there, const Measurements& run, std::string what, Problems& problems) {
  if (!there)
    problems.add({run.files.front()}, run.name, "no " + what + " in it",
                 "write the workload by hand: docs/workloads.md");
}

}  // namespace

std::string workload_text(const Measurements& run, const MeasuredStage& stage, Problems& problems) {
  require(stage.requested_rate || stage.concurrency, run, "rate or concurrency", problems);
  require(stage.prompt_tokens_mean.has_value(), run, "length of prompts", problems);
  require(stage.output_tokens_mean.has_value(), run, "length of answers", problems);
  const double prompt = stage.prompt_tokens_mean.value_or(1);
  const double common = std::floor(std::min(1.0, hit_ratio(run, stage)) * prompt);
  std::string text = fmt::format("# Out of {}, stage {}: means of what was measured, no recording of it.\n",
                                 run.format, stage.index);
  text += fmt::format("kind: generate\nname: {}\n", sim::yaml_text(run.name));
  text += fmt::format("duration: {:.6g}\narrivals: {}\n", stage.duration_seconds.value_or(kHour),
                      arrivals(stage));
  if (common >= 1)
    text += fmt::format(
        "# The measured hit ratio, as if all prompts began alike.\nshared_prompts: [{{tokens: {}}}]\n",
        common);
  text += fmt::format("input_tokens: {}\n",
                      lengths(prompt, stage.prompt_tokens_p50, stage.prompt_tokens_p95, common));
  return text +
         fmt::format("output_tokens: {}\n", lengths(stage.output_tokens_mean.value_or(1),
                                                    stage.output_tokens_p50, stage.output_tokens_p95, 0));
}

}  // namespace kvsim::validation
