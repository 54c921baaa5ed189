// SPDX-License-Identifier: Apache-2.0
// Is the plan the cheapest of all fleets that keep everything, each of them simulated?
#include <cmath>

#include "planner/known_watts.h"
#include "tests/planner/plan_fixture.h"
#include "tests/planner/random_problem.h"
#include "tests/random_cases.h"

namespace kvsim::planner {
namespace {

constexpr int kProblems = 30;

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
  // The least objective; infinity: no fleet keeps everything. Fleets that would be dearer than the plan with
  // idle servers are not simulated: none draws less, as is checked.
  double brute_force(const Problem& of, const Plan& plan) {
    const Demand demand = demand_of(of);
    const DrawnPools pools = pessimistic_pools(of, plan.options, shipped(), demand);
    const auto workers = forked_workers(1);
    Simulations simulations(*workers, (folder_ / "store").string(), "");
    std::vector<Proposal> proposals;
    for_each_fleet(of, plan.options.pools, [&](const FleetChoice& choice) {
      const FleetCost cost = idle_cost(of, plan, choice);
      const bool is_dearer = plan.best && cost.objective > 1.01 * objective(plan);
      if (!is_dearer && violations(of, plan.options, choice, cost).empty()) proposals.push_back({choice, ""});
    });
    double least = kUnbounded;
    for (const EvaluatedFleet& fleet :
         evaluate({of, plan.options, demand, pools, shipped()}, proposals, simulations)) {
      EXPECT_GE(fleet.cost.objective, idle_cost(of, plan, fleet.choice).objective * (1 - 1e-9));
      if (fleet.feasible()) least = std::min(least, fleet.cost.objective);
    }
    return least;
  }

  // What is found for a problem; false: no fleet keeps everything.
  bool is_the_cheapest(const RandomProblem& random) {
    write("workload.yaml", random.workload);
    const Problem read = problem(random.text);
    const Made made = make(read);
    const double least = brute_force(read, made.plan);
    EXPECT_EQ(made.plan.state == PlanState::kFound, std::isfinite(least));
    if (!std::isfinite(least) || made.plan.state != PlanState::kFound) return false;
    best_ = made.plan.evaluated[*made.plan.best].choice;
    options_ = made.plan.options;
    EXPECT_NEAR(objective(made.plan), least, 1e-9 * least);
    EXPECT_TRUE(made.plan.closed);
    for (const double bound : {made.first_bound, made.search_bound, made.plan.bound})
      EXPECT_LE(bound, least * (1 + 1e-6));
    return true;
  }

  FleetChoice best_;  // of the last problem
  Options options_;

  static FleetCost idle_cost(const Problem& of, const Plan& plan, const FleetChoice& choice) {
    return cost_of(of, plan.options.pools, choice, idle_watts(of, plan.options.pools));
  }
};

TEST_F(Optimality, ThePlanIsTheCheapestOfAllFleets) {
  int found = 0;
  for (int seed = 0; seed < random_cases(kProblems); ++seed) {
    const RandomProblem random = random_problem(seed);
    SCOPED_TRACE(fmt::format("seed {}\n{}\n{}", seed, random.text, random.workload));
    found += is_the_cheapest(random) ? 1 : 0;
  }
  EXPECT_GT(found, random_cases(kProblems) / 2);
}

// Servers may serve whole requests, prefill or decode.
TEST_F(Optimality, ThePlanIsTheCheapestOfAllFleetsWithRoles) {
  int found = 0, split = 0;
  for (int seed = 0; seed < random_cases(kProblems); ++seed) {
    const RandomProblem random = random_problem_with_roles(seed);
    SCOPED_TRACE(fmt::format("seed {}\n{}\n{}", seed, random.text, random.workload));
    if (!is_the_cheapest(random)) continue;
    ++found;
    bool prefills = false;
    for (std::size_t i = 0; i < best_.servers.size(); ++i)
      prefills |= best_.servers[i] > 0 && options_.pools[i].role == sim::PoolRole::kPrefill;
    split += prefills ? 1 : 0;
  }
  EXPECT_GT(found, random_cases(kProblems) / 5);
  EXPECT_GE(split, random_cases(kProblems) / 10);
}

// Both in one class with an attainment of 0.9: a twentieth of the requests could be given up, and so the
// server of the model that they ask for.
TEST_F(Optimality, RequestsOfASmallModelAreNotGivenUp) {
  write("workload.yaml", R"(kind: generate
requests: 200
streams:
  - {name: a, model: Llama-3.1-8B, arrivals: {rate: 9.5}, input_tokens: 500, output_tokens: 30}
  - {name: b, model: Qwen3-8B, arrivals: {rate: 0.5}, input_tokens: 500, output_tokens: 30}
)");
  const Problem read = problem(R"(models: [Llama-3.1-8B, Qwen3-8B]
workload: workload.yaml
slo: {ttft: 4s, tpot: 150ms, attainment: 0.9}
engine: {max_model_len: 8192}
servers: [{name: s, accelerator: L40S, accelerators: 1, stock: 4, price: 9000}]
accept_unverified: true
search: {draws: 0, evaluations: 500, proof_evaluations: 500, capacity_requests: 50}
)");
  const Made made = make(read);
  ASSERT_EQ(made.plan.state, PlanState::kFound);
  EXPECT_TRUE(made.plan.closed);
  EXPECT_LE(made.plan.bound, objective(made.plan) * (1 + 1e-9));
  EXPECT_EQ(made.plan.fleet->pools.size(), 2u);
  EXPECT_NEAR(objective(made.plan), brute_force(read, made.plan), 1e-9 * objective(made.plan));
}

}  // namespace
}  // namespace kvsim::planner
