// SPDX-License-Identifier: Apache-2.0
// Where a pool's step times come from, for the reader of a result.
#pragma once

#include <string>
#include <vector>

#include "models/fitted_quantity.h"
#include "models/profile.h"

namespace kvsim::models {

enum class StepTimeKind : std::uint8_t { kPrior, kCalibrated, kTable };
std::string_view name(StepTimeKind kind);  // "prior", "calibrated", "table"

struct StepTimeFacts {
  StepTimeKind kind = StepTimeKind::kPrior;
  std::string source;               // of a profile's coefficients, each once; of a table: its path
  std::string date;                 // the same
  std::vector<std::string> priors;  // that fill in, from the most to the least specific
  std::vector<FitError> errors;     // as the profile states them
  std::vector<FittedQuantity> fitted;
};

StepTimeFacts facts_of_prior(const std::vector<const PerformanceProfile*>& priors);
StepTimeFacts facts_of_profile(const PerformanceProfile& measured,
                               const std::vector<const PerformanceProfile*>& priors);

// "vllm bench serve (2026-10-02); held out upper-rates: ttft median -3.0 %, median absolute 11.2 % of 8"
std::string in_words(const StepTimeFacts& calibrated);

}  // namespace kvsim::models
