// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/tier_runs.h"

#include <algorithm>

namespace kvsim::sim {

TierRun consecutive(const TierRange* first, const TierRange* last) {
  TierRun run;
  while (true) {
    const TierRange* best = nullptr;
    for (const TierRange* range = first; range != last && range->begin <= run.blocks; ++range) {
      const bool has_next = run.blocks < range->end;
      if (has_next && (!best || range->weight > best->weight)) best = range;
    }
    if (!best) return run;
    std::uint64_t end = best->end;
    for (const TierRange* range = first; range != last; ++range)
      if (range->weight > best->weight && range->begin > run.blocks) end = std::min(end, range->begin);
    run.weight += best->weight * static_cast<double>(end - run.blocks);
    run.blocks = end;
  }
}

}  // namespace kvsim::sim
