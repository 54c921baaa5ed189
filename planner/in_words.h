// SPDX-License-Identifier: Apache-2.0
// What a fleet is made of, for people.
#pragma once

#include <string>

#include "planner/options.h"
#include "planner/problem.h"

namespace kvsim::planner {

// "4 hgx-h100 at paris (Llama-3.1-8B, tp 1), 2 gaudi at lyon (Llama-3.1-8B, tp 2)"; "no server" where there
// is none.
std::string in_words(const Problem& problem, const std::vector<PoolOption>& pools, const FleetChoice& choice);

}  // namespace kvsim::planner
