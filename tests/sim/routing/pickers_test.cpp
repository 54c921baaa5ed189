// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/pickers.h"

#include <gtest/gtest.h>

#include "tests/sim/routing/plugin_bench.h"

namespace kvsim::sim {
namespace {

constexpr int kDraws = 20'000;

// Sum over (observed - expected)^2 / expected of the endpoints with a share; others must have no pick.
double chi_square(const std::string& type, const std::vector<double>& totals,
                  const std::vector<double>& shares) {
  PluginBench bench(totals.size(), {plugin(type, {{"maxNumOfEndpoints", 1}})});
  auto* picker = bench.plugins().find<Picker>(type);
  std::vector<double> picks(totals.size());
  for (int i = 0; i < kDraws; ++i) ++picks[picker->pick(bench.call(), bench.candidates, totals)];
  double sum = 0;
  for (std::size_t i = 0; i < totals.size(); ++i) {
    const double expected = shares[i] * kDraws;
    if (expected == 0)
      EXPECT_EQ(picks[i], 0) << type << " " << i;
    else
      sum += (picks[i] - expected) * (picks[i] - expected) / expected;
  }
  return sum;
}

// The 99.9 % points of chi-square are 10.8 for 1, 13.8 for 2 and 16.3 for 3 degrees of freedom.
TEST(MaxScorePicker, DrawsEvenlyAmongTheHighest) {
  EXPECT_LT(chi_square("max-score-picker", {2, 5, 1, 5, 5}, {0, 1. / 3, 0, 1. / 3, 1. / 3}), 13.8);
}

TEST(MaxScorePicker, TakesTheHighestWhereverItStands) {
  for (std::size_t best = 0; best < 9; ++best) {
    std::vector<double> totals(9, -1), shares(9, 0);
    totals[best] = 0.5;
    shares[best] = 1;
    EXPECT_EQ(chi_square("max-score-picker", totals, shares), 0);
  }
}

TEST(WeightedRandomPicker, DrawsInProportionToTotals) {
  EXPECT_LT(chi_square("weighted-random-picker", {1, 0, 2, 5}, {0.125, 0, 0.25, 0.625}), 13.8);
}

TEST(WeightedRandomPicker, WithoutAnyScoreDrawsEvenly) {
  EXPECT_LT(chi_square("weighted-random-picker", {0, 0, 0}, {1. / 3, 1. / 3, 1. / 3}), 13.8);
}

TEST(WeightedRandomPicker, NegativeTotalsAreNeverDrawn) {
  EXPECT_LT(chi_square("weighted-random-picker", {1, -3, 1}, {0.5, 0, 0.5}), 10.8);
}

TEST(RandomPicker, DrawsEvenlyWhateverTheTotals) {
  EXPECT_LT(chi_square("random-picker", {0, 9, 1, 2}, {0.25, 0.25, 0.25, 0.25}), 16.3);
}

}  // namespace
}  // namespace kvsim::sim
