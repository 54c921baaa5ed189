// SPDX-License-Identifier: Apache-2.0
// Before any integer program: can lawful options carry the demand at all, whatever they cost?
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "planner/load.h"
#include "planner/options.h"
#include "planner/problem.h"

namespace kvsim::planner {

struct Shortage {
  std::vector<std::size_t> demand;  // the classes that fall short together
  double share = 0;                 // of their demand: lawful options carry no more
  std::string in_words;             // "health, bank: lawful options carry at most 61 % of their demand: ..."
};

// Nothing: no shortage is seen, which does not prove that there is none. A maximum flow from parts of classes
// over their lawful options (at most `most` servers each) to servers of one kind at a site, of which there
// are no more than the largest `most`. Each option is taken to be as fast for a class as the fastest one is,
// as far as one class can use it, so that a shortage is certain.
std::optional<Shortage> lawful_shortage(const Problem& problem, const Options& options, const Load& load);

}  // namespace kvsim::planner
