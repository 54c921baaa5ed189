// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "planner/compose_fleet.h"
#include "planner/demand_rows.h"
#include "planner/judge.h"
#include "planner/loads.h"
#include "planner/one_server.h"
#include "planner/pool_pairs.h"

namespace kvsim::planner {
namespace {

constexpr int kMostSteps = 8;
constexpr double kCloseEnough = 1.06;  // ratio of the rates between which the capacity lies
constexpr double kStride = 1.6;        // until it lies between two

// What an option may serve, and how much of that mix it does by hand.
struct Mix {
  std::vector<std::size_t> rows;  // of the capacities
  double demand = 0;              // requests a second of all of it
  double by_hand = 0;
};

// What works with an option that has a role: so much of it that the option alone decides.
struct Partner {
  std::size_t option = 0;
  double by_hand = 0;  // of one server, of the option's mix
};
constexpr double kPlenty = 2;  // times what is needed by hand

// The bisection of one option, in requests a second of the mix that it may serve.
struct Bisection {
  std::size_t option = 0;
  std::optional<Partner> partner;
  std::vector<std::size_t> rows;  // of the capacities that it scales
  double demand = 0;              // of the whole mix
  double by_hand = 0;
  double passed = 0;
  double failed = 0;  // 0: none yet
  double next = 0;
  bool over = false;

  void take(bool passes) {
    (passes ? passed : failed) = next;
    if (passes && next >= demand) over = true;  // one server carries everything
    if (failed > 0 && passed > 0 && failed / passed < kCloseEnough) over = true;
    if (failed == 0)
      next = std::min(demand, next * kStride);
    else
      next = passed == 0 ? next / (kStride * kStride) : std::sqrt(passed * failed);
  }
};

std::set<traces::RequestKind> kinds_of(const Bisection& at, const CapacityRuns& runs,
                                       const std::vector<Capacity>& capacities) {
  std::set<traces::RequestKind> kinds;
  for (const std::size_t row : at.rows) kinds.insert(kind_of(runs.options.demand[capacities[row].demand]));
  return kinds;
}

// Of the classes that `counts`.
template <class Counts>
Mix mix_of(std::size_t option, const CapacityRuns& runs, const std::vector<Capacity>& capacities,
           const Counts& counts) {
  Mix mix;
  double seconds = 0;
  for (std::size_t row = 0; row < capacities.size(); ++row) {
    const Capacity& capacity = capacities[row];
    if (capacity.option != option || capacity.analytic <= 0 || !counts(capacity.demand)) continue;
    const double rate = runs.demand.rate(runs.demand.of(runs.options.demand[capacity.demand]));
    mix.rows.push_back(row);
    mix.demand += rate;
    seconds += rate / capacity.analytic;
  }
  if (!mix.rows.empty()) mix.by_hand = mix.demand / seconds;
  return mix;
}

// With whom the option serves most classes; of those alike, the one that does most by hand.
std::optional<Partner> partner_of(std::size_t option, const CapacityRuns& runs,
                                  const std::vector<Capacity>& capacities) {
  std::optional<Partner> best;
  std::size_t most = 0;
  for (const std::size_t other : partners(runs.options, option)) {
    const Mix mix = mix_of(other, runs, capacities, [&](std::size_t demand) {
      return is_lawful(runs.options.demand[demand], option);
    });
    const bool is_better =
        mix.rows.size() > most || (best && mix.rows.size() == most && mix.by_hand > best->by_hand);
    if (!is_better) continue;
    best = {other, mix.by_hand};
    most = mix.rows.size();
  }
  return best;
}

Bisection begin(std::size_t option, const CapacityRuns& runs, const std::vector<Capacity>& capacities) {
  Bisection at;
  at.option = option;
  const bool is_alone = runs.options.pools[option].role == sim::PoolRole::kBoth;
  if (!is_alone) at.partner = partner_of(option, runs, capacities);
  at.over = !is_alone && !at.partner;
  if (at.over) return at;
  Mix mix = mix_of(option, runs, capacities, [&](std::size_t demand) {
    return is_alone || is_lawful(runs.options.demand[demand], at.partner->option);
  });
  at.over = mix.rows.empty();
  at.rows = std::move(mix.rows);
  at.demand = mix.demand;
  at.by_hand = mix.by_hand;
  at.next = std::min(at.demand, at.by_hand);
  return at;
}

// Only the tenants that are served: others would find no lawful pool.
Problem with_tenants_of(Problem problem, const std::set<traces::RequestKind>& kinds) {
  std::set<std::string> tenants;
  for (const traces::RequestKind& kind : kinds) tenants.insert(kind.tenant);
  std::erase_if(problem.tenants.items, [&tenants](const Node& entry) {
    const Node* name = entry.find("name");
    return name == nullptr || !tenants.contains(name->scalar);
  });
  return problem;
}

WantedRun wanted_run(const Bisection& at, const CapacityRuns& runs, const std::vector<Capacity>& capacities) {
  const std::set<traces::RequestKind> kinds = kinds_of(at, runs, capacities);
  FleetChoice choice = one_server(runs.problem, runs.options.pools.size(), at.option);
  if (at.partner)
    choice.servers[at.partner->option] =
        static_cast<std::uint32_t>(std::ceil(kPlenty * at.next / at.partner->by_hand));
  const Problem problem = with_tenants_of(runs.problem, kinds);
  const sim::Fleet fleet = sim::read_fleet(compose_fleet(problem, runs.options.pools, choice), runs.inputs);
  WantedRun run{std::make_shared<sim::Fleet>(with_pools(fleet, runs.pools)), runs.pools.said,
                problem.workload.trace, reading_of(problem, problem.search.seed)};
  run.reading.sample = {at.next / at.demand, kinds};
  const double enough_seconds = 10 * static_cast<double>(problem.search.capacity_requests) / at.next;
  if (enough_seconds < runs.demand.span_seconds) run.stop_at = from_seconds(enough_seconds);
  return run;
}

}  // namespace

void simulate_capacities(const CapacityRuns& runs, Simulations& simulations,
                         std::vector<Capacity>& capacities) {
  std::vector<Bisection> all;
  for (std::size_t option = 0; option < runs.options.pools.size(); ++option)
    all.push_back(begin(option, runs, capacities));
  for (int step = 0; step < kMostSteps; ++step) {
    std::vector<Bisection*> open;
    std::vector<WantedRun> wanted;
    for (Bisection& at : all) {
      if (at.over) continue;
      open.push_back(&at);
      wanted.push_back(wanted_run(at, runs, capacities));
    }
    if (open.empty()) break;
    const std::vector<RunAnswer> answers = simulations.run(wanted, "capacities");
    for (std::size_t i = 0; i < open.size(); ++i) {
      const bool ran = answers[i].summary != nullptr;
      open[i]->take(ran && judge(runs.problem, runs.options.pools, {answers[i].summary}).passes);
    }
  }
  for (const Bisection& at : all)
    for (const std::size_t row : at.rows)
      capacities[row].simulated = capacities[row].analytic * at.passed / at.by_hand;
}

}  // namespace kvsim::planner
