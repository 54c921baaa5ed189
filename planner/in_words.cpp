// SPDX-License-Identifier: Apache-2.0
#include "planner/in_words.h"

#include <fmt/format.h>

namespace kvsim::planner {

std::string in_words(const Problem& problem, const std::vector<PoolOption>& pools,
                     const FleetChoice& choice) {
  std::string words;
  for (std::size_t i = 0; i < pools.size(); ++i) {
    if (choice.servers[i] == 0) continue;
    words +=
        fmt::format("{}{} {} at {} ({}, tp {}{})", words.empty() ? "" : ", ", choice.servers[i],
                    problem.servers[pools[i].server].name, problem.sites[pools[i].site].name, pools[i].model,
                    pools[i].tp, pools[i].dedicated_to.empty() ? "" : ", for " + pools[i].dedicated_to);
  }
  for (std::size_t i = 0; i < choice.storage.size(); ++i)
    if (choice.storage[i])
      words += fmt::format(
          " with {} of {:.3g} TB", problem.storage[i].name,
          static_cast<double>(problem.storage[i].sizes[*choice.storage[i]].capacity_bytes) / 1e12);
  return words.empty() ? "no server" : words;
}

}  // namespace kvsim::planner
