// SPDX-License-Identifier: Apache-2.0
// How long does a request wait for its router, and when does a token get through?
#include "sim/cluster/router_host.h"

#include <gtest/gtest.h>

namespace kvsim {
namespace {

sim::RouterCost cost(double seconds, double cores = 1) {
  sim::RouterCost cost;
  cost.seconds = seconds;
  cost.cores = cores;
  return cost;
}

TEST(RouterHost, OneCoreServesOneAfterTheOther) {
  sim::RouterHost host(cost(0.010), 1);
  EXPECT_EQ(host.pass(0, 100)->ready, 10'000'000);
  EXPECT_EQ(host.pass(2'000'000, 100)->ready, 20'000'000);  // begins at 10 ms
  EXPECT_EQ(host.pass(50'000'000, 100)->ready, 60'000'000);
}

TEST(RouterHost, TwoCoresServeTwoAtOnce) {
  sim::RouterHost host(cost(0.010, 2), 1);
  EXPECT_EQ(host.pass(0, 100)->ready, 10'000'000);
  EXPECT_EQ(host.pass(0, 100)->ready, 10'000'000);
  EXPECT_EQ(host.pass(0, 100)->ready, 20'000'000);
}

TEST(RouterHost, LongPromptsAndOpenStreamsTakeLonger) {
  sim::RouterCost given = cost(0.001);
  given.seconds_per_token = 1e-6;
  given.seconds_per_stream = 0.0001;
  sim::RouterHost host(given, 1);
  EXPECT_EQ(host.pass(0, 2000)->ready, 3'000'000);  // 1 ms + 2000 x 1 us
  for (int i = 0; i < 20; ++i) host.stream_begins();
  EXPECT_EQ(host.pass(10'000'000, 2000)->ready, 15'000'000);  // + 20 x 0.1 ms
  for (int i = 0; i < 20; ++i) host.stream_ends();
  EXPECT_EQ(host.pass(20'000'000, 2000)->ready, 23'000'000);
}

TEST(RouterHost, ARequestNeedNotWaitForAllThatItsCoreHasToDo) {
  sim::RouterCost given = cost(0.010);
  given.latency_seconds = 0.002;
  sim::RouterHost host(given, 1);
  EXPECT_EQ(host.pass(0, 100)->ready, 2'000'000);
  EXPECT_EQ(host.pass(0, 100)->ready, 12'000'000);  // the core is free at 10 ms
}

// Mean of 2,000 exponential waits of 50 streams x 2 ms: 100 ms, standard error 100 / sqrt(2000) = 2.2 ms.
TEST(RouterHost, ARequestWaitsForItsTurnAmongTheStreamsAndHoldsNoCore) {
  sim::RouterCost given = cost(0.001);
  given.latency_per_stream_seconds = 0.002;
  sim::RouterHost host(given, 1);
  EXPECT_EQ(host.pass(0, 100)->ready, 1'000'000);  // alone
  for (int i = 0; i < 50; ++i) host.stream_begins();
  double waited = 0;
  for (int i = 1; i <= 2000; ++i) {
    const auto passage = host.pass(i * 1'000'000, 100);
    EXPECT_EQ(passage->begin, i * 1'000'000);  // the one before is off its core
    waited += to_seconds(passage->ready - passage->begin) - 0.001;
  }
  EXPECT_NEAR(waited / 2000, 0.1, 0.007);
}

TEST(RouterHost, MoreThanMayWaitAreShed) {
  sim::RouterCost given = cost(0.010);
  given.max_waiting = 2;
  sim::RouterHost host(given, 1);
  EXPECT_TRUE(host.pass(0, 1));  // served at once
  EXPECT_TRUE(host.pass(0, 1));
  EXPECT_TRUE(host.pass(0, 1));
  EXPECT_FALSE(host.pass(0, 1));
  EXPECT_TRUE(host.pass(10'000'000, 1));  // one of the two that waited is served
}

TEST(RouterHost, TokensBackUpWhereTheyAreMoreThanItsCoresCanPass) {
  // 3,000 tokens a second at 1 ms are 3 cores' work for 2 cores: 1 core-second piles up each second, half a
  // second of delay. At 1,000 tokens a second it is worked off at 1 core-second a second.
  sim::RouterCost given = cost(0, 2);
  given.seconds_per_streamed_token = 0.001;
  sim::RouterHost host(given, 1);
  host.set_token_rate(0, 3000);
  EXPECT_EQ(host.stream_delay(0), 0);
  EXPECT_EQ(host.stream_delay(4 * kNanosecondsPerSecond), 2 * kNanosecondsPerSecond);
  host.set_token_rate(4 * kNanosecondsPerSecond, 1000);
  EXPECT_EQ(host.stream_delay(6 * kNanosecondsPerSecond), kNanosecondsPerSecond);
  EXPECT_EQ(host.stream_delay(9 * kNanosecondsPerSecond), 0);
}

TEST(RouterHost, StreamsLeaveLessForRequests) {
  sim::RouterCost given = cost(0.010);
  given.seconds_per_streamed_token = 0.001;
  sim::RouterHost host(given, 1);
  host.set_token_rate(0, 500);  // half of the core
  EXPECT_EQ(host.pass(0, 1)->ready, 20'000'000);
}

TEST(RouterHost, WaitsAreThoseOfErlangC) {
  // M/M/2, 150 requests a second of 10 ms: a = 1.5, rho = 0.75. Erlang C: P0 = 1 / (1 + 1.5 + 1.125 / 0.25) =
  // 1/7, P(wait) = 1.125 / 0.25 / 7 = 0.642857; mean wait = P(wait) / (2 x 100 - 150) = 12.857 ms.
  sim::RouterCost given = cost(0.010, 2);
  given.variation = 1;
  sim::RouterHost host(given, 7);
  RandomStream draw(7, "arrivals");
  Nanoseconds now = 0;
  double waited = 0;
  constexpr int kRequests = 400'000;
  for (int i = 0; i < kRequests; ++i) {
    now += from_seconds(draw.exponential(1.0 / 150));
    waited += to_seconds(host.pass(now, 1)->begin - now);
  }
  EXPECT_NEAR(waited / kRequests, 0.012857, 0.0006);
}

}  // namespace
}  // namespace kvsim
