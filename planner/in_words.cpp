// SPDX-License-Identifier: Apache-2.0
#include "planner/in_words.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/scenario/role_names.h"

namespace kvsim::planner {

namespace {

bool look_alike(const PoolOption& a, const PoolOption& b) {
  return a.site == b.site && a.server == b.server && a.model == b.model && a.tp == b.tp && a.role == b.role &&
         a.dedicated_to == b.dedicated_to;
}

// "Llama-3.1-8B, tp 1, for clinic"; and what tells it from other ways to use the same server.
std::string used_how(const Problem& problem, const std::vector<PoolOption>& pools, const PoolOption& pool) {
  std::string words = fmt::format("{}, tp {}", pool.model, pool.tp);
  if (pool.role != sim::PoolRole::kBoth) words += ", " + sim::name(pool.role);
  const auto is_like = [&pool](const PoolOption& other) { return look_alike(pool, other); };
  if (std::count_if(pools.begin(), pools.end(), is_like) > 1) {
    words += ", " + problem.engines[pool.engine].name;
    if (pool.storage) words += " on " + problem.storage[*pool.storage].name;
  }
  return pool.dedicated_to.empty() ? words : words + ", for " + pool.dedicated_to;
}

}  // namespace

std::string in_words(const Problem& problem, const std::vector<PoolOption>& pools,
                     const FleetChoice& choice) {
  std::string words;
  for (std::size_t i = 0; i < pools.size(); ++i) {
    if (choice.servers[i] == 0) continue;
    words += fmt::format("{}{} {} at {} ({})", words.empty() ? "" : ", ", choice.servers[i],
                         problem.servers[pools[i].server].name, problem.sites[pools[i].site].name,
                         used_how(problem, pools, pools[i]));
  }
  for (std::size_t i = 0; i < choice.storage.size(); ++i)
    if (choice.storage[i])
      words += fmt::format(
          " with {} of {:.3g} TB", problem.storage[i].name,
          static_cast<double>(problem.storage[i].sizes[*choice.storage[i]].capacity_bytes) / 1e12);
  return words.empty() ? "no server" : words;
}

}  // namespace kvsim::planner
