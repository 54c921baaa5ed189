// SPDX-License-Identifier: Apache-2.0
// Are curves ranked as a reader would, ties and reversals included?
#include "validation/compare_ranking.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "validation/tables.h"

namespace kvsim::validation {
namespace {

ComparedCurve curve(std::vector<double> measured, std::vector<std::optional<double>> simulated) {
  ComparedCurve result;
  result.measured.x = "qps";
  for (std::size_t i = 0; i < measured.size(); ++i)
    result.measured.values.push_back({static_cast<double>(10 * i), measured[i], 0});
  result.simulated = std::move(simulated);
  return result;
}

Ranking abc(double tie) {
  Ranking ranking;
  ranking.name = "order";
  ranking.members = {{"a", 0}, {"b", 1}, {"c", 2}};
  ranking.tie = tie;
  ranking.expected = {{0}, {1, 2}};
  ranking.judged_from = 10;
  return ranking;
}

// Measured 100, 80, 76 with a tie below 10 %: 80 and 76 differ by 4 / 80 = 5 %. Simulated at x = 0 alike; at
// 10 b lies (90 - 85) / 90 = 5.6 % above a: a tie, so the expected order holds; at 20 by 1 - 60 / 90: it does
// not.
TEST(Ranking, TiesBreakNoOrderAndReversalsDo) {
  const std::vector<ComparedCurve> curves{curve({100, 100, 100}, {200.0, 85.0, 60.0}),
                                          curve({80, 80, 80}, {160.0, 90.0, 90.0}),
                                          curve({76, 76, 76}, {150.0, 20.0, 20.0})};
  const ComparedRanking ranking = compare_ranking(abc(0.1), curves);
  ASSERT_EQ(ranking.at.size(), 3u);
  EXPECT_EQ(ranking.at[0].measured, "a > b = c");
  EXPECT_EQ(ranking.at[0].simulated, "a > b = c");
  EXPECT_EQ(ranking.at[0].alike, 3u);
  EXPECT_EQ(ranking.at[0].judgement, Judgement::kShown);  // before judged_from
  EXPECT_EQ(ranking.at[1].simulated, "b = a > c");
  EXPECT_EQ(ranking.at[1].alike, 1u);  // a and c
  EXPECT_EQ(ranking.at[1].judgement, Judgement::kWithin);
  EXPECT_EQ(ranking.at[2].simulated, "b > a > c");
  EXPECT_EQ(ranking.at[2].simulated_against, std::vector<std::string>{"b before a"});
  EXPECT_EQ(ranking.at[2].judgement, Judgement::kOutside);
  const std::string line = ranking_line(ranking);
  EXPECT_NE(line.find("5 of 9 pairs stand as measured"), std::string::npos) << line;
  EXPECT_NE(line.find("at 2 of 2 as measured, at 1 as simulated"), std::string::npos) << line;
  EXPECT_EQ(ranking_rows(ranking)[3].back(), "b before a");
}

TEST(Ranking, WithoutAnExpectedOrderNoneIsJudged) {
  Ranking ranking = abc(0.1);
  ranking.expected.clear();
  const std::vector<ComparedCurve> curves{curve({3}, {1.0}), curve({2}, {2.0}), curve({1}, {3.0})};
  const ComparedRanking compared = compare_ranking(ranking, curves);
  EXPECT_EQ(compared.at[0].judgement, Judgement::kShown);
  EXPECT_EQ(ranking_line(compared),
            "order: differences under 10 % are ties; 0 of 3 pairs stand as measured.");
}

TEST(Ranking, ADifferenceOfTheTieItselfIsNoTie) {
  const std::vector<ComparedCurve> curves{curve({100, 0}, {100.0, 0.0}), curve({75, 0}, {80.0, 0.0}),
                                          curve({10, 0}, {10.0, 0.0})};
  EXPECT_EQ(compare_ranking(abc(0.25), curves).at[0].measured, "a > b > c");
  EXPECT_EQ(compare_ranking(abc(0.25), curves).at[0].simulated, "a = b > c");
  EXPECT_EQ(compare_ranking(abc(0), curves).at[1].simulated, "a = b = c");
}

TEST(Ranking, TheSmallestMayBeFirst) {
  Ranking ranking = abc(0);
  ranking.largest_first = false;
  const std::vector<ComparedCurve> curves{curve({3, 3}, {1.0, 1.0}), curve({2, 2}, {2.0, 2.0}),
                                          curve({1, 1}, {3.0, 3.0})};
  const RankedAt at = compare_ranking(ranking, curves).at[1];
  EXPECT_EQ(at.measured, "c > b > a");
  EXPECT_EQ(at.simulated, "a > b > c");
  EXPECT_EQ(at.alike, 0u);
  EXPECT_EQ(at.measured_against.size(), 2u);
  EXPECT_EQ(at.judgement, Judgement::kWithin);
}

TEST(Ranking, WithoutAFigureNothingIsJudged) {
  const std::vector<ComparedCurve> curves{curve({1, 1}, {1.0, {}}), curve({1, 1}, {1.0, 1.0}),
                                          curve({1, 1}, {1.0, 1.0})};
  const RankedAt at = compare_ranking(abc(0), curves).at[1];
  EXPECT_EQ(at.simulated, "-");
  EXPECT_EQ(at.judgement, Judgement::kShown);
}

// Equal values on both sides: every pair alike, whatever they are.
TEST(Ranking, ASimulationThatGivesWhatWasMeasuredAgreesInEveryPair) {
  std::mt19937_64 draw(7);
  for (int round = 0; round < 200; ++round) {
    std::vector<ComparedCurve> curves;
    for (int member = 0; member < 3; ++member) {
      const auto y = static_cast<double>(draw() % 20);
      curves.push_back(curve({y}, {y}));
    }
    const RankedAt at = compare_ranking(abc(0.1), curves).at[0];
    EXPECT_EQ(at.alike, at.pairs) << "seed 7, round " << round;
    EXPECT_EQ(at.measured, at.simulated);
    EXPECT_EQ(at.measured_against, at.simulated_against);
  }
}

}  // namespace
}  // namespace kvsim::validation
