// SPDX-License-Identifier: Apache-2.0
#include "planner/loads.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "planner/demand_rows.h"
#include "planner/losses.h"
#include "planner/replica_work.h"
#include "planner/slo_of.h"

namespace kvsim::planner {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNextToNothing = 1e-4;  // still needs a server; far above the solver's tolerance

Load empty_load(const Options& options, std::size_t parts) {
  Load load;
  load.seconds.assign(
      options.demand.size(),
      std::vector<std::vector<double>>(parts, std::vector<double>(options.pools.size(), kInfinity)));
  return load;
}

bool is_prefill(std::size_t part) { return part < 2; }

// The least of each part that must be done, and the time that there is for it.
struct LeastWork {
  std::array<double, kWorkParts> units{};
  std::array<double, kWorkParts> seconds{};
  bool none = true;  // nothing need be done

  // Server-seconds a second, where one unit takes so many.
  double load(std::size_t part, double unit_seconds) const {
    return none ? 0 : std::max(kNextToNothing, units[part] * unit_seconds / seconds[part]);
  }
};

// What goals ask of a kind of request whatever happens to others: as many of its class may be late, and all
// of them may be of this kind.
class KindGoals {
 public:
  KindGoals(const Problem& problem, const DemandClass& asked, const Demand& demand)
      : slo_(slo_of(problem, asked.slo_class, asked.tenant)), demand_(demand), kind_(demand.of(asked)) {
    for (const auto& [name, other] : demand.kinds)
      if (&slo_of(problem, name.slo_class, name.tenant) == &slo_)
        of_class_ += static_cast<double>(other.requests);
  }

  LeastWork normal() const {
    return least_work(slo_.normal, static_cast<double>(kind_.arrivals.size()), demand_.first_arrival_seconds);
  }
  // Of what comes once something is lost.
  LeastWork degraded() const {
    const double lost_at = loss_seconds(demand_.span_seconds);
    return least_work(slo_.degraded.value_or(slo_.normal), kind_.arriving_after(lost_at), lost_at);
  }

 private:
  LeastWork least_work(const SloGoal& goal, double requests, double start) const {
    const double count = requests - std::floor((1 - goal.attainment) * of_class_ + 1e-9);
    if (count <= 0) return {};
    LeastWork work{{}, {}, false};
    const Work least = kind_.least(count);
    const LatestTimes latest = latest_times(goal, kind_);
    for (std::size_t i = 0; i < kWorkParts; ++i) {
      work.units[i] = part(least, i);
      work.seconds[i] = std::max(0.0, demand_.last_independent_seconds - start) +
                        (is_prefill(i) ? latest.first_token_seconds : latest.last_token_seconds);
    }
    return work;
  }

  const SloPlan& slo_;
  const Demand& demand_;
  const KindDemand& kind_;
  double of_class_ = 0;  // requests
};

// Of one server of each option.
std::vector<UnitSeconds> unit_seconds_of(const Options& options, const PoolsByName& pools) {
  std::vector<UnitSeconds> units;
  for (const PoolOption& option : options.pools) {
    units.push_back(unit_seconds(*pools.at(option.name).step_time));
    for (double& seconds : units.back()) seconds /= option.replicas_per_server;
  }
  return units;
}

}  // namespace

Load bound_load(const Problem& problem, const Options& options, const Demand& demand,
                const PoolsByName& pools) {
  Load load = empty_load(options, kWorkParts);
  const std::vector<UnitSeconds> units = unit_seconds_of(options, pools);
  for (std::size_t c = 0; c < options.demand.size(); ++c) {
    const DemandClass& asked = options.demand[c];
    const KindGoals goals(problem, asked, demand);
    const LeastWork normal = goals.normal(), degraded = goals.degraded();
    for (std::size_t p = 0; p < options.pools.size(); ++p) {
      const bool lawful = is_lawful(asked, p);
      if (!lawful && !std::binary_search(asked.refused.begin(), asked.refused.end(), p)) continue;
      for (std::size_t i = 0; i < kWorkParts; ++i) {
        double& seconds = load.seconds[c][i][p];
        seconds = std::max(kNextToNothing, normal.load(i, units[p][i]));
        if (lawful)
          load.degraded_share = std::min(load.degraded_share, degraded.load(i, units[p][i]) / seconds);
      }
    }
  }
  return load;
}

Load heaviest_part(const Load& load) {
  Load heaviest = load;
  const auto least = [](const std::vector<double>& part) {
    return *std::min_element(part.begin(), part.end());
  };
  for (auto& parts : heaviest.seconds)
    parts = {*std::max_element(parts.begin(), parts.end(),
                               [&](const auto& a, const auto& b) { return least(a) < least(b); })};
  return heaviest;
}

std::vector<Capacity> hand_capacities(const Problem& problem, const Options& options, const Demand& demand,
                                      const PoolsByName& pools) {
  std::vector<Capacity> capacities;
  for (std::size_t c = 0; c < options.demand.size(); ++c) {
    const DemandClass& asked = options.demand[c];
    const KindDemand& kind = demand.of(asked);
    const SloGoal& goal = slo_of(problem, asked.slo_class, asked.tenant).normal;
    for (const std::size_t p : asked.lawful) {
      const sim::Pool& pool = pools.at(options.pools[p].name);
      const UnitSeconds unit = unit_seconds(*pool.step_time);
      double least_seconds = 0;
      for (std::size_t i = 0; i < kWorkParts; ++i) least_seconds += part(kind.mean, i) * unit[i];
      const double replicas = options.pools[p].replicas_per_server;
      capacities.push_back({c, p, replicas / least_seconds,
                            replicas * hand_capacity(pool, kind, goal).requests_per_second, 0});
    }
  }
  return capacities;
}

Load load_of(const Options& options, const Demand& demand, const std::vector<Capacity>& capacities,
             double Capacity::*of) {
  Load load = empty_load(options, 1);
  for (const Capacity& capacity : capacities) {
    const double rate = demand.rate(demand.of(options.demand[capacity.demand]));
    if (capacity.*of > 0) load.seconds[capacity.demand][0][capacity.option] = rate / (capacity.*of);
  }
  return load;
}

}  // namespace kvsim::planner
