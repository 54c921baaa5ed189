// SPDX-License-Identifier: Apache-2.0
// Totals that stand from request to request: does a router pick as one that adds all of them up each time,
// as it does where it has to explain itself?
#include <gtest/gtest.h>

#include "sim/routing/epp_router.h"
#include "tests/random_cases.h"
#include "tests/sim/routing/plugin_bench.h"

namespace kvsim::sim {
namespace {

struct Use {
  PluginSettings plugin;
  double weight = 1;
};

RouterSettings router_of(std::vector<PluginSettings> producers, std::vector<Use> uses) {
  RouterSettings settings;
  settings.policy = "epp";
  EppSettings& epp = settings.epp.emplace();
  epp.plugins = std::move(producers);
  epp.plugins.push_back(plugin("single-profile-handler"));
  epp.profile_handler = "single-profile-handler";
  ProfileSettings& profile = epp.profiles.emplace_back();
  profile.name = "default";
  for (Use& use : uses) {
    profile.uses.push_back({epp.plugins.size(), use.weight});
    epp.plugins.push_back(std::move(use.plugin));
  }
  return settings;
}

PluginSettings weighted_random() { return plugin("weighted-random-picker", {{"maxNumOfEndpoints", 1}}); }

// Plays the same requests to two routers of the same seed.
class Twins {
 public:
  Twins(std::size_t endpoints, const RouterSettings& settings)
      : bench_(endpoints), everybody_(bench_.candidates), settings_(settings) {}

  void play(int requests) {
    for (int i = 0; i < requests; ++i) {
      const std::uint64_t changes = random_.below(random_.below(20) == 0 ? 100 : 4);
      for (std::uint64_t change = 0; change < changes; ++change) change_gauge();
      bench_.now += 10'000'000;
      bench_.prompt_of(1 + random_.below(30), static_cast<std::uint32_t>(64 * (1 + random_.below(4))));
      choose_candidates();
      explanation_ = {};
      ASSERT_EQ(send(standing_, nullptr), send(plain_, &explanation_)) << "request " << i;
    }
  }

 private:
  EndpointId some_endpoint() { return static_cast<EndpointId>(random_.below(everybody_.size())); }
  void change_gauge() {
    const EndpointId endpoint = some_endpoint();
    bench_.waiting(endpoint, static_cast<double>(random_.below(4)));
    bench_.running(endpoint, static_cast<double>(random_.below(4)));
    bench_.kv_usage(endpoint, static_cast<double>(random_.below(5)) / 4);
  }
  void choose_candidates() {
    bench_.candidates = everybody_;
    if (random_.below(10) > 0) return;
    std::erase_if(bench_.candidates, [&](EndpointId) { return random_.below(3) == 0; });
    if (bench_.candidates.empty()) bench_.candidates = everybody_;
  }
  EndpointId send(EppRouter& router, Explanation* explanation) {
    const Decision decision =
        router.route(bench_.request, {bench_.now, bench_.signals, bench_.truth}, explanation);
    router.dispatched(decision.ticket, bench_.now);
    return decision.ticket.decode;
  }

  PluginBench bench_;
  EndpointIds everybody_;
  RouterSettings settings_;
  EppRouter standing_{settings_, bench_.endpoints, 5}, plain_{settings_, bench_.endpoints, 5};
  RandomStream random_{3, "test"};
  Explanation explanation_;
};

void play_fleets(const RouterSettings& settings) {
  for (const std::size_t endpoints : {1, 7, 40, 200}) Twins(endpoints, settings).play(random_cases(2000));
}

TEST(StandingTotals, PickAsPlainOnesWithAnApproximateIndexAndTheHighestScore) {
  play_fleets(router_of({approximate_index(20)}, {{prefix_scorer(), 3},
                                                  {plugin("queue-scorer"), 2},
                                                  {plugin("kv-cache-utilization-scorer"), 2},
                                                  {no_hit_lru(), 2},
                                                  {max_score()}}));
}

TEST(StandingTotals, PickAsPlainOnesWithAPreciseIndexAndWeightedDraws) {
  play_fleets(router_of({precise_index(1)}, {{prefix_scorer(0.5, 128), 2},
                                             {plugin("running-requests-size-scorer"), 1},
                                             {plugin("load-aware-scorer", {{"threshold", 3}}), 1},
                                             {weighted_random()}}));
}

TEST(StandingTotals, PickAsPlainOnesByGaugesAlone) {
  play_fleets(router_of({}, {{plugin("queue-scorer"), 1}, {max_score()}}));
}

}  // namespace
}  // namespace kvsim::sim
