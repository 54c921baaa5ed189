// SPDX-License-Identifier: Apache-2.0
#include "planner/neighbours.h"

#include <fmt/format.h>

#include <algorithm>

#include "planner/pool_pairs.h"

namespace kvsim::planner {
namespace {

class Steps {
 public:
  Steps(const Problem& problem, const Options& options, const FleetChoice& from)
      : problem_(problem), options_(options), from_(from) {}

  std::vector<Proposal> all() {
    for (const std::uint32_t count : {1u, 2u}) remove(count);
    for (const std::uint32_t count : {2u, 1u}) swap(count);
    for (const std::uint32_t count : {3u, 2u}) split(count);
    join();
    resize_storage();
    return std::move(proposals_);
  }

 private:
  void remove(std::uint32_t count) {
    for (std::size_t i = 0; i < from_.servers.size(); ++i) {
      if (from_.servers[i] < count) continue;
      FleetChoice to = from_;
      to.servers[i] -= count;
      add(std::move(to), fmt::format("{} less of {}", count, options_.pools[i].name));
    }
  }

  void swap(std::uint32_t count) {
    for (std::size_t i = 0; i < from_.servers.size(); ++i) {
      if (from_.servers[i] < count) continue;
      for (std::size_t j = 0; j < from_.servers.size(); ++j) {
        if (j == i || from_.servers[j] >= options_.pools[j].most) continue;
        FleetChoice to = from_;
        to.servers[i] -= count;
        ++to.servers[j];
        add(std::move(to),
            fmt::format("{} of {} for {}", count, options_.pools[i].name, options_.pools[j].name));
      }
    }
  }

  bool is_whole(std::size_t option) const { return options_.pools[option].role == sim::PoolRole::kBoth; }

  template <class Visit>
  void for_each_pair(const Visit& visit) {
    for (std::size_t i = 0; i < from_.servers.size(); ++i) {
      if (options_.pools[i].role != sim::PoolRole::kPrefill) continue;
      for (const std::size_t other : partners(options_, i)) visit(i, other);
    }
  }

  void split(std::uint32_t count) {
    for_each_pair([&](std::size_t prefill, std::size_t decode) {
      for (std::size_t i = 0; i < from_.servers.size(); ++i) {
        if (!is_whole(i) || from_.servers[i] < count) continue;
        FleetChoice to = from_;
        to.servers[i] -= count;
        ++to.servers[prefill];
        ++to.servers[decode];
        add(std::move(to), fmt::format("{} of {} for {} and {}", count, options_.pools[i].name,
                                       options_.pools[prefill].name, options_.pools[decode].name));
      }
    });
  }

  void join() {
    for_each_pair([&](std::size_t prefill, std::size_t decode) {
      for (std::size_t i = 0; i < from_.servers.size(); ++i) {
        if (!is_whole(i) || from_.servers[prefill] == 0 || from_.servers[decode] == 0) continue;
        FleetChoice to = from_;
        --to.servers[prefill];
        --to.servers[decode];
        ++to.servers[i];
        add(std::move(to), fmt::format("{} for {} and {}", options_.pools[i].name,
                                       options_.pools[prefill].name, options_.pools[decode].name));
      }
    });
  }

  void resize_storage() {
    for (std::size_t i = 0; i < from_.storage.size(); ++i) {
      if (!from_.storage[i]) continue;
      for (std::size_t size = 0; size < *from_.storage[i]; ++size) {
        FleetChoice to = from_;
        to.storage[i] = size;
        add(std::move(to), "a smaller " + problem_.storage[i].name);
      }
    }
  }

  // Storage that nobody mounts any more goes with its last server.
  void add(FleetChoice to, std::string origin) {
    if (std::all_of(to.servers.begin(), to.servers.end(), [](std::uint32_t count) { return count == 0; }))
      return;
    for (std::size_t i = 0; i < to.storage.size(); ++i) {
      bool is_mounted = false;
      for (std::size_t p = 0; p < to.servers.size(); ++p)
        is_mounted = is_mounted || (to.servers[p] > 0 && options_.pools[p].storage == i);
      if (!is_mounted) to.storage[i].reset();
      if (is_mounted && !to.storage[i]) to.storage[i] = 0;
    }
    proposals_.push_back({std::move(to), std::move(origin)});
  }

  const Problem& problem_;
  const Options& options_;
  const FleetChoice& from_;
  std::vector<Proposal> proposals_;
};

}  // namespace

std::vector<Proposal> neighbours(const Problem& problem, const Options& options, const FleetChoice& choice) {
  return Steps(problem, options, choice).all();
}

}  // namespace kvsim::planner
