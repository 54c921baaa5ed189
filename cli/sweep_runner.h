// SPDX-License-Identifier: Apache-2.0
// Simulates what of a sweep its folder does not hold yet, and reads the rest back.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/errors.h"
#include "cli/sweep_plan.h"
#include "sim/report/sweep.h"

namespace kvsim::cli {

using SweepFailures = std::map<std::string, Failure>;  // of runs, by digest

// Each run in a process of its own, at most `jobs` at a time. A run that fails leaves
// points/<digest>/error.txt and stops no other. InterruptedError after Ctrl-C: what is done is kept.
SweepFailures simulate_missing(const SweepPlan& plan, const std::string& folder, std::size_t jobs);

// One point out of the kept runs of its seeds; its values are left empty.
sim::SweepPoint collect_point(std::span<const PlannedRun> seeds, const std::vector<std::string>& metrics,
                              const SweepFailures& failures, const std::string& folder);

void throw_first(const SweepPlan& plan, const SweepFailures& failures);  // Error, where any failed

}  // namespace kvsim::cli
