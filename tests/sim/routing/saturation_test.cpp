// SPDX-License-Identifier: Apache-2.0
// How full do detectors think a pool is, and who is turned away?
#include <gtest/gtest.h>

#include "sim/routing/admitters.h"
#include "sim/routing/saturation_detectors.h"
#include "tests/sim/support/routing_world.h"

namespace kvsim {
namespace {

using sim::EndpointIds;
using testing::plugin;
using testing::RoutingWorld;

sim::PluginSettings utilization(double headroom = 0) {
  return plugin("utilization-detector", {{"queueDepthThreshold", 5},
                                         {"kvCacheUtilThreshold", 0.8},
                                         {"metricsStalenessThreshold", 0.2},
                                         {"headroom", headroom}});
}
sim::PluginSettings concurrency(const char* mode, double headroom = 0) {
  return plugin("concurrency-detector",
                {{"maxConcurrency", 100}, {"maxTokenConcurrency", 1e6}, {"headroom", headroom}},
                {{"concurrencyMode", mode}});
}

TEST(UtilizationDetector, IsTheMeanOfTheWorseOfQueueAndCache) {
  RoutingWorld world(3);
  sim::UtilizationDetector detector(utilization(), world.endpoints);
  EXPECT_DOUBLE_EQ(detector.saturation(world.view(), world.in_flight), 0);
  world.scraped(0, 2, 0, 0.2);   // max(2/5, 0.2/0.8) = 0.4
  world.scraped(1, 1, 0, 0.72);  // max(0.2, 0.9) = 0.9
  world.scraped(2, 10, 0, 1);    // max(2, 1.25) = 2
  EXPECT_DOUBLE_EQ(detector.saturation(world.view(), world.in_flight), (0.4 + 0.9 + 2) / 3);
}

TEST(UtilizationDetector, CountsStaleMetricsAsFull) {
  RoutingWorld world(2, 300'000'000);  // first scrapes at 0 and 0.1 s, then every 0.3 s
  world.scraped(0, 1, 0, 0);
  sim::UtilizationDetector detector(utilization(), world.endpoints);
  EXPECT_TRUE(detector.ages(world.signals));
  world.now = 150'000'000;  // ages 0.15 and 0.05 s
  EXPECT_DOUBLE_EQ(detector.saturation(world.view(), world.in_flight), 0.1);
  world.now = 250'000'000;  // 0.25 and 0.15 s
  EXPECT_DOUBLE_EQ(detector.saturation(world.view(), world.in_flight), 0.5);
  world.now = 310'000'000;  // 0.01 and 0.21 s
  EXPECT_DOUBLE_EQ(detector.saturation(world.view(), world.in_flight), 0.6);
  EXPECT_FALSE(sim::UtilizationDetector(utilization(), {}).ages(RoutingWorld(1).signals)) << "every 50 ms";
}

TEST(UtilizationDetector, APoolWithoutEndpointsIsFull) {
  RoutingWorld world(1);
  sim::UtilizationDetector detector(utilization(), {});
  EXPECT_DOUBLE_EQ(detector.saturation(world.view(), world.in_flight), 1);
}

TEST(UtilizationDetector, OfPrefillAndDecodeTheFullerOneCounts) {
  RoutingWorld world(3);
  world.endpoints[0].role = sim::PoolRole::kPrefill;
  world.endpoints[1].role = world.endpoints[2].role = sim::PoolRole::kDecode;
  world.scraped(0, 4, 0, 0);  // 0.8
  world.scraped(1, 1, 0, 0);  // 0.2; with the idle third the decode side has 0.1
  sim::UtilizationDetector detector(utilization(), world.endpoints);
  EXPECT_DOUBLE_EQ(detector.saturation(world.view(), world.in_flight), 0.8);
}

TEST(UtilizationDetector, FiltersTheFullAndNeverAll) {
  RoutingWorld world(3);
  world.scraped(0, 5, 0, 0);
  world.scraped(1, 4, 0, 0.79);
  world.scraped(2, 0, 0, 0.8);
  EndpointIds endpoints = {0, 1, 2};
  sim::UtilizationDetector(utilization(), world.endpoints).filter(world.call(), endpoints);
  EXPECT_EQ(endpoints, (EndpointIds{1}));
  endpoints = {0, 2};
  sim::UtilizationDetector(utilization(), world.endpoints).filter(world.call(), endpoints);
  EXPECT_EQ(endpoints, (EndpointIds{0, 2}));
  // Headroom 0.1: under 5.5 requests and under 0.88.
  sim::UtilizationDetector(utilization(0.1), world.endpoints).filter(world.call(), endpoints);
  EXPECT_EQ(endpoints, (EndpointIds{0, 2}));
}

TEST(ConcurrencyDetector, IsWhatIsInFlightOverWhatMayBe) {
  RoutingWorld world(2);
  sim::ConcurrencyDetector requests(concurrency("requests"), world.endpoints);
  sim::ConcurrencyDetector tokens(concurrency("tokens"), world.endpoints);
  sim::ConcurrencyDetector hybrid(concurrency("hybrid"), world.endpoints);
  EXPECT_DOUBLE_EQ(requests.saturation(world.view(), world.in_flight), 0);
  for (int i = 0; i < 50; ++i) world.send(0, 2'000);  // 0.5 of the requests, 0.1 of the tokens
  world.send(1, 600'000);                             // 0.01 and 0.6
  EXPECT_DOUBLE_EQ(requests.saturation(world.view(), world.in_flight), 51.0 / 200);
  EXPECT_DOUBLE_EQ(tokens.saturation(world.view(), world.in_flight), 0.7 / 2);
  EXPECT_DOUBLE_EQ(hybrid.saturation(world.view(), world.in_flight), (0.5 + 0.6) / 2);
  world.end(1, 600'000);
  EXPECT_DOUBLE_EQ(hybrid.saturation(world.view(), world.in_flight), 0.25);
}

TEST(ConcurrencyDetector, FiltersAndMayLeaveNone) {
  RoutingWorld world(2);
  for (int i = 0; i < 100; ++i) world.send(0, 1);
  EndpointIds endpoints = {0, 1};
  sim::ConcurrencyDetector(concurrency("requests"), world.endpoints).filter(world.call(), endpoints);
  EXPECT_EQ(endpoints, (EndpointIds{1}));
  world.send(1, 1'000'000);
  sim::ConcurrencyDetector(concurrency("requests"), world.endpoints).filter(world.call(), endpoints);
  EXPECT_EQ(endpoints, (EndpointIds{1}));
  sim::ConcurrencyDetector(concurrency("hybrid", 0.2), world.endpoints).filter(world.call(), endpoints);
  EXPECT_EQ(endpoints, (EndpointIds{1})) << "1 < 1.2";
  sim::ConcurrencyDetector(concurrency("hybrid"), world.endpoints).filter(world.call(), endpoints);
  EXPECT_TRUE(endpoints.empty());
}

TEST(Shedding, IsForNegativePrioritiesOfAFullPool) {
  EXPECT_TRUE(sim::is_shed(-1, 1));
  EXPECT_FALSE(sim::is_shed(-1, 0.99));
  EXPECT_FALSE(sim::is_shed(0, 7));
}

TEST(ProbabilisticAdmitter, RefusesByThePowerOfSaturation) {
  RoutingWorld world(1);
  const sim::PluginSettings settings =
      plugin("probabilistic-admitter",
             {{"queueDepthThreshold", 5}, {"kvCacheUtilThreshold", 0.8}, {"power", 5}, {"k", 300}});
  sim::ProbabilisticAdmitter admitter(settings, world.endpoints);
  // 300 * 0.15^5 = 300 * 7.59375e-5; 1 is reached at 300^(-1/5) = 0.3196.
  EXPECT_NEAR(admitter.refused_share(0.15), 0.02278125, 1e-12);
  EXPECT_EQ(admitter.refused_share(0), 0);
  EXPECT_LT(admitter.refused_share(0.319), 1);
  EXPECT_EQ(admitter.refused_share(0.32), 1);
  world.request.priority = -1;
  world.scraped(0, 0, 0, 0.2);  // saturation 0.25: 300 / 1024 = 0.293
  int admitted = 0;
  for (int i = 0; i < 10'000; ++i) admitted += admitter.admits(world.call()) ? 1 : 0;
  EXPECT_NEAR(admitted, 10'000 * (1 - 300.0 / 1024), 5 * 45.5) << "five standard deviations";
  world.request.priority = 0;
  world.scraped(0, 100, 0, 1);
  EXPECT_TRUE(admitter.admits(world.call()));
}

struct FixedPredictions final : sim::LatencyProducer {
  sim::LatencyPredictions fixed;
  const sim::LatencyPredictions& predictions() const override { return fixed; }
};

TEST(LatencySloAdmitter, RefusesWhereNobodyKeepsLimitsIsIdleOrCold) {
  RoutingWorld world(2);
  FixedPredictions producer;
  producer.fixed.ttft_headroom_seconds = {-1, 1};
  producer.fixed.tpot_headroom_seconds = {1, -1};
  sim::LatencySloAdmitter admitter(producer);
  world.request.priority = -1;
  world.request.ttft_limit_seconds = world.request.tpot_limit_seconds = 1;
  for (const sim::EndpointId endpoint : {0u, 1u})
    world.send(endpoint, 10), world.scraped(endpoint, 0, 1, 0.5);
  EXPECT_FALSE(admitter.admits(world.call()));
  world.request.priority = 0;
  EXPECT_TRUE(admitter.admits(world.call())) << "not sheddable";
  world.request.priority = -1;
  world.request.tpot_limit_seconds = 0;
  EXPECT_TRUE(admitter.admits(world.call())) << "the second keeps the only limit";
  world.request.tpot_limit_seconds = 1;
  world.scraped(0, 0, 1, 0.019);
  EXPECT_TRUE(admitter.admits(world.call())) << "a cold cache";
  world.scraped(0, 0, 1, 0.5);
  world.end(1, 10);
  EXPECT_TRUE(admitter.admits(world.call())) << "an idle one";
  world.send(1, 10);
  const double none = std::numeric_limits<double>::quiet_NaN();
  producer.fixed.ttft_headroom_seconds = producer.fixed.tpot_headroom_seconds = {none, none};
  EXPECT_TRUE(admitter.admits(world.call())) << "no predictions";
}

}  // namespace
}  // namespace kvsim
