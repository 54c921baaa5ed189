// SPDX-License-Identifier: Apache-2.0
// Looks a coefficient up in a measured profile and then in the priors behind it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/profile.h"

namespace kvsim::models {

class CoefficientChain {
 public:
  explicit CoefficientChain(std::vector<const PerformanceProfile*> from_specific_to_general)
      : profiles_(std::move(from_specific_to_general)) {}

  // Each throws InputError, naming the coefficient, when no profile of the chain has it.
  double value(std::string_view name) const { return plain(name).value; }
  // A type that a profile does not list takes the next wider one of that profile: mxfp4, nvfp4 and int8 that
  // of fp8, and all of them that of bf16.
  double for_type(std::string_view name, NumberType type) const { return of_type(name, type).value; }
  // The listed number of ranks that is the next larger one, else the largest, of the first profile with any.
  double for_ranks(std::string_view name, std::uint32_t ranks) const { return of_ranks(name, ranks).value; }
  // The same with range and source, by the whole name: "gemm_compute_share.fp8", "step_seconds".
  const Coefficient& coefficient(std::string_view name_with_suffix) const;

 private:
  const Coefficient& plain(std::string_view name) const;
  const Coefficient& of_type(std::string_view name, NumberType type) const;
  const Coefficient& of_ranks(std::string_view name, std::uint32_t ranks) const;

  std::vector<const PerformanceProfile*> profiles_;
};

}  // namespace kvsim::models
