// SPDX-License-Identifier: Apache-2.0
// Attention kernels that give each KV head of a sequence to one group of threads, which walks the whole
// context alone, however much of the accelerator is idle: Triton's unified attention. docs/step-time.md says
// more.
#pragma once

#include <cstdint>

#include "models/context_term.h"
#include "models/step_time.h"

namespace kvsim::models {

struct AttentionWalk {
  ContextTerm per_context;        // seconds for each token of the way, all layers; 0: no such kernel
  double kv_heads = 0;            // of a rank: groups of a decode
  double queries_of_a_group = 1;  // tokens of a chunk that one group takes
  double groups_at_once = 1;
  double window_tokens = 0;

  bool is_used() const { return per_context.full + per_context.window > 0; }
};

// What the walks add to a step whose chunks' attention takes P = `prefill_seconds` with all groups busy:
//   max(F, min(w L - P, F + L))
// F: the work of the decodes' walks spread evenly over the groups that run at once; L: the longest walk; w:
// waves of groups. So attention takes L for one wave, w L for walks of one length, and never more than list
// scheduling does (Graham). `steps` falls to how long the line holds.
Line walk_seconds(const AttentionWalk& walk, const StepWork& work, double prefill_seconds,
                  std::uint64_t& steps);

}  // namespace kvsim::models
