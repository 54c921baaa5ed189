// SPDX-License-Identifier: Apache-2.0
// What the step-time model says of measured steps, under trial coefficients: the inner loop of a fit to
// steps.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hardware-catalog/catalog.h"
#include "models/model_card.h"
#include "models/profile.h"
#include "models/profile_library.h"
#include "models/step_samples.h"
#include "models/step_time_terms.h"

namespace kvsim::models {

struct StepSetting {  // what was measured
  const ModelCard& card;
  const Accelerator& accelerator;
  const ProfileLibrary& library;  // its priors give what is not fitted
  std::uint32_t tp = 1;           // samples without an engine are those of one rank alone: no all-reduces
  Types types = {};               // of samples that do not name theirs
  EngineSwitches engine = {};     // of samples of a whole engine
};

Types types_of(const StepSample& sample, const Types& base);

class StepReplay {
 public:
  // InputError where the accelerator cannot run the samples' types, the model cannot be split, or a step was
  // faster than the accelerator's peaks allow: by sample, with both figures.
  StepReplay(StepSetting setting, const std::vector<StepSample>& samples);

  // Seconds of each sample; what `trial` lacks comes from the priors.
  std::vector<double> seconds(const PerformanceProfile& trial) const;
  const std::vector<const PerformanceProfile*>& priors() const { return priors_; }

 private:
  struct Kind {  // samples that share a model of their time
    Types types;
    StepLaunch launch;
  };
  StepTerms terms_of(const Kind& kind, const CoefficientChain& coefficients) const;
  std::size_t kind_of(const StepSample& sample);
  void check_peaks() const;

  StepSetting setting_;
  const std::vector<StepSample>& samples_;
  std::vector<const PerformanceProfile*> priors_;
  std::vector<Kind> kinds_;
  std::vector<std::size_t> kind_of_sample_;
};

}  // namespace kvsim::models
