// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/held_out.h"

#include <algorithm>

#include "base/portable_math.h"

namespace kvsim::validation {
namespace {

using models::FitOutcome;
using models::Values;

double linearised(const FittedFigure& figure, const FitOutcome& outcome, std::size_t at,
                  const Values& values) {
  double residual = outcome.residuals[at];
  for (std::size_t p = 0; p < values.size(); ++p)
    residual += outcome.jacobian[at][p] * portable_log(values[p] / outcome.values[p]);
  return figure.measured.value * portable_exp(residual * figure.noise);
}

std::vector<CompareFit> without_each_stage(const ServingFit& fit, const FitOutcome& outcome) {
  const FittedFigures& fitted = fit.fitted();
  std::vector<CompareFit> predicted;
  for (std::size_t unit = 0; unit < fitted.units; ++unit) {
    std::vector<double> counts;
    for (const FittedFigure& figure : fitted.figures) counts.push_back(figure.unit == unit ? 0 : 1);
    const Values values = models::refit(fit.parameters(), outcome, counts);
    for (std::size_t i = 0; i < counts.size(); ++i)
      if (counts[i] == 0)
        predicted.push_back({fitted.figures[i], linearised(fitted.figures[i], outcome, i, values)});
  }
  return predicted;
}

std::vector<CompareFit> without(ServingFit& fit, const Fold& fold) {
  std::vector<bool> chosen = fold.held_out;
  chosen.flip();
  if (std::find(chosen.begin(), chosen.end(), true) == chosen.end()) return {};  // nothing is left to fit
  // From the priors, not from the fit of all, which has seen what is held out.
  const Values values = fit.fit(chosen, fit.starts(), "without " + fold.name).values;
  const std::vector<CompareFit> all = fit.beside(values);
  std::vector<CompareFit> predicted;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (fold.held_out[i]) predicted.push_back(all[i]);
  return predicted;
}

}  // namespace

HeldOut hold_out(ServingFit& fit, const FitOutcome& outcome, HoldOut by) {
  if (by == HoldOut::kStages) return {by, without_each_stage(fit, outcome)};
  if (by == HoldOut::kOtherStages) return {by, fit.other_stages(outcome.values)};
  HeldOut held{by, {}};
  for (const Fold& fold : folds(fit.fitted(), fit.cases(), by))
    for (CompareFit& one : without(fit, fold)) held.predicted.push_back(std::move(one));
  return held;
}

}  // namespace kvsim::validation
