// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "base/random.h"
#include "traces/profile/shape_profile.h"

namespace kvsim::traces {
namespace {

TEST(ShapeProfile, EvenArrivalsHaveNoVariation) {
  ShapeProfile profile;
  for (int i = 0; i <= 600; ++i) {
    Request request;
    request.arrival = i * kNanosecondsPerSecond / 2;
    request.input_tokens = static_cast<std::uint32_t>(i + 1);
    request.output_tokens = 5;
    profile.add(request);
  }
  const ArrivalShape shape = profile.arrivals();
  EXPECT_EQ(shape.requests, 601u);
  EXPECT_DOUBLE_EQ(shape.mean_per_second, 2);
  EXPECT_NEAR(shape.gap_variation, 0, 1e-6);
  EXPECT_DOUBLE_EQ(shape.peak_second_per_second, 2);
  EXPECT_DOUBLE_EQ(shape.peak_minute_per_second, 2);
  EXPECT_DOUBLE_EQ(shape.smallest_gap_seconds, 0.5);
  // 1 .. 601: rank of p50 is 300 of 0 .. 600
  EXPECT_DOUBLE_EQ(profile.input().p50, 301);
  EXPECT_DOUBLE_EQ(profile.input().p95, 571);
  EXPECT_EQ(profile.input().max, 601u);
  EXPECT_DOUBLE_EQ(profile.output().mean, 5);
}

TEST(ShapeProfile, PoissonArrivalsHaveVariationAndDispersionNearOne) {
  RandomStream draws(3, "test");
  ShapeProfile profile;
  double now = 0;
  for (int i = 0; i < 200'000; ++i) {
    now += draws.exponential(0.1);
    Request request;
    request.arrival = from_seconds(now);
    request.input_tokens = request.output_tokens = 1;
    profile.add(request);
  }
  // Deviation of the variation over n gaps is about sqrt(1/n) = 0.002; of the dispersion over 333 minutes
  // sqrt(2/333) = 0.08.
  EXPECT_NEAR(profile.arrivals().gap_variation, 1, 0.02);
  EXPECT_NEAR(profile.arrivals().minute_dispersion, 1, 0.3);
}

TEST(ShapeProfile, LengthsInterpolateBetweenRanks) {
  Lengths lengths;
  for (const std::uint32_t tokens : {10u, 20u, 30u, 40u}) lengths.add(tokens);
  EXPECT_DOUBLE_EQ(lengths.shape().p50, 25);
  EXPECT_DOUBLE_EQ(lengths.shape().p90, 37);  // rank 2.7
  EXPECT_EQ(Lengths().shape().total, 0u);
}

}  // namespace
}  // namespace kvsim::traces
