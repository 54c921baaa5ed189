// SPDX-License-Identifier: Apache-2.0
// A ranking as measured and as simulated, at every x.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "validation/compared.h"
#include "validation/ranking.h"

namespace kvsim::validation {

struct RankedAt {
  double x = 0;
  std::string measured;   // "a > b = c", best first: > where the next is behind by the tie's share, else =
  std::string simulated;  // "-" where a run gives no figure
  std::size_t pairs = 0;  // of members
  std::size_t alike = 0;  // pairs that stand to each other as measured: before, tied or behind
  // Pairs that stand the other way round than expected, "b before a"; ties are none.
  std::vector<std::string> measured_against, simulated_against;
  // Of the simulated order, where an order is expected: within, if nothing stands against it.
  Judgement judgement = Judgement::kShown;
};

struct ComparedRanking {
  Ranking ranking;
  std::string x;  // what x is
  std::vector<RankedAt> at;
};

// `curves`: all of the case, compared.
ComparedRanking compare_ranking(const Ranking& ranking, const std::vector<ComparedCurve>& curves);

}  // namespace kvsim::validation
