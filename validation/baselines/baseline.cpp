// SPDX-License-Identifier: Apache-2.0
#include "validation/baselines/baseline.h"

#include "validation/baselines/interpolation.h"
#include "validation/baselines/queue.h"
#include "validation/baselines/roofline.h"

namespace kvsim::validation {

const std::vector<Baseline>& baselines() {
  static const std::vector<Baseline> known{
      {"interpolation",
       "a line over the rate through the neighbouring stages of the same run, as measured; beyond them "
       "through "
       "the nearest two. It needs the very run that it predicts",
       predict_by_interpolation},
      {"roofline x 0.5",
       "weights and KV over half of the peak bandwidth, prefill over half of the peak FLOP/s, no prefix "
       "reuse; "
       "the batch by Little's law; no queues",
       predict_by_roofline},
      {"M/M/c",
       "its step times, and a queue before c servers that are the batch slots of all replicas; where the "
       "rate "
       "is over their capacity, a wait that grows all along the stage",
       predict_by_queue},
  };
  return known;
}

}  // namespace kvsim::validation
