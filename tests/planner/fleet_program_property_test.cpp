// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <cmath>
#include <map>

#include "planner/fleet_program.h"
#include "tests/planner/plain_check.h"
#include "tests/random_cases.h"

namespace kvsim::planner {
namespace {

constexpr double kNear = 2e-6;  // twice the gap of the solver, relative

double slack(double value) { return kNear * std::max(1.0, std::abs(value)); }

// All fleets that keep everything, with their objectives.
std::map<FleetChoice, double> all_fleets(const RandomWorld& world) {
  const PlainCheck check(world);
  std::map<FleetChoice, double> fleets;
  for_each_choice(world, [&](const FleetChoice& choice) {
    if (!check.keeps_all(choice)) return;
    fleets[choice] = cost_of(world.problem, world.options.pools, choice, world.watts).objective;
  });
  return fleets;
}

double least(const std::map<FleetChoice, double>& fleets) {
  double least = kUnbounded;
  for (const auto& [choice, objective] : fleets) least = std::min(least, objective);
  return least;
}

TEST(FleetProgram, FindsTheCheapestOfAllFleets) {
  int found = 0, infeasible = 0;
  for (int seed = 0; seed < random_cases(600); ++seed) {
    SCOPED_TRACE(seed);
    const RandomWorld world = bounded_world(seed);
    const auto fleets = all_fleets(world);
    const FleetProgram program(world.problem, world.options, world.load, world.watts);
    const Solution solution = solve(program.program(), {});
    ASSERT_EQ(solution.state, fleets.empty() ? SolverState::kInfeasible : SolverState::kOptimal);
    (fleets.empty() ? infeasible : found)++;
    if (fleets.empty()) continue;
    ASSERT_TRUE(fleets.contains(program.choice(solution)));
    ASSERT_NEAR(solution.objective, fleets.at(program.choice(solution)), slack(solution.objective));
    ASSERT_NEAR(solution.objective, least(fleets), slack(solution.objective));
  }
  EXPECT_GT(found, random_cases(600) / 5);
  EXPECT_GT(infeasible, random_cases(600) / 5);
}

TEST(FleetProgram, ExclusionsListAllFleetsInAscendingOrder) {
  for (int seed = 0; seed < random_cases(40); ++seed) {
    SCOPED_TRACE(seed);
    const RandomWorld world = bounded_world(seed);
    auto fleets = all_fleets(world);
    FleetProgram program(world.problem, world.options, world.load, world.watts);
    for (int i = 0; i < 12 && !fleets.empty(); ++i) {
      const Solution solution = solve(program.program(), {});
      ASSERT_EQ(solution.state, SolverState::kOptimal);
      const FleetChoice choice = program.choice(solution);
      ASSERT_TRUE(fleets.contains(choice)) << "excluded, or no fleet";
      ASSERT_NEAR(fleets.at(choice), least(fleets), slack(least(fleets)));
      fleets.erase(choice);
      program.exclude(choice);
    }
    ASSERT_EQ(solve(program.program(), {}).state == SolverState::kInfeasible, fleets.empty());
  }
}

TEST(FleetProgram, ALimitOfTheObjectiveLeavesOnlyCheaperFleets) {
  for (int seed = 0; seed < random_cases(40); ++seed) {
    SCOPED_TRACE(seed);
    const RandomWorld world = bounded_world(seed);
    FleetProgram program(world.problem, world.options, world.load, world.watts);
    const Solution solution = solve(program.program(), {});
    if (!solution.found || solution.objective <= 0) continue;
    program.limit_objective(1.01 * solution.objective);
    ASSERT_NEAR(solve(program.program(), {}).objective, solution.objective, slack(solution.objective));
    program.limit_objective(0.99 * solution.objective);
    ASSERT_EQ(solve(program.program(), {}).state, SolverState::kInfeasible);
  }
}

TEST(Violations, AreNoneExactlyWhereAPlainCheckFindsNone) {
  int kept = 0, broken = 0;
  for (int seed = 0; seed < random_cases(200); ++seed) {
    SCOPED_TRACE(seed);
    const RandomWorld world = random_world(seed);
    const PlainCheck check(world);
    for_each_choice(world, [&](const FleetChoice& choice) {
      const FleetCost cost = cost_of(world.problem, world.options.pools, choice, world.watts);
      const auto found = violations(world.problem, world.options, choice, cost);
      ASSERT_EQ(found.empty(), check.keeps_constraints(choice));
      (found.empty() ? kept : broken)++;
    });
  }
  EXPECT_GT(kept, 1000 * random_cases(200) / 200);
  EXPECT_GT(broken, 1000 * random_cases(200) / 200);
}

// Leaving out any one rule of the set gives a solution; leaving out none, but all others, does not.
TEST(FleetProgram, ConflictsAreIrreducible) {
  int conflicts = 0;
  for (int seed = 0; seed < random_cases(100); ++seed) {
    SCOPED_TRACE(seed);
    const RandomWorld world = bounded_world(seed);
    const IntegerProgram program =
        FleetProgram(world.problem, world.options, world.load, world.watts).program();
    if (solve(program, {}).state != SolverState::kInfeasible) continue;
    const auto rules = conflicting_rules(program, {});
    ASSERT_FALSE(rules.empty());
    for (std::size_t left_out = 0; left_out <= rules.size(); ++left_out) {
      IntegerProgram some = program;
      std::erase_if(some.rows, [&](const Row& row) {
        const auto found = std::find(rules.begin(), rules.end(), row.rule);
        const bool is_other = !row.rule.empty() && found == rules.end();
        return is_other || (left_out < rules.size() && row.rule == rules[left_out]);
      });
      ASSERT_EQ(solve(some, {}).state == SolverState::kInfeasible, left_out == rules.size());
    }
    ++conflicts;
  }
  EXPECT_GT(conflicts, 0);
}

}  // namespace
}  // namespace kvsim::planner
