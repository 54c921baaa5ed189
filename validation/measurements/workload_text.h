// SPDX-License-Identifier: Apache-2.0
// A workload YAML (docs/workloads.md) out of what was measured of one stage.
#pragma once

#include <string>

#include "validation/measurements/measurements.h"

namespace kvsim::validation {

// Poisson arrivals at the rate, or as many users as there was concurrency; lengths by median and p95 where
// they are known, else by their mean; the hit ratio as one text that all prompts begin with. What is missing
// is told in `problems`, all at once.
std::string workload_text(const Measurements& run, const MeasuredStage& stage, Problems& problems);

}  // namespace kvsim::validation
