// SPDX-License-Identifier: Apache-2.0
// What a workload asks for, by kind of request, before anything is simulated.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/time.h"
#include "planner/options.h"
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

// Requests that wait for no answer come when they come, whatever serves them. Only they can be counted on in
// bounds: a slow fleet makes the turns of a conversation later, or fewer.
struct KindDemand {
  std::uint64_t requests = 0;
  double input_tokens = 0, output_tokens = 0;  // means
  double longest_input_tokens = 0, longest_output_tokens = 0;
  Work mean;
  std::vector<Nanoseconds> arrivals;      // of requests that wait for no answer, ascending
  std::vector<std::vector<float>> parts;  // by part: of each of them, ascending
  double arriving_after(double seconds) const;
  // Of each part by itself, so many of them with the least of it, summed; nothing for a count <= 0.
  Work least(double count) const;
};

struct Demand {
  std::map<traces::RequestKind, KindDemand> kinds;
  double first_arrival_seconds = 0;
  double span_seconds = 0;              // first to last arrival
  double last_independent_seconds = 0;  // arrival of the last request that waits for no answer
  std::uint64_t requests = 0;
  double rate(const KindDemand& kind) const;  // requests a second
  const KindDemand& of(const DemandClass& asked) const { return kinds.at(kind_of(asked)); }
};

// At the problem's rate factor. InputError where the workload cannot be read, holds no request, or all of
// them come at one moment.
Demand demand_of(const Problem& problem);

// The same, for problems that differ elsewhere: each workload is read once, for files do not change
// meanwhile.
class Demands {
 public:
  const Demand& of(const Problem& problem);

 private:
  std::map<std::string, Demand> known_;  // by workload and how it is read
};

// The trace options of the problem with its rate factor and seed: what every run of a plan reads.
traces::TraceOptions reading_of(const Problem& problem, std::uint64_t seed);

}  // namespace kvsim::planner
