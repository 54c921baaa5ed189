// SPDX-License-Identifier: Apache-2.0
// Are bands what their header says?
#include "sim/metrics/band.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "base/random.h"

namespace kvsim::sim {
namespace {

std::vector<double> up_to(int count) {
  std::vector<double> values(static_cast<std::size_t>(count));
  std::iota(values.rbegin(), values.rend(), 1.0);  // falling: the order must not matter
  return values;
}

// Position q (N + 1): of 19 the 1st, 10th and 19th; of 39 the 2nd and 38th; of 99 the 5th and 95th.
TEST(Band, LiesAtTheRanksThatHold90PerCent) {
  for (const auto& [count, low, high] : {std::tuple{19, 1, 19}, {39, 2, 38}, {99, 5, 95}}) {
    const Band band = band_of("m", 7.0, up_to(count));
    EXPECT_NEAR(band.low, low, 1e-9) << count;
    EXPECT_NEAR(band.median, (count + 1) / 2.0, 1e-9);
    EXPECT_NEAR(band.high, high, 1e-9) << count;
    EXPECT_EQ(band.value, 7);
    EXPECT_EQ(band.draws, static_cast<std::uint64_t>(count));
    EXPECT_EQ(band_interval(band.draws), 0.9);
  }
}

TEST(Band, OfFewDrawsReachesFromTheLeastToTheGreatest) {
  const Band band = band_of("m", {}, {3, 1, 2, 5});
  EXPECT_EQ(band.low, 1);
  EXPECT_EQ(band.median, 2.5);
  EXPECT_EQ(band.high, 5);
  EXPECT_TRUE(std::isnan(band.value));
  EXPECT_EQ(band_interval(4), 3.0 / 5);
  EXPECT_TRUE(std::isnan(band_of("m", 1.0, {}).low));
}

// The chance of one more draw, over many sets of uniform ones.
TEST(Band, HoldsOneMoreDrawAsOftenAsItSays) {
  RandomStream random(3, "bands");
  for (const std::size_t count : {5, 30}) {
    int held = 0;
    for (int i = 0; i < 20000; ++i) {
      std::vector<double> values(count);
      for (double& value : values) value = random.uniform();
      const Band band = band_of("m", {}, values);
      const double more = random.uniform();
      held += more >= band.low && more <= band.high;
    }
    EXPECT_NEAR(held / 20000.0, band_interval(count), 0.012) << "seed 3, " << count;
  }
}

}  // namespace
}  // namespace kvsim::sim
