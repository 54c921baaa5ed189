// SPDX-License-Identifier: Apache-2.0
#include "sim/metrics/gap_histogram.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace kvsim::sim {
namespace {

models::Line random_line(RandomStream& random) {
  models::Line line;
  line.first = random.lognormal(-4, 3);
  const double scales[] = {0, 1e-18, 1e-12, 1e-7, 1e-3, 1};
  line.growth = scales[random.below(6)] * random.uniform();
  return line;
}

// The twin adds every step alone; another cuts the row at random steps.
TEST(GapHistogram, ARowAtOnceEqualsItsStepsOneByOne) {
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    RandomStream random(seed, "gaps");
    GapHistogram at_once;
    GapHistogram one_by_one;
    GapHistogram cut;
    for (int row = 0; row < 5; ++row) {
      const models::Line line = random_line(random);
      const std::uint64_t first = 1 + random.below(50);
      const std::uint64_t last = first + random.below(2000);
      const std::uint64_t middle = first + random.below(last - first + 1);
      const std::uint64_t sequences = 1 + random.below(64);
      at_once.add(line, first, last, sequences);
      for (std::uint64_t step = first; step <= last; ++step) one_by_one.add(line, step, step, sequences);
      cut.add(line, middle + 1, last, sequences);
      cut.add(line, first, middle, sequences);
    }
    ASSERT_EQ(at_once, one_by_one) << "seed " << seed;
    ASSERT_EQ(at_once, cut) << "seed " << seed;
  }
}

TEST(GapHistogram, QuantilesAreWithinHalfAPercent) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    RandomStream random(seed, "gap quantiles");
    GapHistogram histogram;
    std::vector<double> gaps;
    for (int i = 0; i < 5000; ++i) {
      gaps.push_back(random.lognormal(-4, 1.5));
      histogram.add({gaps.back(), 0}, 1, 1, 1);
    }
    for (const double share : {0.0, 0.01, 0.5, 0.9, 0.99, 0.999, 1.0}) {
      const double exact = quantiles(gaps, {share})[0];
      EXPECT_NEAR(histogram.quantile(share), exact, 0.005 * exact) << "seed " << seed << " share " << share;
    }
  }
}

TEST(GapHistogram, MergedCountsAreThoseOfOneHistogram) {
  GapHistogram one;
  GapHistogram other;
  GapHistogram both;
  for (GapHistogram* histogram : {&one, &both}) histogram->add({0.01, 1e-4}, 1, 500, 3);
  for (GapHistogram* histogram : {&other, &both}) histogram->add({1e-5, 1e-6}, 1, 500, 2);
  one.merge(other);
  one.merge(GapHistogram());
  EXPECT_EQ(one, both);
  EXPECT_EQ(one.count(), 2500u);
}

TEST(GapHistogram, TakesGapsBeyondItsBins) {
  GapHistogram histogram;
  for (const double gap : {0.0, 1e-12, 1e5, 1e300}) histogram.add({gap, 0}, 1, 1, 1);
  EXPECT_EQ(histogram.count(), 4u);
  EXPECT_EQ(histogram.quantile(1), 1e300);
  EXPECT_EQ(histogram.quantile(0), 0);
  EXPECT_TRUE(std::isnan(GapHistogram().quantile(0.5)));
}

}  // namespace
}  // namespace kvsim::sim
