// SPDX-License-Identifier: Apache-2.0
// What a ladder of load stages adds to a compared point.
#pragma once

#include <vector>

#include "validation/compared.h"

namespace kvsim::validation {

// Fills vendor, stages and SLO rates of `compared`, and of its figures the rate, the saturation and what the
// baselines say. InputError where the workload cannot be read.
void add_ladder(const Point& point, const std::vector<SloRate>& slo_rates, ComparedPoint& compared);

}  // namespace kvsim::validation
