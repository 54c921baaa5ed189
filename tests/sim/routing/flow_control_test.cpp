// SPDX-License-Identifier: Apache-2.0
// Who leaves the router's queue, and when?
#include "sim/routing/flow_control.h"

#include <gtest/gtest.h>

#include <map>

#include "base/errors.h"
#include "tests/sim/support/flow_settings.h"

namespace kvsim {
namespace {

using sim::FlowControl;
using sim::FlowItem;
using testing::flow_settings;

constexpr Nanoseconds kMs = 1'000'000;
constexpr Nanoseconds kSecond = kNanosecondsPerSecond;

FlowItem item(std::uint32_t slot, const std::string& flow = "a", std::int32_t priority = 0,
              Nanoseconds arrival = 0) {
  return {.slot = slot, .priority = priority, .flow = flow, .bytes = 100, .arrival = arrival};
}

// Slots in the order in which an empty pool takes them, one a millisecond.
std::vector<std::uint32_t> drain(FlowControl& flow, Nanoseconds from = 0) {
  std::vector<std::uint32_t> slots;
  while (!flow.empty() && slots.size() < 1000) slots.push_back(flow.cycle(from += kMs, 0)->slot);
  return slots;
}

using Slots = std::vector<std::uint32_t>;

TEST(FlowControl, OneRequestLeavesInACycleAndNoneFromAnEmptyQueue) {
  FlowControl flow(flow_settings());
  EXPECT_FALSE(flow.cycle(0, 0));
  for (std::uint32_t slot = 0; slot < 3; ++slot) EXPECT_TRUE(flow.add(item(slot)));
  EXPECT_EQ(flow.cycle(0, 0)->slot, 0u);
  EXPECT_EQ(flow.waiting(), 2u);
}

TEST(FlowControl, MoreImportantBandsLeaveFirst) {
  FlowControl flow(flow_settings());
  flow.add(item(0, "a", -5));
  flow.add(item(1, "a", 0));
  flow.add(item(2, "a", 10));
  flow.add(item(3, "a", 0));
  EXPECT_EQ(drain(flow), (Slots{2, 1, 3, 0}));
}

TEST(FlowControl, GlobalStrictTakesTheFirstOfAllFlowsAndNamesDoNotMatter) {
  FlowControl flow(flow_settings());
  flow.add(item(0, "z"));
  flow.add(item(1, "a"));
  flow.add(item(2, "z"));
  EXPECT_EQ(drain(flow), (Slots{0, 1, 2}));
}

TEST(FlowControl, RoundRobinServesFlowsInTurnWhateverTheyAskFor) {
  sim::EppSettings settings = flow_settings();
  settings.flow_control.default_band.fairness = "round-robin-fairness-policy";
  FlowControl flow(settings);
  for (std::uint32_t slot = 0; slot < 4; ++slot) flow.add(item(slot, "greedy"));
  flow.add(item(10, "modest"));
  flow.add(item(11, "modest"));
  // greedy, modest, greedy, modest, then greedy alone.
  EXPECT_EQ(drain(flow), (Slots{0, 10, 1, 11, 2, 3}));
  // The turn is kept: after greedy comes modest.
  flow.add(item(4, "greedy"));
  flow.add(item(12, "modest"));
  EXPECT_EQ(drain(flow), (Slots{12, 4}));
}

TEST(FlowControl, EachBandHasItsOwnTurn) {
  sim::EppSettings settings = flow_settings();
  settings.flow_control.default_band.fairness = "round-robin-fairness-policy";
  FlowControl flow(settings);
  flow.add(item(0, "a", 5));
  EXPECT_EQ(drain(flow), (Slots{0}));
  flow.add(item(1, "a", 0));
  flow.add(item(2, "b", 0));
  EXPECT_EQ(drain(flow), (Slots{1, 2})) << "band 0 starts with a although band 5 has served it";
}

TEST(FlowControl, LeastAttainedServiceHalvesWithTheHalfLife) {
  sim::EppSettings settings = flow_settings();
  settings.flow_control.default_band.fairness = "program-aware-fairness";
  FlowControl flow(settings);
  // At 0 s heavy gets 1000 + 2 * 500 = 2000; at 60 s, when that is worth 1000, light gets 700 + 2 * 200 =
  // 1100.
  flow.served("heavy", 1000, 500, 0);
  flow.served("light", 700, 200, 60 * kSecond);
  flow.add(item(0, "light", 0, 60 * kSecond));
  flow.add(item(1, "heavy", 0, 60 * kSecond));
  EXPECT_EQ(flow.cycle(60 * kSecond, 0)->slot, 1u);
  // Only outputs count twice: with inputs alone heavy (500 left) would be behind light's 1100 as well, but
  // 900 more input tokens put it ahead: 1000 + 900 = 1900 > 1100.
  flow.served("heavy", 900, 0, 60 * kSecond);
  flow.add(item(2, "heavy", 0, 60 * kSecond));
  EXPECT_EQ(flow.cycle(60 * kSecond, 0)->slot, 0u);
}

TEST(FlowControl, LeastAttainedServiceGoesToTheFirstWhereAllAreEqual) {
  sim::EppSettings settings = flow_settings();
  settings.flow_control.default_band.fairness = "program-aware-fairness";
  FlowControl flow(settings);
  flow.add(item(0, "b"));
  flow.add(item(1, "a"));
  EXPECT_EQ(drain(flow), (Slots{0, 1}));
}

TEST(FlowControl, AHeadThatWaitsCanOutweighService) {
  sim::EppSettings settings = flow_settings();
  settings.flow_control.default_band.fairness = "program-aware-fairness";
  settings.plugins[2].parameters.numbers["lasWeightHeadWait"] = 3;
  FlowControl flow(settings);
  flow.served("served", 100, 0, 0);
  flow.add(item(0, "served", 0, 0));
  flow.add(item(1, "fresh", 0, 5 * kSecond));
  // At 10 s: served 1 * (1 - 1) + 3 * 10/10 = 3; fresh 1 * (1 - 0) + 3 * 5/10 = 2.5.
  EXPECT_EQ(flow.cycle(10 * kSecond, 0)->slot, 0u);
}

// Two tenants always wait; one asks for three times the tokens. Equal service means a third of the requests.
TEST(FlowControl, LeastAttainedServiceSharesTokensAndRoundRobinRequests) {
  for (const bool las : {true, false}) {
    sim::EppSettings settings = flow_settings();
    settings.flow_control.default_band.fairness =
        las ? "program-aware-fairness" : "round-robin-fairness-policy";
    FlowControl flow(settings);
    const std::map<std::string, std::uint32_t> tokens = {{"long", 300}, {"short", 100}};
    std::map<std::string, int> sent;
    for (std::uint32_t slot = 0; slot < 2; ++slot) flow.add(item(slot, slot == 0 ? "long" : "short"));
    for (int cycle = 1; cycle <= 400; ++cycle) {
      const FlowItem next = *flow.cycle(cycle * kMs, 0);
      ++sent[next.flow];
      flow.served(next.flow, tokens.at(next.flow), 0, cycle * kMs);
      flow.add(item(next.slot, next.flow, 0, cycle * kMs));
    }
    // Service 300 x = 100 y and x + y = 400: x = 100, y = 300. Half-lives are long against 0.4 s.
    EXPECT_NEAR(sent["long"], las ? 100 : 200, 2);
    EXPECT_NEAR(sent["short"], las ? 300 : 200, 2);
  }
}

TEST(FlowControl, SloDeadlinesLeaveByArrivalPlusLimitAndThoseWithoutLast) {
  sim::EppSettings settings = flow_settings();
  settings.flow_control.default_band.ordering = "slo-deadline-ordering-policy";
  FlowControl flow(settings);
  const double limits[] = {0, 2.0, 0.5, 1.5, 0};  // arrivals 0, 0.1, ... 0.4 s
  for (std::uint32_t slot = 0; slot < 5; ++slot) {
    FlowItem one = item(slot, "a", 0, slot * kSecond / 10);
    one.ttft_limit_seconds = limits[slot];
    flow.add(one);
  }
  // Deadlines: none, 2.1, 0.7, 1.8, none.
  EXPECT_EQ(drain(flow, kSecond), (Slots{2, 3, 1, 0, 4}));
}

TEST(FlowControl, EarliestDeadlineWithOneTtlIsTheOrderOfArrival) {
  sim::EppSettings settings = flow_settings();
  settings.flow_control.default_band.ordering = "edf-ordering-policy";
  for (const double ttl : {60.0, 0.0}) {
    settings.flow_control.request_ttl_seconds = ttl;
    FlowControl flow(settings);
    for (const std::uint32_t slot : {4u, 1u, 3u}) flow.add(item(slot, "a", 0, slot == 4 ? 0 : kMs));
    EXPECT_EQ(drain(flow, kMs), (Slots{4, 1, 3}));
  }
}

TEST(FlowControl, ASaturatedPoolStopsTheWholeCycle) {
  FlowControl flow(flow_settings());
  flow.add(item(0));
  EXPECT_FALSE(flow.cycle(0, 1.0)) << "the ceiling itself is too much";
  EXPECT_TRUE(flow.held(1.0));
  EXPECT_FALSE(flow.held(0.999));
  EXPECT_TRUE(flow.cycle(0, 0.999));
}

// Three bands: ceilings 1, 1 - (1 - 0.5) / 2 = 0.75, 0.5.
TEST(FlowControl, HoldbackKeepsRoomForTheImportantAndNobodyOvertakes) {
  sim::EppSettings settings = flow_settings();
  settings.flow_control.usage_limit = "priority-holdback-policy";
  for (const std::int32_t priority : {10, 0, -10}) {
    settings.flow_control.bands.push_back(settings.flow_control.default_band);
    settings.flow_control.bands.back().priority = priority;
  }
  FlowControl flow(settings);
  flow.add(item(0, "a", -10));
  EXPECT_FALSE(flow.cycle(0, 0.5));
  flow.add(item(1, "a", 0));
  EXPECT_FALSE(flow.cycle(0, 0.75));
  EXPECT_EQ(flow.cycle(0, 0.74)->slot, 1u);
  flow.add(item(2, "a", 10));
  EXPECT_FALSE(flow.cycle(0, 1.0));
  EXPECT_EQ(flow.cycle(0, 0.99)->slot, 2u);
  EXPECT_EQ(flow.cycle(0, 0.49)->slot, 0u);
}

// A band that the configuration does not name is one more band: of ranks 0, 1, 2 its rank is 1.
TEST(FlowControl, AnUnnamedPriorityIsABandOfItsOwn) {
  sim::EppSettings settings = flow_settings();
  settings.flow_control.usage_limit = "priority-holdback-policy";
  for (const std::int32_t priority : {10, -10}) {
    settings.flow_control.bands.push_back(settings.flow_control.default_band);
    settings.flow_control.bands.back().priority = priority;
  }
  FlowControl flow(settings);
  flow.add(item(0, "a", 3));
  EXPECT_FALSE(flow.cycle(0, 0.75));
  EXPECT_TRUE(flow.cycle(0, 0.74));
}

// Two bands; of the lower one the ceiling is 1 - saturation.
TEST(FlowControl, SoftReflectiveOpensInTheShareThatItsCeilingSays) {
  sim::EppSettings settings = flow_settings();
  settings.flow_control.usage_limit = "soft-reflective-ceiling-policy";
  for (const std::int32_t priority : {0, -1}) {
    settings.flow_control.bands.push_back(settings.flow_control.default_band);
    settings.flow_control.bands.back().priority = priority;
  }
  const std::map<double, int> expected = {{0.4, 100}, {0.5, 50}, {0.75, 25}, {0.9, 10}, {1.0, 0}};
  for (const auto& [saturation, share] : expected) {
    FlowControl flow(settings);
    for (std::uint32_t slot = 0; slot < 100; ++slot) flow.add(item(slot, "a", -1));
    int sent = 0;
    for (int cycle = 0; cycle < 100; ++cycle) sent += flow.cycle(cycle * kMs, saturation) ? 1 : 0;
    EXPECT_EQ(sent, share) << saturation;
    EXPECT_EQ(flow.held(saturation), share == 0 || flow.empty());
  }
  FlowControl flow(settings);
  flow.add(item(0, "a", 0));
  EXPECT_TRUE(flow.cycle(0, 0.99)) << "the highest band's ceiling is 1";
}

TEST(FlowControl, BandsAndTheWholeQueueAreLimitedInRequestsAndBytes) {
  sim::EppSettings settings = flow_settings();
  settings.flow_control.default_band.max_requests = 2;
  settings.flow_control.default_negative_band.max_bytes = 250;
  settings.flow_control.max_requests = 5;
  FlowControl flow(settings);
  EXPECT_TRUE(flow.add(item(0)) && flow.add(item(1)));
  EXPECT_FALSE(flow.add(item(2))) << "two are the band's limit";
  EXPECT_TRUE(flow.add(item(3, "a", -1)) && flow.add(item(4, "a", -1)));
  EXPECT_FALSE(flow.add(item(5, "a", -1))) << "300 bytes are over 250";
  EXPECT_TRUE(flow.add(item(6, "a", 7)));
  EXPECT_FALSE(flow.add(item(7, "a", 7))) << "five are all that may wait";
  EXPECT_TRUE(flow.cycle(0, 0));
  EXPECT_TRUE(flow.add(item(7, "a", 7)));
}

TEST(FlowControl, RequestsExpireWhenTheyHaveWaitedForTheirTtl) {
  FlowControl flow(flow_settings());
  EXPECT_EQ(flow.next_expiry(), kNever);
  flow.add(item(0, "a", -3, 0));
  flow.add(item(1, "b", 9, 5 * kMs));
  EXPECT_EQ(flow.next_expiry(), 60 * kSecond);
  EXPECT_TRUE(flow.take_expired(60 * kSecond - 1).empty());
  const std::vector<FlowItem> expired = flow.take_expired(60 * kSecond);
  ASSERT_EQ(expired.size(), 1u);
  EXPECT_EQ(expired[0].slot, 0u);
  EXPECT_EQ(flow.take_expired(60 * kSecond + 5 * kMs).size(), 1u);
  EXPECT_TRUE(flow.empty());
}

TEST(FlowControl, WithoutATtlNothingExpires) {
  sim::EppSettings settings = flow_settings();
  settings.flow_control.request_ttl_seconds = 0;
  FlowControl flow(settings);
  flow.add(item(0));
  EXPECT_TRUE(flow.take_expired(kNever - 1).empty());
}

TEST(FlowControl, ARequestWhoseClientIsGoneLeavesItsRoom) {
  sim::EppSettings settings = flow_settings();
  settings.flow_control.default_band.max_requests = 1;
  FlowControl flow(settings);
  flow.add(item(0));
  flow.remove(0);
  flow.remove(0);
  EXPECT_TRUE(flow.empty());
  EXPECT_TRUE(flow.add(item(1)));
}

TEST(FlowControl, TheLeastImportantAndNewestIsEvictedOncePerWaitingRequest) {
  sim::EppSettings settings = flow_settings();
  settings.flow_control.eviction = true;
  FlowControl flow(settings);
  const std::int32_t priorities[] = {-1, -2, 0, -2, -1};
  for (std::uint32_t slot = 0; slot < 5; ++slot) flow.add(item(slot, "a", priorities[slot]));
  EXPECT_EQ(drain(flow), (Slots{2, 0, 4, 1, 3}));
  EXPECT_FALSE(flow.evict(1)) << "nobody waits";
  flow.add(item(9, "a", -1));
  EXPECT_FALSE(flow.evict(1)) << "not for a sheddable one";
  flow.add(item(10, "a", 0));
  EXPECT_FALSE(flow.evict(0.9)) << "there is room";
  EXPECT_FALSE(flow.held(1.0));
  EXPECT_EQ(flow.evict(1), 3u);
  EXPECT_FALSE(flow.evict(1)) << "one for each that waits";
  EXPECT_TRUE(flow.held(1.0));
  flow.add(item(11, "a", 0));
  flow.ended(1);
  EXPECT_EQ(flow.evict(1), 4u);
  flow.add(item(12, "a", 0));
  EXPECT_EQ(flow.evict(1), 0u);
  flow.add(item(13, "a", 0));
  EXPECT_FALSE(flow.evict(1)) << "slot 2 is not sheddable";
}

TEST(FlowControl, WithoutEvictionNobodyIsNamed) {
  FlowControl flow(flow_settings());
  flow.add(item(0, "a", -1));
  EXPECT_TRUE(flow.cycle(0, 0));
  flow.add(item(1));
  EXPECT_FALSE(flow.evict(1));
}

TEST(FlowControl, APluginOfAnotherKindIsAnError) {
  sim::EppSettings settings = flow_settings();
  settings.flow_control.usage_limit = "fcfs-ordering-policy";
  EXPECT_THROW(FlowControl{settings}, InputError);
  settings.flow_control.usage_limit = "nobody";
  EXPECT_THROW(FlowControl{settings}, InputError);
}

}  // namespace
}  // namespace kvsim
