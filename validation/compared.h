// SPDX-License-Identifier: Apache-2.0
// A measured figure or curve beside what the simulation gives for it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "validation/case.h"
#include "validation/offered_load.h"

namespace kvsim::validation {

enum class Judgement { kShown, kWithin, kOutside };  // shown: no tolerance is given, or nothing to compare

struct Spread {  // over the seeds of a run
  double least = 0;
  double most = 0;
};

struct ComparedFigure {
  MeasuredFigure measured;
  std::optional<double> simulated;  // mean over seeds; nothing: a run gives no such figure
  std::optional<Spread> spread;     // nothing: one seed
  std::optional<double> rate;       // offered in its stage, requests/s
  std::optional<bool> saturated;    // its stage, as measured (validation/saturation.h); nothing: unknown
  std::vector<std::optional<double>> by_baseline;  // one for each of baselines()
  // (simulated - measured) / measured; nothing where one of them is missing or measured is 0.
  std::optional<double> error() const;
  std::optional<double> error_of(std::optional<double> value) const;  // of what a baseline says
  Judgement judgement() const;
  std::optional<bool> within_noise() const;  // nothing: no noise is known, or no error
};

struct ComparedSeries {
  MeasuredSeries measured;
  std::vector<double> simulated;  // at the same moments, means over seeds; 0 after the run's end
  double mean_absolute_difference() const;
  std::optional<double> relative_difference() const;  // over the mean of the measured; nothing: that is 0
};

struct ComparedRequests {
  MeasuredRequests measured;
  std::vector<std::optional<double>>
      simulated;                       // one for each value, means over seeds; nothing: not completed
  std::vector<double> errors() const;  // relative, signed, of those that were completed
};

struct SizesOfErrors {      // of many requests, all relative
  double median_error = 0;  // signed: the bias
  double median_size = 0;
  double p90_size = 0;
};
std::optional<SizesOfErrors> sizes_of(std::vector<double> errors);  // nothing: there is none

struct ComparedStage {
  OfferedLoad load;
  std::optional<bool> saturated, saturated_simulated;  // by the same rule
};

struct ComparedSloRate {
  SloRate slo;
  std::optional<Bounded> measured, simulated;  // requests/s; nothing: no stage has the figure
  std::optional<Bounded> error;
};

struct ComparedPoint {
  std::string name;
  std::vector<ComparedFigure> figures;
  std::vector<ComparedSeries> series;
  std::vector<ComparedRequests> requests;
  std::string vendor;                 // of its accelerators; "mixed" where there are several
  std::vector<ComparedStage> stages;  // those that have a rate
  std::vector<ComparedSloRate> slo_rates;
};

struct ComparedCurve {
  Curve measured;
  std::vector<std::optional<double>> simulated;      // one for each value, in the curve's unit
  std::vector<std::optional<Spread>> spread;         // likewise
  std::optional<double> error(std::size_t i) const;  // relative; of an absolute tolerance the difference
  Judgement judgement(std::size_t i) const;
};

}  // namespace kvsim::validation
