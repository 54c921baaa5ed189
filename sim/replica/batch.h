// SPDX-License-Identifier: Apache-2.0
// A planned step, and the row of like steps that grows out of it: the same sequences decode one token each,
// so the end of step k is start + round(S(k)), whether steps are taken one by one or all at once.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "base/time.h"
#include "models/step_time.h"
#include "sim/replica/sequence.h"

namespace kvsim::sim {

struct Resumer {
  Nanoseconds since = 0;  // its last token
  std::uint32_t group = 0;
  bool decodes = false;  // one of Batch::decoders: an ordinary gap from the second step on
};

struct Batch {
  std::uint64_t serial = 0;
  Nanoseconds start = 0;
  models::StepWork work;
  models::StepCost cost;
  std::vector<Sequence*> members;       // who samples a token; in a steady batch, one in each step
  std::vector<Resumer> resumers;        // sample after a pause: their first gap is longer than the step
  std::vector<Sequence*> first_tokens;  // finish their prompt for the first time
  std::vector<Sequence*> finishing;     // sample their last token in the last planned step
  std::vector<std::pair<std::uint32_t, std::uint64_t>> decoders_by_group;
  std::uint64_t samples = 0;  // tokens sampled in each step
  bool steady = false;        // nothing but decodes: the next plan may simply go on with it
  std::uint64_t planned = 0;  // steps; 0: the batch is empty
  std::uint64_t ended = 0;

  bool empty() const { return planned == 0; }
  Nanoseconds end_of(std::uint64_t step) const { return start + from_seconds(cost.seconds.sum(step)); }
  Nanoseconds end() const { return end_of(planned); }
};

}  // namespace kvsim::sim
