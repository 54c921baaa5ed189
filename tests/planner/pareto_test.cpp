// SPDX-License-Identifier: Apache-2.0
#include "planner/pareto.h"

#include <gmock/gmock.h>

#include "base/random.h"
#include "tests/random_cases.h"

namespace kvsim::planner {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Pareto, FrontOfNothingIsEmpty) { EXPECT_THAT(pareto_front({}), IsEmpty()); }

TEST(Pareto, LeavesOutWhatCostsMoreAndIsNoBetter) {
  const std::vector<ParetoPoint> points{
      {30, 0.99, 5, 1}, {10, 0.9, 5, 1}, {20, 0.9, 5, 1}, {20, 0.95, 9, 1}, {20, 0.9, 4, 1}};
  EXPECT_THAT(pareto_front(points), ElementsAre(1, 3, 4, 0));
}

TEST(Pareto, KeepsTheFirstOfEqualPoints) {
  EXPECT_THAT(pareto_front({{1, 0.9, 2, 3}, {1, 0.9, 2, 3}}), ElementsAre(0));
}

// In every direction with weights above 0 the best of all points lies on the front.
TEST(Pareto, HoldsTheBestOfEveryWeighting) {
  for (int seed = 0; seed < random_cases(200); ++seed) {
    SCOPED_TRACE(seed);
    RandomStream random(seed, "pareto");
    const auto digit = [&] { return static_cast<double>(random.below(5)); };
    std::vector<ParetoPoint> points(1 + random.below(12));
    for (ParetoPoint& point : points) point = {digit(), digit(), digit(), digit()};
    const ParetoPoint weight{0.1 + digit(), 0.1 + digit(), 0.1 + digit(), 0.1 + digit()};
    const auto value = [&](const ParetoPoint& at) {
      return weight.cost * at.cost - weight.attainment * at.attainment + weight.watts * at.watts +
             weight.carbon * at.carbon;
    };
    double best = value(points[0]), on_front = 1e9;
    for (const ParetoPoint& point : points) best = std::min(best, value(point));
    for (const std::size_t index : pareto_front(points)) on_front = std::min(on_front, value(points[index]));
    EXPECT_DOUBLE_EQ(best, on_front);
  }
}

}  // namespace
}  // namespace kvsim::planner
