// SPDX-License-Identifier: Apache-2.0
// Which pools do rules of preference leave, and when does traffic spill over?
#include "sim/routing/pool_rules.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"
#include "tests/random_cases.h"

namespace kvsim {
namespace {

using sim::EndpointIds;
using sim::PoolRole;
using sim::PoolRule;

struct World {
  std::vector<sim::Pool> pools;
  std::vector<sim::Endpoint> endpoints;
  std::vector<PoolRule> rules;
  EndpointIds all;

  void add(const std::string& name, std::uint32_t replicas, double weight = 1,
           PoolRole role = PoolRole::kBoth) {
    const auto index = static_cast<std::uint32_t>(pools.size());
    pools.emplace_back();
    pools.back().name = name;
    for (std::uint32_t i = 0; i < replicas; ++i) {
      all.push_back(static_cast<sim::EndpointId>(endpoints.size()));
      endpoints.emplace_back();
      endpoints.back().pool = index;
      endpoints.back().role = role;
      endpoints.back().capacity_weight = weight;
    }
  }
  std::optional<sim::PoolChoices> choices(const std::string& slo_class, const std::string& tenant,
                                          const EndpointIds& candidates) const {
    return sim::pool_choices(rules, pools, endpoints, slo_class, tenant, candidates);
  }
};

World fast_and_cheap() {
  World world;
  world.add("fast", 2, 2);  // endpoints 0, 1
  world.add("cheap", 3);    // 2, 3, 4
  world.add("archive", 1);  // 5
  world.rules = {{"premium", "", {"fast", "cheap"}, 3, 0.5}, {"", "night", {"archive", "cheap"}}};
  return world;
}

sim::Ticket ticket(sim::EndpointId decode, std::optional<sim::EndpointId> prefill = {}) {
  sim::Ticket made;
  made.decode = decode;
  made.prefill = prefill;
  return made;
}

TEST(PoolRules, RequestsWithoutARuleKeepTheirCandidates) {
  const World world = fast_and_cheap();
  EXPECT_FALSE(world.choices("batch", "day", world.all));
}

TEST(PoolRules, TheFirstRuleThatNamesClassAndTenantCounts) {
  const World world = fast_and_cheap();
  const sim::PoolLoads idle(world.endpoints);
  auto premium = world.choices("premium", "night", world.all);
  EXPECT_EQ(idle.narrow(*premium), (EndpointIds{0, 1}));
  auto night = world.choices("batch", "night", world.all);
  EXPECT_EQ(idle.narrow(*night), (EndpointIds{5}));
}

// Full at 3 requests for each replica of weight 1: 3 * 2 * 2 = 12 on fast, 9 on cheap.
TEST(PoolRules, SpillsOverByRequestsInFlightAndBack) {
  const World world = fast_and_cheap();
  sim::PoolLoads loads(world.endpoints);
  auto premium = world.choices("premium", "", world.all);
  for (int i = 0; i < 11; ++i) loads.dispatched(ticket(i % 2));
  EXPECT_EQ(loads.narrow(*premium), (EndpointIds{0, 1}));
  loads.dispatched(ticket(0));
  EXPECT_EQ(loads.narrow(*premium), (EndpointIds{2, 3, 4}));
  for (int i = 0; i < 9; ++i) loads.dispatched(ticket(2));
  EXPECT_EQ(loads.narrow(*premium), (EndpointIds{0, 1, 2, 3, 4})) << "all are full: all listed ones";
  loads.ended(ticket(0));
  EXPECT_EQ(loads.narrow(*premium), (EndpointIds{0, 1}));
}

TEST(PoolRules, SpillsOverByMeanCacheUsage) {
  const World world = fast_and_cheap();
  sim::PoolLoads loads(world.endpoints);
  auto premium = world.choices("premium", "", world.all);
  loads.scraped(0, 0.9);
  EXPECT_EQ(loads.narrow(*premium), (EndpointIds{0, 1})) << "mean 0.45";
  loads.scraped(1, 0.1);
  EXPECT_EQ(loads.narrow(*premium), (EndpointIds{2, 3, 4})) << "mean 0.5";
  loads.scraped(0, 0.2);
  EXPECT_EQ(loads.narrow(*premium), (EndpointIds{0, 1}));
}

TEST(PoolRules, WithoutLimitsThePreferredPoolNeverSpills) {
  const World world = fast_and_cheap();
  sim::PoolLoads loads(world.endpoints);
  auto night = world.choices("", "night", world.all);
  for (int i = 0; i < 1000; ++i) loads.dispatched(ticket(5));
  loads.scraped(5, 1);
  EXPECT_EQ(loads.narrow(*night), (EndpointIds{5}));
}

TEST(PoolRules, LeaveOnlyLawfulCandidatesAndPerhapsNone) {
  const World world = fast_and_cheap();
  const sim::PoolLoads idle(world.endpoints);
  auto some = world.choices("premium", "", {1, 3, 5});
  EXPECT_EQ(idle.narrow(*some), (EndpointIds{1}));
  auto second = world.choices("premium", "", {3, 5});
  EXPECT_EQ(idle.narrow(*second), (EndpointIds{3}));
  auto none = world.choices("premium", "", {5});
  EXPECT_TRUE(idle.narrow(*none).empty());
}

TEST(PoolRules, APoolThatOnlyDecodesBringsOneThatPrefills) {
  World world;
  world.add("decode", 1, 1, PoolRole::kDecode);  // 0
  world.add("near", 1, 1, PoolRole::kPrefill);   // 1
  world.add("far", 1, 1, PoolRole::kPrefill);    // 2
  world.add("both", 1);                          // 3
  world.rules = {{"", "", {"decode", "near", "both", "far"}, 2}};
  sim::PoolLoads loads(world.endpoints);
  auto choices = world.choices("", "", world.all);
  EXPECT_EQ(loads.narrow(*choices), (EndpointIds{0, 1}));
  loads.dispatched(ticket(0, 1));
  loads.dispatched(ticket(3, 1));
  EXPECT_EQ(loads.narrow(*choices), (EndpointIds{0, 2})) << "near is full";
  loads.dispatched(ticket(0, 2));
  EXPECT_EQ(loads.narrow(*choices), (EndpointIds{3})) << "both does it alone";
  loads.dispatched(ticket(3, 2));
  EXPECT_EQ(loads.narrow(*choices), (EndpointIds{0, 1, 2, 3})) << "all are full";
}

// Against a plain reading of the rule, over all endpoints.
EndpointIds plainly(const World& world, const PoolRule& rule, const EndpointIds& candidates,
                    const std::vector<int>& requests, const std::vector<double>& usage) {
  EndpointIds listed;
  for (const std::string& name : rule.pools) {
    EndpointIds members;
    double sent = 0, weight = 0, used = 0, replicas = 0;
    for (sim::EndpointId i = 0; i < world.endpoints.size(); ++i) {
      if (world.pools[world.endpoints[i].pool].name != name) continue;
      sent += requests[i], weight += world.endpoints[i].capacity_weight, used += usage[i], replicas += 1;
      if (std::count(candidates.begin(), candidates.end(), i) > 0) members.push_back(i);
    }
    const bool full = (rule.spill_at_in_flight > 0 && sent / weight >= rule.spill_at_in_flight) ||
                      (rule.spill_at_kv_usage > 0 && used / replicas >= rule.spill_at_kv_usage);
    if (!full && !members.empty()) return members;
    listed.insert(listed.end(), members.begin(), members.end());
  }
  std::sort(listed.begin(), listed.end());
  return listed;
}

TEST(PoolRules, AgreeWithAPlainReading) {
  for (int round = 0; round < random_cases(300); ++round) {
    const std::uint64_t seed = 900 + static_cast<std::uint64_t>(round);
    SCOPED_TRACE(seed);
    RandomStream draw(seed, "pool-rules");
    World world;
    PoolRule rule{"", "", {}, static_cast<double>(draw.below(4)), 0.25 * static_cast<double>(draw.below(4))};
    for (int i = 0; i < 4; ++i) {
      const std::string name(1, static_cast<char>('a' + i));
      world.add(name, 1 + static_cast<std::uint32_t>(draw.below(4)), 1 + static_cast<double>(draw.below(2)));
      if (draw.below(4) != 0) rule.pools.push_back(name);
    }
    draw.shuffle(rule.pools);
    world.rules = {rule};
    EndpointIds candidates;
    for (const sim::EndpointId endpoint : world.all)
      if (draw.below(4) != 0) candidates.push_back(endpoint);
    auto choices = world.choices("", "", candidates);
    sim::PoolLoads loads(world.endpoints);
    std::vector<int> requests(world.all.size());
    std::vector<double> usage(world.all.size());
    for (int step = 0; step < 200; ++step) {
      const auto endpoint = static_cast<sim::EndpointId>(draw.below(world.all.size()));
      if (draw.below(2) == 0) {
        loads.dispatched(ticket(endpoint));
        ++requests[endpoint];
      } else if (requests[endpoint] > 0) {
        loads.ended(ticket(endpoint));
        --requests[endpoint];
      }
      usage[endpoint] = 0.125 * static_cast<double>(draw.below(9));
      loads.scraped(endpoint, usage[endpoint]);
      ASSERT_EQ(loads.narrow(*choices), plainly(world, rule, candidates, requests, usage));
    }
  }
}

}  // namespace
}  // namespace kvsim
