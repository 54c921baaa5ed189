// SPDX-License-Identifier: Apache-2.0
// Is the plan the cheapest of all fleets that keep everything, each of them simulated?
#include <cmath>

#include "planner/known_watts.h"
#include "tests/planner/plan_fixture.h"
#include "tests/planner/random_problem.h"
#include "tests/random_cases.h"

namespace kvsim::planner {
namespace {

// Every number of servers of each option up to its `most`, with every size of each storage system that is
// mounted and none of those that are not.
void for_each_fleet(const Problem& problem, const std::vector<PoolOption>& pools,
                    const std::function<void(const FleetChoice&)>& visit) {
  FleetChoice choice{std::vector<std::uint32_t>(pools.size()),
                     std::vector<std::optional<std::size_t>>(problem.storage.size())};
  const auto sizes_from = [&](const auto& self, std::size_t storage) -> void {
    if (storage == problem.storage.size()) return visit(choice);
    bool is_mounted = false;
    for (std::size_t i = 0; i < pools.size(); ++i)
      is_mounted |= choice.servers[i] > 0 && pools[i].storage == storage;
    choice.storage[storage].reset();
    if (!is_mounted) return self(self, storage + 1);
    for (std::size_t size = 0; size < problem.storage[storage].sizes.size(); ++size) {
      choice.storage[storage] = size;
      self(self, storage + 1);
    }
  };
  const auto servers_from = [&](const auto& self, std::size_t option) -> void {
    if (option == pools.size()) return sizes_from(sizes_from, 0);
    for (std::uint32_t count = 0; count <= pools[option].most; ++count) {
      choice.servers[option] = count;
      self(self, option + 1);
    }
  };
  servers_from(servers_from, 0);
}

class Optimality : public PlanTest {
 protected:
  // The least objective; infinity: no fleet keeps everything.
  double brute_force(const Problem& of, const Plan& plan) {
    const Demand demand = demand_of(of);
    const DrawnPools pools = pessimistic_pools(of, plan.options, shipped(), demand);
    const auto workers = forked_workers(1);
    Simulations simulations(*workers, (folder_ / "store").string(), "");
    std::vector<Proposal> proposals;
    for_each_fleet(of, plan.options.pools, [&](const FleetChoice& choice) {
      const AcceleratorWatts idle = idle_watts(of, plan.options.pools);
      if (violations(of, plan.options, choice, cost_of(of, plan.options.pools, choice, idle)).empty())
        proposals.push_back({choice, ""});
    });
    double least = kUnbounded;
    for (const EvaluatedFleet& fleet :
         evaluate({of, plan.options, demand, pools, shipped()}, proposals, simulations))
      if (fleet.feasible()) least = std::min(least, fleet.cost.objective);
    return least;
  }
};

TEST_F(Optimality, ThePlanIsTheCheapestOfAllFleets) {
  int found = 0, without = 0;
  for (int seed = 0; seed < random_cases(40); ++seed) {
    const RandomProblem random = random_problem(seed);
    SCOPED_TRACE(fmt::format("seed {}\n{}\n{}", seed, random.text, random.workload));
    write("workload.yaml", random.workload);
    const Problem read = problem(random.text);
    const Made made = make(read);
    const double least = brute_force(read, made.plan);
    if (!std::isfinite(least)) {
      EXPECT_NE(made.plan.state, PlanState::kFound);
      ++without;
      continue;
    }
    ++found;
    EXPECT_EQ(made.plan.state, PlanState::kFound);
    if (made.plan.state != PlanState::kFound) continue;
    EXPECT_NEAR(objective(made.plan), least, 1e-9 * least);
    EXPECT_TRUE(made.plan.closed);
    for (const double bound : {made.first_bound, made.search_bound, made.plan.bound})
      EXPECT_LE(bound, least * (1 + 1e-6));
  }
  EXPECT_GT(found, random_cases(40) / 2);
  RecordProperty("without", without);
}

}  // namespace
}  // namespace kvsim::planner
