// SPDX-License-Identifier: Apache-2.0
// Which requests met their class's objectives.
#pragma once

#include <vector>

#include "sim/metrics/summarize.h"

namespace kvsim::sim {

// Objectives of the group's class; nullptr when it has none.
const std::vector<Objective>* objectives_of(const RunFacts& facts, std::uint32_t group);

// A completed request within all objectives (<=). A single token has no TPOT: it counts as 0.
bool meets(const RequestRow& row, RequestStatus status, const std::vector<Objective>& objectives);

// One entry for each class that has objectives, in order of name. Hours count from the first arrival by time
// of arrival; what is left after the last whole hour joins it.
std::vector<SloSummary> slo_summaries(const Recorder& recorder, const RunFacts& facts,
                                      double duration_seconds);

}  // namespace kvsim::sim
