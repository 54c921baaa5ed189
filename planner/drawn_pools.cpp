// SPDX-License-Identifier: Apache-2.0
#include "planner/drawn_pools.h"

#include <fmt/format.h>

#include <algorithm>

#include "planner/compose_fleet.h"
#include "planner/demand_rows.h"
#include "planner/nodes.h"
#include "planner/one_server.h"
#include "planner/replica_work.h"
#include "planner/slo_of.h"

namespace kvsim::planner {
namespace {

constexpr std::uint64_t kRankedDraws = 20;

sim::Pool read_pool(const Problem& problem, const std::vector<PoolOption>& options, std::size_t option,
                    const sim::FleetInputs& inputs) {
  std::vector<PoolOption> alone{options[option]};
  alone.front().pool = without_key(alone.front().pool, "role");
  const FleetChoice choice = one_server(problem, 1, 0);
  sim::Pool pool = sim::read_fleet(compose_fleet(problem, alone, choice, false), inputs).pools.front();
  pool.role = options[option].role;
  return pool;
}

double speed(const sim::Pool& pool, std::size_t option, const Options& options, const Problem& problem,
             const Demand& demand) {
  double sum = 0;
  for (const DemandClass& asked : options.demand) {
    if (!is_lawful(asked, option)) continue;
    const SloGoal& goal = slo_of(problem, asked.slo_class, asked.tenant).normal;
    sum += hand_capacity(pool, demand.of(asked), goal).requests_per_second;
  }
  return sum;
}

struct RankedPool {
  double speed = 0;
  std::uint64_t draw = 0;
  sim::Pool pool;
};

// Slowest first.
std::vector<RankedPool> ranked(const Problem& problem, const Options& options, std::size_t option,
                               const std::vector<sim::FleetInputs>& drawn, const Demand& demand,
                               const ReadPool& read) {
  std::vector<RankedPool> all;
  for (std::uint64_t i = 0; i < drawn.size(); ++i) {
    try {
      RankedPool at{0, i, read(option, drawn[i])};
      at.speed = speed(at.pool, option, options, problem, demand);
      all.push_back(std::move(at));
    } catch (const InputError&) {  // no fleet: not even the slowest
    }
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const RankedPool& a, const RankedPool& b) { return a.speed < b.speed; });
  return all;
}

}  // namespace

PoolsByName pools_at_best(const Problem& problem, const std::vector<PoolOption>& options,
                          const sim::FleetInputs& inputs) {
  PoolsByName pools;
  for (std::size_t i = 0; i < options.size(); ++i)
    pools.emplace(options[i].name, read_pool(problem, options, i, inputs));
  return pools;
}

DrawnPools draw_pools(const Problem& problem, const std::vector<PoolOption>& options,
                      const sim::FleetInputs& inputs, models::ProfileDraw draw) {
  return {pools_at_best(problem, options, sim::drawn_inputs(inputs, draw)),
          fmt::format("draw {} of seed {}", draw.index, draw.seed)};
}

DrawnPools pessimistic_pools(const Problem& problem, const Options& options, const sim::FleetInputs& inputs,
                             const Demand& demand) {
  return pessimistic_pools(problem, options, inputs, demand,
                           [&](std::size_t option, const sim::FleetInputs& drawn) {
                             return read_pool(problem, options.pools, option, drawn);
                           });
}

DrawnPools pessimistic_pools(const Problem& problem, const Options& options, const sim::FleetInputs& inputs,
                             const Demand& demand, const ReadPool& read) {
  std::vector<sim::FleetInputs> drawn;
  for (std::uint64_t i = 0; i < kRankedDraws; ++i)
    drawn.push_back(sim::drawn_inputs(inputs, {problem.search.seed, i}));
  const auto place = static_cast<std::size_t>(problem.search.pessimism * static_cast<double>(kRankedDraws));
  DrawnPools pools{{}, fmt::format("pessimism {}", problem.search.pessimism)};
  for (std::size_t option = 0; option < options.pools.size(); ++option) {
    std::vector<RankedPool> all = ranked(problem, options, option, drawn, demand, read);
    const std::size_t refused = kRankedDraws - all.size();
    if (all.empty()) continue;
    RankedPool& taken = all[std::min(all.size() - 1, place - std::min(place, refused))];
    pools.said += fmt::format("|{}:{}", options.pools[option].name, taken.draw);
    pools.pools.emplace(options.pools[option].name, std::move(taken.pool));
  }
  return pools;
}

sim::Fleet with_pools(sim::Fleet fleet, const DrawnPools& drawn) {
  for (sim::Pool& pool : fleet.pools) {
    const auto found = drawn.pools.find(pool.name);
    if (found == drawn.pools.end()) continue;
    pool.step_time = found->second.step_time;
    pool.step_time_facts = found->second.step_time_facts;
    pool.frontend = found->second.frontend;
    pool.kv_blocks = found->second.kv_blocks;
  }
  return fleet;
}

}  // namespace kvsim::planner
