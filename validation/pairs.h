// SPDX-License-Identifier: Apache-2.0
// What a case gains over another one (`compared_to`): ratios of figures at the rates that both have.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "validation/compare.h"

namespace kvsim::validation {

struct RatioAt {
  double rate = 0;
  double measured = 0;              // the case's figure over the other's
  std::optional<double> simulated;  // nothing: a run has no such figure
  std::optional<double> error() const;
  std::optional<bool> alike() const;  // on the same side of 1
};

struct ComparedPair {
  std::string name, over;
  std::string metric;       // output_tokens_per_second, or ttft_seconds mean
  std::vector<RatioAt> at;  // by rate; of stages of one rate the first
};

// Of the cases' own runs. Pairs of which one is not among the results, or without a common rate, are left
// out.
std::vector<ComparedPair> compare_pairs(const std::vector<CaseResult>& results);
// A sentence for each case whose other one is not among the results.
std::vector<std::string> without_partner(const std::vector<CaseResult>& results);

}  // namespace kvsim::validation
