// SPDX-License-Identifier: Apache-2.0
#include "planner/ties.h"

#include <optional>

namespace kvsim::planner {
namespace {

// Each price at the end of its range that favours `cheaper` over `than`: low where it has more of the item.
class Favouring {
 public:
  Favouring(const Plan& plan, const FleetChoice& cheaper, const FleetChoice& than)
      : problem_(plan.problem), pools_(plan.options.pools), cheaper_(cheaper), than_(than) {}

  Problem problem() {
    for (std::size_t i = 0; i < problem_.servers.size(); ++i) {
      const bool has_more = servers(cheaper_, i) > servers(than_, i);
      favour(problem_.servers[i].purchase, has_more);
      favour(problem_.servers[i].rent_per_hour, has_more);
    }
    for (std::size_t i = 0; i < problem_.storage.size(); ++i)
      for (std::size_t size = 0; size < problem_.storage[i].sizes.size(); ++size)
        favour(problem_.storage[i].sizes[size].purchase,
               cheaper_.storage[i] == size && than_.storage[i] != size);
    return std::move(problem_);
  }

 private:
  std::uint64_t servers(const FleetChoice& choice, std::size_t server) const {
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < pools_.size(); ++i)
      if (pools_[i].server == server) count += choice.servers[i];
    return count;
  }
  static void favour(PriceTag& price, bool low) { price.value = low ? price.low : price.high; }
  static void favour(std::optional<PriceTag>& price, bool low) {
    if (price) favour(*price, low);
  }

  Problem problem_;
  const std::vector<PoolOption>& pools_;
  const FleetChoice& cheaper_;
  const FleetChoice& than_;
};

// With the power that was simulated.
double at_prices_of(const Problem& problem, const Plan& plan, const EvaluatedFleet& fleet,
                    const AcceleratorWatts& idle) {
  return fleet.cost.objective + cost_of(problem, plan.options.pools, fleet.choice, idle).objective -
         cost_of(plan.problem, plan.options.pools, fleet.choice, idle).objective;
}

}  // namespace

std::vector<std::size_t> ties(const Plan& plan, const AcceleratorWatts& idle) {
  std::vector<std::size_t> found;
  if (!plan.best) return found;
  const FleetChoice& best = plan.evaluated[*plan.best].choice;
  for (std::size_t i = 0; i < plan.evaluated.size(); ++i) {
    const EvaluatedFleet& fleet = plan.evaluated[i];
    if (i == *plan.best || !fleet.feasible() || fleet.choice == best) continue;
    const Problem favoured = Favouring(plan, fleet.choice, best).problem();
    if (at_prices_of(favoured, plan, fleet, idle) <=
        at_prices_of(favoured, plan, plan.evaluated[*plan.best], idle))
      found.push_back(i);
  }
  return found;
}

}  // namespace kvsim::planner
