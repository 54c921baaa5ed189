// SPDX-License-Identifier: Apache-2.0
// The endpoint picker as a whole, in the shapes of its guides.
#include "sim/routing/epp_router.h"

#include <gmock/gmock.h>

#include "base/errors.h"
#include "tests/sim/routing/plugin_bench.h"

namespace kvsim::sim {
namespace {

using testing::ElementsAre;

struct Use {
  std::string plugin;
  double weight = 1;
};

EppSettings config(std::vector<PluginSettings> plugins, const std::string& handler,
                   const std::vector<std::pair<std::string, std::vector<Use>>>& profiles) {
  EppSettings epp;
  epp.plugins = std::move(plugins);
  epp.profile_handler = handler;
  for (const auto& [name, uses] : profiles) {
    ProfileSettings& profile = epp.profiles.emplace_back();
    profile.name = name;
    for (const Use& use : uses)
      for (std::size_t i = 0; i < epp.plugins.size(); ++i)
        if (epp.plugins[i].name == use.plugin) profile.uses.push_back({i, use.weight});
  }
  return epp;
}

// prefix 3, queue 2, kv 2, no-hit-lru 2, as the guides up to v0.8 have it.
EppSettings blend(PluginSettings index) {
  return config({plugin("single-profile-handler"), std::move(index), load_producer(), prefix_scorer(),
                 plugin("queue-scorer"), plugin("kv-cache-utilization-scorer"), no_hit_lru(), max_score()},
                "single-profile-handler",
                {{"default",
                  {{"prefix-cache-scorer", 3},
                   {"queue-scorer", 2},
                   {"kv-cache-utilization-scorer", 2},
                   {"no-hit-lru-scorer", 2},
                   {"max-score-picker"}}}});
}

class Bench : public PluginBench {
 public:
  Bench(std::size_t count, EppSettings epp) : PluginBench(count) {
    router_settings.policy = "epp";
    router_settings.epp = std::move(epp);
  }
  EppRouter& router() {
    if (!made) made.emplace(router_settings, endpoints, 5);
    return *made;
  }
  Decision route(Explanation* explanation = nullptr) {
    return router().route(request, {now, signals, truth}, explanation);
  }
  Decision route_and_send() {
    const Decision decision = route();
    router().dispatched(decision.ticket, 0);
    return decision;
  }
  RouterSettings router_settings;

