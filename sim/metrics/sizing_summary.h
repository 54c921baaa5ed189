// SPDX-License-Identifier: Apache-2.0
// From recorded tiers to what storage and network they need.
#pragma once

#include <optional>

#include "sim/metrics/summarize.h"

namespace kvsim::sim {

// Nothing where no tier was ever told of. Rates a day are of the rows between the end of the warm-up and the
// last arrival, or of all rows where none lies there; means and percentiles are of all rows from the first
// arrival on, without a last one shorter than half of the others.
std::optional<Sizing> sizing_of(const Recorder& recorder, const RunFacts& facts, const Verdict& verdict);

}  // namespace kvsim::sim
