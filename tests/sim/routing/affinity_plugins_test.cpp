// SPDX-License-Identifier: Apache-2.0
// Plugins that keep requests near what they know: sessions, prefixes, places.
#include <gmock/gmock.h>

#include <limits>

#include "sim/routing/prefix_affinity_filter.h"
#include "sim/routing/session_affinity.h"
#include "sim/routing/topology_affinity.h"
#include "tests/sim/routing/plugin_bench.h"

namespace kvsim::sim {
namespace {

using testing::ElementsAre;

PluginSettings session(const std::string& part, const std::string& strategy) {
  return plugin("session-affinity-" + part,
                {{"sessionIdConfig.idleTTL", 300}, {"sessionIdConfig.sweepInterval", 10}},
                {{"strategy", strategy}});
}
struct SessionBench : PluginBench {
  explicit SessionBench(const std::string& strategy)
      : PluginBench(3, {session("scorer", strategy), session("filter", strategy)}) {
    request.session = 7;
  }
};

TEST(SessionAffinity, ANewSessionIsBoundNowhere) {
  SessionBench bench("session-id");
  EXPECT_THAT(bench.scores("session-affinity-scorer"), ElementsAre(0, 0, 0));
  EXPECT_THAT(bench.filtered("session-affinity-filter"), ElementsAre(0, 1, 2));
}

TEST(SessionAffinity, StaysWithTheEndpointOfTheFirstRequest) {
  SessionBench bench("session-id");
  bench.dispatched(1);
  bench.dispatched(2);
  EXPECT_THAT(bench.scores("session-affinity-scorer"), ElementsAre(0, 1, 0));
  EXPECT_THAT(bench.filtered("session-affinity-filter"), ElementsAre(1));
  bench.request.session = 0;
  EXPECT_THAT(bench.scores("session-affinity-scorer"), ElementsAre(0, 0, 0));
}

TEST(SessionAffinity, IsBoundAnewWhereItsEndpointIsNoCandidate) {
  SessionBench bench("session-id");
  bench.dispatched(1);
  bench.candidates = {0, 2};
  EXPECT_THAT(bench.filtered("session-affinity-filter"), ElementsAre(0, 2));
  bench.dispatched(2);
  bench.candidates = {0, 1, 2};
  EXPECT_THAT(bench.filtered("session-affinity-filter"), ElementsAre(2));
}

TEST(SessionAffinity, TheEchoedEndpointIsTheLastOne) {
  SessionBench bench("encoded-endpoint-header");
  bench.dispatched(1);
  bench.dispatched(2);
  bench.now = from_seconds(10'000);
  EXPECT_THAT(bench.scores("session-affinity-scorer"), ElementsAre(0, 0, 1));
}

// Used at 3 s: idle for over 300 s from 303 s on; the sweep at 310 s forgets it, the one at 300 s does not.
TEST(SessionAffinity, IdleSessionsAreForgottenAtASweep) {
  for (const double now : {309.0, 310.0}) {
    SessionBench bench("session-id");
    bench.now = from_seconds(3);
    bench.dispatched(1);
    bench.now = from_seconds(now);
    EXPECT_THAT(bench.scores("session-affinity-scorer"), ElementsAre(0, now == 309 ? 1 : 0, 0));
  }
}

// Each use counts: at 3 s, at 200 s, and at 450 s.
TEST(SessionAffinity, UseKeepsASessionAlive) {
  SessionBench bench("session-id");
  bench.now = from_seconds(3);
  bench.dispatched(1);
  for (const double now : {200.0, 450.0}) {
    bench.now = from_seconds(now);
    EXPECT_THAT(bench.scores("session-affinity-scorer"), ElementsAre(0, 1, 0));
  }
}

PluginSettings affinity(double penalty_ms, double exploration = 0, double tokens_penalty = 0) {
  return plugin("prefix-cache-affinity-filter",
                {{"affinityThreshold", 0.8},
                 {"explorationProbability", exploration},
                 {"maxTTFTPenaltyMs", penalty_ms},
                 {"peakPrefillThroughput", 1000},
                 {"maxTokensInFlightPenalty", tokens_penalty}},
                {{"ttftSource", "in-flight-tokens"},
                 {"prefixMatchInfoProducerName", ""},
                 {"inFlightLoadProducerName", ""},
                 {"predictedLatencyProducerName", ""}});
}
// Prompt of 5 blocks; endpoint 1 has 4 of them (0.8), endpoint 2 has 3 (0.6).
struct AffinityBench : PluginBench {
  explicit AffinityBench(PluginSettings filter) : PluginBench(3, {approximate_index(), std::move(filter)}) {
    prompt_of(1, 320);
    has_prefix(1, 256);
    has_prefix(2, 192);
  }
};

TEST(PrefixAffinityFilter, KeepsThoseWithMostOfThePrompt) {
  EXPECT_THAT(AffinityBench(affinity(18000)).filtered("prefix-cache-affinity-filter"), ElementsAre(1));
}

TEST(PrefixAffinityFilter, WithoutAnyKeepsAll) {
  AffinityBench bench(affinity(18000));
  bench.prompt_of(9, 320);
  EXPECT_THAT(bench.filtered("prefix-cache-affinity-filter"), ElementsAre(0, 1, 2));
}

// Peak of 1000 tokens a second: 700 tokens there and 200 at the least of the others are 500 ms more.
TEST(PrefixAffinityFilter, GivesWayWhereStickinessCostsTooMuch) {
  for (const double limit : {500.0, 499.0, 0.0}) {
    AffinityBench bench(affinity(limit));
    bench.send(1, 700);
    bench.send(0, 200);
    bench.send(2, 400);
    const EndpointIds left = bench.filtered("prefix-cache-affinity-filter");
    EXPECT_EQ(left.size(), limit == 499 ? 3U : 1U) << limit;
  }
}

TEST(PrefixAffinityFilter, OlderImagesCompareTokens) {
  for (const double limit : {500.0, 499.0}) {
    AffinityBench bench(affinity(1e9, 0, limit));
    bench.send(1, 700);
    bench.send(0, 200);
    bench.send(2, 400);
    const EndpointIds left = bench.filtered("prefix-cache-affinity-filter");
    EXPECT_EQ(left.size(), limit == 499 ? 3U : 1U) << limit;
  }
}

// All endpoints are sticky: there are no others to go to.
TEST(PrefixAffinityFilter, StaysWhereAllAreSticky) {
  AffinityBench bench(affinity(1));
  bench.candidates = {1};
  bench.send(1, 100'000);
  EXPECT_THAT(bench.filtered("prefix-cache-affinity-filter"), ElementsAre(1));
}

// Of 4000 at 0.25: 1000 with deviation sqrt(4000 * 0.25 * 0.75) = 27.
TEST(PrefixAffinityFilter, ExploresAtItsProbability) {
  AffinityBench bench(affinity(18000, 0.25));
  int explored = 0;
  for (int i = 0; i < 4000; ++i)
    explored += bench.filtered("prefix-cache-affinity-filter").size() == 3 ? 1 : 0;
  EXPECT_NEAR(explored, 1000, 4 * 27);
}

struct TopologyBench : PluginBench {
  TopologyBench()
      : PluginBench(5,
                    {plugin("topology-extractor", {},
                            {{"hostname", "host"}, {"rack", "rack"}, {"zone", "zone"}, {"region", "region"}}),
                     plugin("topology-affinity-scorer", {}, {{"topologyProducerName", "topology-extractor"}}),
                     plugin("topology-affinity-filter", {{"minAffinity", 0.2}},
                            {{"topologyProducerName", "topology-extractor"}})}) {
    const char* hosts[] = {"a", "a", "b", "c", "d"};
    const char* racks[] = {"r1", "r1", "r1", "r2", "r3"};
    const char* sites[] = {"north", "north", "north", "north", "south"};
    for (std::size_t i = 0; i < 5; ++i) {
      endpoints[i].host = hosts[i];
      endpoints[i].site = sites[i];
      endpoints[i].labels = {{"rack", racks[i]}, {"region", "eu"}};
    }
  }
};

// From endpoint 1: same host, itself, same rack, same zone (site), same region.
TEST(TopologyAffinity, ScoresBySharedPlace) {
  TopologyBench bench;
  EXPECT_THAT(bench.scores("topology-affinity-scorer"), ElementsAre(0, 0, 0, 0, 0));
  bench.decode = 1;
  EXPECT_THAT(bench.scores("topology-affinity-scorer"), ElementsAre(1, 1, 0.2, 0.05, 0.02));
}

TEST(TopologyAffinity, UnknownPlacesAreNotShared) {
  TopologyBench bench;
  for (Endpoint& endpoint : bench.endpoints) endpoint = {};
  bench.decode = 1;
  EXPECT_THAT(bench.scores("topology-affinity-scorer"), ElementsAre(0, 0, 0, 0, 0));
}

TEST(TopologyAffinity, FilterKeepsTheNearAndAllWhereNoneIsNear) {
  TopologyBench bench;
  EXPECT_EQ(bench.filtered("topology-affinity-filter").size(), 5U);
  bench.decode = 1;
  EXPECT_THAT(bench.filtered("topology-affinity-filter"), ElementsAre(0, 1, 2));
  bench.candidates = {3, 4};
  EXPECT_THAT(bench.filtered("topology-affinity-filter"), ElementsAre(3, 4));
}

}  // namespace
}  // namespace kvsim::sim
