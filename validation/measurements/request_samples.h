// SPDX-License-Identifier: Apache-2.0
// Times of single requests, as reports by request have them, and the figures that come of them.
#pragma once

#include <optional>
#include <vector>

#include "validation/measurements/figure_list.h"

namespace kvsim::validation {

struct SampledRequest {
  double start_seconds = 0;
  double end_seconds = 0;
  bool failed = false;
  std::vector<double> token_seconds;  // when each token came, or each chunk of them
  std::optional<double> input_tokens;
  std::optional<double> output_tokens;
};

// The stage, index 0, with its figures for the whole run. As inference-perf has it: latencies of successes,
// TTFT and TPOT of requests with two times of tokens and more, rates from the first start to the last end.
void add_requests(Measurements& run, const std::vector<SampledRequest>& requests);

}  // namespace kvsim::validation
