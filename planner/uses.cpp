// SPDX-License-Identifier: Apache-2.0
#include "planner/uses.h"

#include <optional>
#include <set>
#include <tuple>

#include "planner/integer_program.h"
#include "planner/pool_pairs.h"

namespace kvsim::planner {
namespace {

using Use = std::tuple<std::size_t, std::size_t, std::optional<std::size_t>, sim::PoolRole>;

Use use_of(const PoolOption& pool) { return {pool.server, pool.engine, pool.storage, pool.role}; }

Load only(const Options& options, Load load, const std::set<Use>& uses) {
  for (auto& parts : load.seconds)
    for (auto& seconds : parts)
      for (std::size_t i = 0; i < seconds.size(); ++i)
        if (!uses.contains(use_of(options.pools[i]))) seconds[i] = kUnbounded;
  return load;
}

std::vector<Load> loads_of(const Options& options, const Load& load, const std::set<std::set<Use>>& ways) {
  std::vector<Load> loads;
  for (const std::set<Use>& uses : ways) loads.push_back(only(options, load, uses));
  return loads;
}

}  // namespace

std::vector<Load> loads_of_uses(const Options& options, const Load& load) {
  std::set<std::set<Use>> ways;
  for (const PoolOption& pool : options.pools)
    if (pool.role == sim::PoolRole::kBoth) ways.insert({use_of(pool)});
  return loads_of(options, load, ways);
}

std::vector<Load> loads_of_pairs(const Options& options, const Load& load) {
  std::set<std::set<Use>> ways;
  for (std::size_t i = 0; i < options.pools.size(); ++i) {
    if (options.pools[i].role != sim::PoolRole::kPrefill) continue;
    for (const std::size_t other : partners(options, i))
      ways.insert({use_of(options.pools[i]), use_of(options.pools[other])});
  }
  return loads_of(options, load, ways);
}

}  // namespace kvsim::planner
