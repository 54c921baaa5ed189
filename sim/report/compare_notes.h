// SPDX-License-Identifier: Apache-2.0
// What one must know before believing a comparison, in words.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sim/report/compare_metrics.h"
#include "sim/report/compare_runs.h"

namespace kvsim::sim {

using SeedPairs = std::vector<std::pair<const ComparedRun*, const ComparedRun*>>;  // a's and b's of each seed

std::vector<std::uint64_t> seeds_of(const ComparedSide& side);
std::string seeds_text(const std::vector<std::uint64_t>& seeds);  // "seeds 1 to 3, 7"; rising

// Seeds left out, one pair only, other workloads, versions and currencies, runs whose queue grows.
std::vector<std::string> notes_on_runs(const ComparedSide& a, const ComparedSide& b, const SeedPairs& pairs);
bool has_other_currency(const SeedPairs& pairs);

struct SharedNames {
  std::vector<std::string> both;   // of things of a kind that both sides have, in order of their coming
  std::vector<std::string> notes;  // on those that only one has
};
SharedNames shared_names(const SeedPairs& pairs, const ComparedKind& kind);  // the whole run: one, ""

}  // namespace kvsim::sim
