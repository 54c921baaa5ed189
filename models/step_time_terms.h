// SPDX-License-Identifier: Apache-2.0
// Divides a model's counts by an accelerator's attained speeds: the numbers behind PhysicalStepTime.
#pragma once

#include <cstdint>

#include "hardware-catalog/catalog.h"
#include "models/memory.h"
#include "models/model_card.h"
#include "models/physical_step_time.h"
#include "models/prior.h"

namespace kvsim::models {

struct EngineSwitches {
  bool async_scheduling = true;
  bool cuda_graphs = true;
  std::uint32_t max_num_seqs = 1024;
  bool communication = true;  // false: one of the ranks runs alone
};

// The type that arithmetic asked for in `type` really runs in, and its peak: an emulated type runs in bf16.
struct Arithmetic {
  NumberType type = NumberType::kBf16;
  double flops_per_second = 0;
};
Arithmetic arithmetic_of(const Accelerator& accelerator, NumberType type);

// The accelerator has every type that is needed (make_step_time() has checked).
StepTerms step_terms(const ModelCard& card, const Accelerator& accelerator, const Types& types,
                     std::uint32_t tp, const CoefficientChain& coefficients, const EngineSwitches& switches);

}  // namespace kvsim::models
