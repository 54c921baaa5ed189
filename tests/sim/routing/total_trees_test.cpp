// SPDX-License-Identifier: Apache-2.0
// Trees of totals against the plain draws over all of them.
#include "sim/routing/total_trees.h"

#include <gtest/gtest.h>

#include "sim/routing/draws.h"
#include "sim/routing/score_arrays.h"
#include "tests/random_cases.h"

namespace kvsim::sim {
namespace {

// Few different values, so that ties abound.
double some_total(RandomStream& random) { return static_cast<double>(random.below(7)) - 2; }

TEST(HighestTotals, DrawsWhatADrawAmongAllDraws) {
  RandomStream random(1, "test");
  for (int round = 0; round < random_cases(300); ++round) {
    std::vector<double> totals(1 + random.below(70));
    HighestTotals tree(totals.size());
    for (double& total : totals) total = some_total(random);
    tree.set_all(totals);
    RandomStream one(7, "draws"), other(7, "draws");
    for (int i = 0; i < 20; ++i) {
      const std::size_t place = random.below(totals.size());
      totals[place] = some_total(random);
      tree.set(place, totals[place]);
      ASSERT_EQ(tree.draw(one), draw_equal(other, totals, largest(totals)));
    }
  }
}

TEST(PositiveTotals, ChangesOneByOneLeadToTheSameDrawsAsAllAtOnce) {
  RandomStream random(2, "test");
  for (int round = 0; round < random_cases(300); ++round) {
    std::vector<double> totals(1 + random.below(70), 0);
    PositiveTotals changed(totals.size()), anew(totals.size());
    RandomStream one(7, "draws"), other(7, "draws");
    for (int i = 0; i < 20; ++i) {
      const std::size_t place = random.below(totals.size());
      totals[place] = some_total(random) / 3;
      changed.set(place, totals[place]);
      anew.set_all(totals);
      const std::size_t drawn = changed.draw(one);
      ASSERT_EQ(drawn, anew.draw(other));
      ASSERT_TRUE(totals[drawn] > 0 || largest(totals) <= 0);
    }
  }
}

}  // namespace
}  // namespace kvsim::sim
