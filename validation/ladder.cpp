// SPDX-License-Identifier: Apache-2.0
#include "validation/ladder.h"

#include <algorithm>
#include <limits>

#include "validation/baselines/baseline.h"
#include "validation/saturation.h"

namespace kvsim::validation {
namespace {

using Pick = std::optional<double> (*)(const ComparedFigure&);
std::optional<double> as_measured(const ComparedFigure& figure) { return figure.measured.value; }
std::optional<double> as_simulated(const ComparedFigure& figure) { return figure.simulated; }

std::string vendor_of(const sim::Fleet& fleet) {
  const std::string& first = fleet.pools.front().accelerator.vendor;
  const bool alike = std::all_of(fleet.pools.begin(), fleet.pools.end(),
                                 [&](const sim::Pool& pool) { return pool.accelerator.vendor == first; });
  return alike ? first : "mixed";
}

StageValue values_of_stage(const std::vector<ComparedFigure>& figures, const OfferedLoad& load, Pick pick) {
  return [&figures, stage = load.stage, pick](const std::string& metric, const std::string& statistic) {
    for (const ComparedFigure& figure : figures)
      if (figure.measured.stage == stage && figure.measured.metric == metric &&
          figure.measured.statistic == statistic)
        return pick(figure);
    return std::optional<double>();
  };
}

std::vector<ComparedStage> compared_stages(const std::vector<ComparedFigure>& figures,
                                           const std::vector<OfferedLoad>& loads) {
  std::vector<ComparedStage> stages;
  for (const OfferedLoad& load : loads)
    if (load.stage)
      stages.push_back({load, is_saturated(load, values_of_stage(figures, load, as_measured)),
                        is_saturated(load, values_of_stage(figures, load, as_simulated))});
  return stages;
}

void complete(ComparedFigure& figure, const BaselineInput& input, const std::vector<ComparedStage>& stages) {
  for (const Baseline& baseline : baselines())
    figure.by_baseline.push_back(baseline.predict(input, figure.measured));
  for (const ComparedStage& stage : stages) {
    if (stage.load.stage != figure.measured.stage) continue;
    figure.rate = stage.load.rate;
    figure.saturated = stage.saturated;
  }
}

ComparedSloRate compared_slo(const SloRate& slo, const std::vector<ComparedFigure>& figures) {
  std::vector<RatePoint> measured, simulated;
  for (const ComparedFigure& figure : figures) {
    if (!figure.rate || !of_slo(figure.measured, slo)) continue;
    measured.push_back({*figure.rate, figure.measured.value});
    simulated.push_back({*figure.rate, figure.simulated.value_or(std::numeric_limits<double>::infinity())});
  }
  ComparedSloRate result{slo, rate_under(measured, slo.below), rate_under(simulated, slo.below), {}};
  if (result.measured && result.simulated) result.error = error_of_rates(*result.measured, *result.simulated);
  return result;
}

}  // namespace

void add_ladder(const Point& point, const std::vector<SloRate>& slo_rates, ComparedPoint& compared) {
  const std::vector<OfferedLoad> loads = offered_loads(point.run);
  compared.vendor = vendor_of(point.run.fleet);
  compared.stages = compared_stages(compared.figures, loads);
  for (ComparedFigure& figure : compared.figures) complete(figure, {point, loads}, compared.stages);
  for (const SloRate& slo : slo_rates) compared.slo_rates.push_back(compared_slo(slo, compared.figures));
}

}  // namespace kvsim::validation
