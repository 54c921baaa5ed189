// SPDX-License-Identifier: Apache-2.0
// What a workload asks for, by kind of request: one pass over it, with every answer given at once.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "planner/problem.h"
#include "traces/sampled_source.h"

namespace kvsim::planner {

// The parts of a request's work on an engine, none of which an engine can do without: what a prefix cache
// without limit would find (in blocks of 16 tokens, across all tenants) is not computed again.
struct Work {
  double prefill_tokens = 0;         // computed
  double prefill_pairs = 0;          // of new tokens with what they attend to, as models/step_time.h counts
  double decode_tokens = 0;          // after the first one, which the prefill gives
  double decode_context_tokens = 0;  // attended to, summed over decode steps
};
inline constexpr std::size_t kWorkParts = 4;
double part(const Work& work, std::size_t index);  // in the order above

struct KindDemand {
  std::uint64_t requests = 0;
  double input_tokens = 0, output_tokens = 0;  // means
  double longest_output_tokens = 0;
  Work mean;
  // Of each part by itself, the `attainment` share of requests with the least of it, summed.
  Work least(double attainment) const;
  std::vector<std::vector<float>> parts;  // by part: of each request, ascending
};

struct Demand {
  std::map<traces::RequestKind, KindDemand> kinds;
  double span_seconds = 0;  // first to last arrival
  std::uint64_t requests = 0;
  double rate(const KindDemand& kind) const;  // requests a second
};

// At the problem's rate factor. InputError where the workload cannot be read, holds no request, or all of
// them come at one moment.
Demand demand_of(const Problem& problem);

// The trace options of the problem with its rate factor and seed: what every run of a plan reads.
traces::TraceOptions reading_of(const Problem& problem, std::uint64_t seed);

}  // namespace kvsim::planner
