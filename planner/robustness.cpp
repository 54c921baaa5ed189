// SPDX-License-Identifier: Apache-2.0
#include "planner/robustness.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace kvsim::planner {
namespace {

constexpr std::uint64_t kOtherSeeds = 1000;  // of the demand of draws: none that the search has judged with
constexpr std::uint64_t kDrawsOfOneSource = 10;  // at most

std::vector<PoolOption> used(const Judging& judging, const FleetChoice& choice) {
  std::vector<PoolOption> options;
  for (std::size_t i = 0; i < choice.servers.size(); ++i)
    if (choice.servers[i] > 0) options.push_back(judging.options.pools[i]);
  return options;
}

// A draw that leaves a pool no room for KV gives no fleet and is left out.
std::vector<Variant> draws_of(const Judging& judging, const std::vector<PoolOption>& options,
                              std::uint64_t count) {
  const std::uint64_t seed = judging.problem.search.seed;
  std::vector<Variant> draws;
  for (std::uint64_t i = 0; i < count; ++i) {
    try {
      draws.push_back(
          {draw_pools(judging.problem, options, judging.inputs, {seed, i}), seed + kOtherSeeds + i});
    } catch (const InputError&) {
    }
  }
  return draws;
}

std::string source_of(const sim::Pool& pool) {
  return pool.profile == "prior" ? fmt::format("prior of {}", pool.accelerator.name)
                                 : "profile " + pool.profile;
}

double spread(const std::vector<Judgement>& judgements) {
  std::vector<double> values;
  for (const Judgement& judgement : judgements) values.push_back(judgement.attainment);
  std::sort(values.begin(), values.end());
  const auto at = [&values](double share) {
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1) + 0.5)];
  };
  return values.empty() ? 0 : at(0.9) - at(0.1);
}

// Only the pools of one source as drawn.
DrawnPools only(const DrawnPools& drawn, const std::set<std::string>& names) {
  DrawnPools some{{}, drawn.said};
  for (const auto& [name, pool] : drawn.pools) {
    if (!names.contains(name)) continue;
    some.pools.emplace(name, pool);
    some.said += "|" + name;
  }
  return some;
}

}  // namespace

SloProbability slo_probability(const Judging& judging, const FleetChoice& choice, Simulations& simulations) {
  SloProbability probability{judging.problem.search.draws, 0};
  const std::vector<Variant> draws = draws_of(judging, used(judging, choice), probability.draws);
  for (const Judgement& judgement : judge_variants(judging, choice, draws, simulations))
    probability.met += judgement.passes ? 1 : 0;
  return probability;
}

std::vector<WorthMeasuring> worth_measuring(const Judging& judging, const FleetChoice& choice,
                                            Simulations& simulations) {
  const std::vector<PoolOption> options = used(judging, choice);
  std::map<std::string, std::set<std::string>> sources;
  for (const auto& [name, pool] : pools_at_best(judging.problem, options, judging.inputs))
    sources[source_of(pool)].insert(name);
  const std::vector<Variant> draws =
      draws_of(judging, options, std::min(judging.problem.search.draws, kDrawsOfOneSource));
  std::vector<WorthMeasuring> ranking;
  const auto add = [&](const std::string& what, const std::vector<Variant>& some) {
    ranking.push_back({what, spread(judge_variants(judging, choice, some, simulations))});
  };
  for (const auto& [source, names] : sources) {
    std::vector<Variant> some;
    for (const Variant& one : draws) some.push_back({only(one.pools, names), judging.problem.search.seed});
    add(source, some);
  }
  std::vector<Variant> demand;
  for (const Variant& one : draws) demand.push_back({{}, one.seed});
  add("demand", demand);
  std::stable_sort(ranking.begin(), ranking.end(),
                   [](const WorthMeasuring& a, const WorthMeasuring& b) { return a.spread > b.spread; });
  return ranking;
}

}  // namespace kvsim::planner
