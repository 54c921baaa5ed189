// SPDX-License-Identifier: Apache-2.0
// All compared cases in a few numbers. Errors are relative; sizes of errors are without their sign.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "validation/compare.h"

namespace kvsim::validation {

constexpr const char* kAllVendors = "all";

struct MetricSummary {
  std::string vendor;                  // or kAllVendors
  std::string metric;                  // with its statistic
  bool unsaturated = false;            // only stages that are not saturated; else all figures
  std::size_t figures = 0;             // that have an error
  std::optional<double> median_error;  // nothing: of a gauge over time, whose difference has no sign
  double median_size = 0;
  std::size_t with_noise = 0, within_noise = 0;
  std::optional<double> median_noise;   // of the figures with one
  std::optional<double> median_spread;  // over seeds: (most - least) / mean
};

struct BaselineSummary {  // of the figures of which both kvsim and the baseline say something
  std::string metric;
  std::string baseline;
  std::size_t figures = 0;
  double kvsim = 0, baseline_size = 0;  // median sizes of errors
  bool beaten() const { return kvsim < baseline_size; }
};

struct SloSummary {
  std::string name;       // of the bound; kAllBounds: of all
  std::size_t rates = 0;  // that have an error or a bound of one
  std::size_t exact = 0;
  std::optional<double> mean_error, median_error;  // of the exact ones
  std::size_t at_least = 0, under = 0;             // errors of which only a bound is known
  // Of all rates, with the bounds as they stand: a bound of the median; nothing where there are bounds of
  // both directions.
  std::optional<Bounded> median_of_all;
  std::size_t undecided = 0;  // both censored in the same direction
};
constexpr const char* kAllBounds = "all bounds";

struct Summary {
  std::vector<MetricSummary> metrics;  // by vendor; where there are several, all of them last
  std::vector<BaselineSummary> baselines;
  std::vector<SloSummary> slo_rates;
};

Summary summarise(const std::vector<CaseResult>& results);

}  // namespace kvsim::validation