 private:
  std::optional<EppRouter> made;
};

// Cold, so no-hit-lru gives 1 and 0 on two endpoints. Endpoint 0 waits 1 and uses 0.5:
//   0: 3*0 + 2*0 + 2*0.5 + 2*1 = 3;  1: 3*0 + 2*1 + 2*1 + 2*0 = 4
// Then endpoint 1 has it all, no-hit-lru 0.5 each:
//   0: 0 + 0 + 1 + 1 = 2;  1: 3 + 2 + 2 + 1 = 8
TEST(EppRouter, BlendSumsWeightedScores) {
  Bench bench(2, blend(approximate_index()));
  bench.waiting(0, 1);
  bench.kv_usage(0, 0.5);
  Explanation cold, warm;
  const Decision first = bench.route(&cold);
  EXPECT_EQ(first.ticket.decode, 1U);
  EXPECT_EQ(first.ticket.uncached_tokens, 256U);
  EXPECT_EQ(first.predicted_hit_tokens, 0U);
  ASSERT_EQ(cold.profiles.size(), 1U);
  EXPECT_THAT(cold.profiles[0].totals, ElementsAre(3, 4));

  const Decision second = bench.route(&warm);
  EXPECT_EQ(second.ticket.decode, 1U);
  EXPECT_EQ(second.ticket.uncached_tokens, 0U);
  EXPECT_EQ(second.predicted_hit_tokens, 256U);
  EXPECT_THAT(warm.profiles[0].totals, ElementsAre(2, 8));
}

TEST(EppRouter, ExplainsEachColumn) {
  Bench bench(2, blend(approximate_index()));
  Explanation explanation;
  bench.route(&explanation);
  const Explanation::Profile& profile = explanation.profiles.at(0);
  EXPECT_EQ(profile.name, "default");
  EXPECT_THAT(profile.candidates, ElementsAre(0, 1));
  ASSERT_EQ(profile.columns.size(), 4U);
  EXPECT_EQ(profile.columns[3].name, "no-hit-lru-scorer");
  EXPECT_EQ(profile.columns[3].weight, 2);
  EXPECT_THAT(profile.columns[3].scores, ElementsAre(1, 0));
  EXPECT_EQ(profile.pick, 0U);
}

TEST(EppRouter, AsksForWhatItsPluginsRead) {
  const RouterNeeds blend_needs = Bench(2, blend(approximate_index())).router().needs();
  EXPECT_TRUE(blend_needs.gauges && blend_needs.kv_usage);
  EXPECT_FALSE(blend_needs.cache_events);
  EXPECT_TRUE(Bench(2, blend(precise_index(1))).router().needs().cache_events);
}

TEST(EppRouter, RoutesToCandidatesOnly) {
  Bench bench(3, blend(approximate_index()));
  bench.route_and_send();  // 0 has the prompt now
  bench.candidates = {1, 2};
  bench.waiting(1, 3);
  bench.kv_usage(1, 0.5);  // 2 * (0 + 0.5 + 1) against 2 * (1 + 1 + 0)
  for (int i = 0; i < 20; ++i) EXPECT_EQ(bench.route().ticket.decode, 2U);
}

// 8 of 16 blocks of 16 tokens are stored at endpoint 2.
TEST(EppRouter, PreciseFollowsEvents) {
  Bench bench(3, blend(precise_index(0)));
  CacheEvent event;
  event.block_tokens = 16;
  event.path = std::make_shared<const std::vector<traces::Piece>>(bench.prompt);
  event.end = 8;
  bench.router().cache_event(2, event, 0);
  const Decision decision = bench.route();
  EXPECT_EQ(decision.ticket.decode, 2U);
  EXPECT_EQ(decision.ticket.uncached_tokens, 128U);
  EXPECT_EQ(decision.predicted_hit_tokens, 128U);
}

PluginSettings disaggregation(const std::string& decider) {
  return plugin(
      "disagg-profile-handler", {},
      {{"profiles.decode", "decode"}, {"profiles.prefill", "prefill"}, {"deciders.prefill", decider}});
}
EppSettings split(const std::string& decider) {
  return config(
      {disaggregation(decider), plugin("always-disagg-pd-decider"),
       plugin("prefix-based-pd-decider", {{"nonCachedTokens", 16}, {"promptTokens", 0}},
              {{"prefixMatchInfoProducerName", ""}}),
       approximate_index(), load_producer(), plugin("decode-filter"), plugin("prefill-filter"),
       prefix_scorer(), plugin("queue-scorer"), max_score()},
      "disagg-profile-handler",
      {{"decode", {{"decode-filter"}, {"prefix-cache-scorer", 2}, {"queue-scorer"}, {"max-score-picker"}}},
       {"prefill",
        {{"prefill-filter"}, {"prefix-cache-scorer", 2}, {"queue-scorer"}, {"max-score-picker"}}}});
}
// Endpoints 0 and 1 prefill, 2 and 3 decode; 0 and 2 have a queue.
struct SplitBench : Bench {
  explicit SplitBench(const std::string& decider) : Bench(4, split(decider)) {
    for (const EndpointId endpoint : {0, 1}) endpoints[endpoint].labels["llm-d.ai/role"] = "prefill";
    for (const EndpointId endpoint : {2, 3}) endpoints[endpoint].labels["llm-d.ai/role"] = "decode";
    waiting(0, 1);
    waiting(2, 1);
  }
};

TEST(EppRouter, SplitsPrefillFromDecode) {
  SplitBench bench("always-disagg-pd-decider");
  Explanation explanation;
  const Decision decision = bench.route(&explanation);
  EXPECT_EQ(decision.ticket.decode, 3U);
  EXPECT_EQ(decision.ticket.prefill, 1U);
  EXPECT_EQ(decision.ticket.uncached_tokens, 256U);
  EXPECT_EQ(decision.ticket.prefill_uncached_tokens, 256U);
  EXPECT_THAT(explanation.filters, ElementsAre("decode-filter: 4 -> 2", "prefill-filter: 4 -> 2"));
  EXPECT_EQ(explanation.profiles.size(), 2U);
  EXPECT_EQ(bench.route().predicted_hit_tokens, 256U);  // it stands in the index of both
}

// All is cached where it decodes after the first request.
TEST(EppRouter, PrefixDeciderSplitsColdPromptsOnly) {
  SplitBench bench("prefix-based-pd-decider");
  EXPECT_EQ(bench.route().ticket.prefill, 1U);
  EXPECT_FALSE(bench.route().ticket.prefill);
}

TEST(EppRouter, WithoutADeciderNothingIsSplit) { EXPECT_FALSE(SplitBench("").route().ticket.prefill); }

TEST(EppRouter, PrefillsWhereItDecodesIfNobodyElseCan) {
  SplitBench bench("always-disagg-pd-decider");
  bench.candidates = {2, 3};
  const Decision decision = bench.route();
  EXPECT_EQ(decision.refusal, Refusal::kNone);
  EXPECT_FALSE(decision.ticket.prefill);
}

TEST(EppRouter, RefusesWhereFiltersLeaveNone) {
  SplitBench bench("always-disagg-pd-decider");
  bench.candidates = {0, 1};
  EXPECT_EQ(bench.route().refusal, Refusal::kNoEndpoint);
}

TEST(EppRouter, HeadersChooseAProfile) {
  EppSettings epp =
      config({plugin("header-profile-handler", {},
                     {{"headerName", "x-gateway-inference-objective"}, {"defaultProfile", "decode"}}),
              plugin("decode-filter"), plugin("prefill-filter"), max_score()},
             "header-profile-handler",
             {{"decode", {{"decode-filter"}, {"max-score-picker"}}},
              {"gold", {{"prefill-filter"}, {"max-score-picker"}}}});
  Bench bench(2, epp);
  bench.endpoints[0].labels["llm-d.ai/role"] = "prefill";
  EXPECT_EQ(bench.route().ticket.decode, 1U);
  bench.slo_class = "gold";
  EXPECT_EQ(bench.route().ticket.decode, 0U);
  bench.slo_class = "tin";
  EXPECT_EQ(bench.route().ticket.decode, 1U);
}

// What was sent counts until it is answered: token load moves the second request away, its end brings it
// back.
TEST(EppRouter, CountsWhatItHasSent) {
  EppSettings epp =
      config({plugin("single-profile-handler"), load_producer(),
              plugin("token-load-scorer", {{"queueThresholdTokens", 1000}},
                     {{"inFlightLoadProducerName", ""}, {"prefixMatchInfoProducerName", ""}}),
              max_score()},
             "single-profile-handler", {{"default", {{"token-load-scorer"}, {"max-score-picker"}}}});
  Bench bench(2, epp);
  const Decision first = bench.route_and_send();
  const EndpointId other = 1 - first.ticket.decode;
  for (int i = 0; i < 10; ++i) EXPECT_EQ(bench.route().ticket.decode, other);
  bench.router().first_token(first.ticket, 1);
  const Decision second = bench.route_and_send();
  for (int i = 0; i < 10; ++i) EXPECT_NE(bench.route().ticket.decode, second.ticket.decode);
}

TEST(EppRouter, ProducersRunBehindThoseThatTheyRead) {
  Bench bench(1, config({plugin("single-profile-handler"), load_producer(), approximate_index(), max_score()},
                        "single-profile-handler", {{"default", {{"max-score-picker"}}}}));
  PluginSet set(*bench.router_settings.epp, bench.endpoints, 1);
  const Plugin* load = set.find<Plugin>("inflight-load-producer");
  const Plugin* index = set.find<Plugin>("approx-prefix-cache-producer");
  const std::vector<Plugin*>& order = set.in_order();
  EXPECT_LT(std::find(order.begin(), order.end(), index), std::find(order.begin(), order.end(), load));
}

TEST(EppRouter, TypesWithoutEffectAreSkipped) {
  Bench bench(
      1, config({plugin("single-profile-handler"), plugin("openai-parser"), plugin("lora-affinity-scorer"),
                 max_score()},
                "single-profile-handler", {{"default", {{"lora-affinity-scorer"}, {"max-score-picker"}}}}));
  EXPECT_EQ(bench.route().ticket.decode, 0U);
}

TEST(EppRouter, RefusesConfigurationsThatCannotRun) {
  const auto single = plugin("single-profile-handler");
  const std::vector<EppSettings> broken{
      config({single, max_score()}, "single-profile-handler",
             {{"a", {{"max-score-picker"}}}, {"b", {{"max-score-picker"}}}}),
      config({single, plugin("queue-scorer")}, "single-profile-handler", {{"a", {{"queue-scorer"}}}}),
      config({single, max_score()}, "max-score-picker", {{"a", {{"max-score-picker"}}}}),
      config({disaggregation(""), max_score()}, "disagg-profile-handler", {{"a", {{"max-score-picker"}}}}),
  };
  for (const EppSettings& epp : broken) EXPECT_THROW(Bench(1, epp).router(), InputError);
}

TEST(EppRouter, SameSeedSamePicks) {
  const auto picks = [] {
    Bench bench(5, config({plugin("single-profile-handler"), plugin("random-picker")},
                          "single-profile-handler", {{"default", {{"random-picker"}}}}));
    EndpointIds list;
    for (int i = 0; i < 50; ++i) list.push_back(bench.route().ticket.decode);
    return list;
  };
  EXPECT_EQ(picks(), picks());
}

}  // namespace
}  // namespace kvsim::sim
