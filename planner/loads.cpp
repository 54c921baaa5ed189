// SPDX-License-Identifier: Apache-2.0
#include "planner/loads.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "planner/demand_rows.h"
#include "planner/losses.h"
#include "planner/nodes.h"
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

// Whether pools that only decode never compute a prompt of these requests while something prefills: the
// router leaves none to them, the law none of the prefilling pools out, and each prompt fits all of them.
bool leaves_prompts(const Problem& problem, const Options& options, const DemandClass& asked,
                    const KindDemand& kind, const PoolsByName& pools) {
  const bool fit = std::all_of(asked.lawful.begin(), asked.lawful.end(), [&](std::size_t option) {
    return options.pools[option].role != sim::PoolRole::kPrefill ||
           kind.longest_input_tokens <
               static_cast<double>(pools.at(options.pools[option].name).engine.max_model_len);
  });
  return fit && asked.may_be_handed_over &&
         text_of(problem.disaggregated_router, "policy") == kDisaggregatedRouter;
}

bool may_do(sim::PoolRole role, std::size_t part) {
  return role != sim::PoolRole::kPrefill || is_prefill(part);
}

bool is_known(const DemandClass& asked, std::size_t option) {
  return is_lawful(asked, option) || std::binary_search(asked.refused.begin(), asked.refused.end(), option);
}

void leave_prompts(const Options& options, std::vector<std::vector<double>>& parts) {
  for (std::size_t i = 0; i < kWorkParts; ++i)
    for (std::size_t p = 0; p < options.pools.size(); ++p)
      if (is_prefill(i) && options.pools[p].role == sim::PoolRole::kDecode) parts[i][p] = kInfinity;
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
      if (!is_known(asked, p)) continue;
      for (std::size_t i = 0; i < kWorkParts; ++i) {
        if (!may_do(options.pools[p].role, i)) continue;
        double& seconds = load.seconds[c][i][p];
        seconds = std::max(kNextToNothing, normal.load(i, units[p][i]));
        if (is_lawful(asked, p))
          load.degraded_share = std::min(load.degraded_share, degraded.load(i, units[p][i]) / seconds);
      }
    }
  }
  if (!problem.may_disaggregate()) return load;
  load.more_after_a_loss = load.seconds;
  for (std::size_t c = 0; c < options.demand.size(); ++c)
    if (leaves_prompts(problem, options, options.demand[c], demand.of(options.demand[c]), pools))
      leave_prompts(options, load.seconds[c]);
  return load;
}

Load heaviest_part(const Load& load) {
  Load heaviest = load;
  const auto least = [](const std::vector<double>& part) {
    return *std::min_element(part.begin(), part.end());
  };
  for (std::size_t c = 0; c < load.seconds.size(); ++c) {
    const auto& parts = load.seconds[c];
    const auto part = static_cast<std::size_t>(
        std::max_element(parts.begin(), parts.end(),
                         [&](const auto& a, const auto& b) { return least(a) < least(b); }) -
        parts.begin());
    heaviest.seconds[c] = {parts[part]};
    if (!load.more_after_a_loss.empty()) heaviest.more_after_a_loss[c] = {load.more_after_a_loss[c][part]};
  }
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
      const sim::PoolRole role = options.pools[p].role;
      double least_seconds = 0;
      for (std::size_t i = 0; i < kWorkParts; ++i)
        if (may_do(role, i) && !(role == sim::PoolRole::kDecode && is_prefill(i)))
          least_seconds += part(kind.mean, i) * unit[i];
      const double replicas = options.pools[p].replicas_per_server;
      capacities.push_back({c, p, replicas / least_seconds,
                            replicas * hand_capacity(pool, kind, goal).requests_per_second, 0});
    }
  }
  return capacities;
}

Load load_of(const Options& options, const Demand& demand, const std::vector<Capacity>& capacities,
             double Capacity::*of) {
  const bool has_roles = std::any_of(options.pools.begin(), options.pools.end(), [](const PoolOption& pool) {
    return pool.role != sim::PoolRole::kBoth;
  });
  Load load = empty_load(options, has_roles ? 2 : 1);
  load.are_whole = true;
  for (const Capacity& capacity : capacities) {
    if (capacity.*of <= 0) continue;
    const double rate = demand.rate(demand.of(options.demand[capacity.demand]));
    const sim::PoolRole role = options.pools[capacity.option].role;
    auto& parts = load.seconds[capacity.demand];
    parts[role == sim::PoolRole::kDecode ? 1 : 0][capacity.option] = rate / (capacity.*of);
    if (has_roles && role == sim::PoolRole::kBoth) parts[1][capacity.option] = 0;
  }
  return load;
}

}  // namespace kvsim::planner
