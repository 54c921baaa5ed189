// SPDX-License-Identifier: Apache-2.0
#include "planner/integer_program.h"

#include <gmock/gmock.h>

#include <cmath>
#include <csignal>
#include <optional>

#include "base/errors.h"
#include "base/random.h"
#include "tests/random_cases.h"

namespace kvsim::planner {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Solution solve(const IntegerProgram& program) { return planner::solve(program, {}); }

// Buy x at 3 and y at 2, whole, so that 2 x + y >= 5 and y <= 2: 3 x + 2 y is least at (2, 1) with 8;
// the relaxation has 7.5 at (2.5, 0).
IntegerProgram small_purchase() {
  IntegerProgram program;
  program.add(Column{.name = "x", .high = 10, .cost = 3, .whole = true});
  program.add(Column{.name = "y", .high = 10, .cost = 2, .whole = true});
  program.add(Row{.name = "demand", .low = 5, .terms = {{0, 2}, {1, 1}}, .rule = "workload"});
  program.add(Row{.name = "stock", .high = 2, .terms = {{1, 1}}, .rule = "servers[1].stock"});
  return program;
}

TEST(IntegerProgram, FindsTheCheapestWholePurchase) {
  const Solution solution = solve(small_purchase());
  EXPECT_EQ(solution.state, SolverState::kOptimal);
  EXPECT_THAT(solution.values, ElementsAre(2, 1));
  EXPECT_DOUBLE_EQ(solution.objective, 8);
  EXPECT_LE(solution.bound, 8);
  EXPECT_NEAR(solution.bound, 8, 1e-4);
}

TEST(IntegerProgram, AddsTheConstantToObjectiveAndBound) {
  IntegerProgram program = small_purchase();
  program.constant = 1000;
  const Solution solution = solve(program);
  EXPECT_DOUBLE_EQ(solution.objective, 1008);
  EXPECT_NEAR(solution.bound, 1008, 2e-3);
}

TEST(IntegerProgram, PrintsNothingAndLeavesSignalsAlone) {
  const auto before = std::signal(SIGINT, SIG_IGN);
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  solve(small_purchase());
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_EQ(std::signal(SIGINT, before), SIG_IGN);
}

TEST(IntegerProgram, AnEmptyProgramHasItsConstantAsObjective) {
  const Solution solution = solve(IntegerProgram{.constant = 7});
  EXPECT_EQ(solution.state, SolverState::kOptimal);
  EXPECT_TRUE(solution.found);
  EXPECT_DOUBLE_EQ(solution.objective, 7);
}

TEST(IntegerProgram, ARowWithoutColumnsHoldsOrNot) {
  IntegerProgram program;
  program.add(Row{.name = "demand", .low = 1, .high = 1});
  EXPECT_EQ(solve(program).state, SolverState::kInfeasible);
  program.rows[0].low = 0;
  EXPECT_EQ(solve(program).state, SolverState::kOptimal);
  program.add(Column{.name = "x", .low = 1, .high = 3, .cost = 1});
  EXPECT_DOUBLE_EQ(solve(program).objective, 1);
}

TEST(IntegerProgram, ColumnsWithoutRowsTakeTheirCheapBound) {
  IntegerProgram program;
  program.add(Column{.name = "paid", .low = 2, .high = 5, .cost = 3, .whole = true});
  program.add(Column{.name = "earned", .high = 4.5, .cost = -2, .whole = true});
  program.add(Column{.name = "free", .high = 4.5, .cost = -1});
  EXPECT_THAT(solve(program).values, ElementsAre(2, 4, 4.5));
}

// 2 x = 1 has the solution 0.5, but no whole one; the relaxation alone would not tell.
TEST(IntegerProgram, TellsWholeInfeasibleFromFeasibleRelaxation) {
  IntegerProgram program;
  program.add(Column{.name = "x", .high = 10, .cost = 1, .whole = true});
  program.add(Row{.name = "half", .low = 1, .high = 1, .terms = {{0, 2}}});
  const Solution solution = solve(program);
  EXPECT_EQ(solution.state, SolverState::kInfeasible);
  EXPECT_FALSE(solution.found);
  program.columns[0].whole = false;
  EXPECT_EQ(solve(program).state, SolverState::kOptimal);
}

TEST(IntegerProgram, NoWholeNumberBetweenItsBoundsIsInfeasible) {
  IntegerProgram program;
  program.add(Column{.name = "x", .low = 0.2, .high = 0.8, .cost = 1, .whole = true});
  EXPECT_EQ(solve(program).state, SolverState::kInfeasible);
}

TEST(IntegerProgram, AnUnboundedProgramIsAnInternalError) {
  for (const bool whole : {false, true}) {
    IntegerProgram program;
    program.add(Column{.name = "x", .cost = -1, .whole = whole});
    program.add(Column{.name = "y", .cost = 1, .whole = whole});
    program.add(Row{.name = "above", .low = 0, .terms = {{0, 1}, {1, -0.5}}});
    EXPECT_THROW(solve(program), Error);
  }
}

// Twos cannot sum up to 15: no relaxation sees it, so branching must go through many.
IntegerProgram hard_to_refute() {
  IntegerProgram program;
  Row row{.name = "odd", .low = 15, .high = 15};
  for (int i = 0; i < 15; ++i) {
    row.terms.emplace_back(program.add(Column{.name = "x", .high = 1, .cost = 1 + 0.01 * i, .whole = true}),
                           2);
  }
  program.add(row);
  return program;
}

TEST(IntegerProgram, StopsAtTheNodeLimitWithAValidBound) {
  IntegerProgram program = hard_to_refute();
  program.add(Column{.name = "odd", .high = 1, .cost = 100, .whole = true});
  program.rows[0].terms.emplace_back(15, 1);
  const Solution full = planner::solve(program, {.nodes = 1'000'000});
  const Solution limited = planner::solve(program, {.nodes = 3});
  ASSERT_EQ(full.state, SolverState::kOptimal);
  ASSERT_NE(limited.state, SolverState::kInfeasible);
  EXPECT_LE(limited.bound, full.objective);
  if (limited.found) {
    EXPECT_GE(limited.objective, full.objective);
  }
}

// Programs of which some of the library's cuts lose the best solution, or whose branches have no rows left.
TEST(IntegerProgram, SurvivesTheLibrarysTraps) {
  IntegerProgram lost;
  lost.add(Column{.high = 1, .cost = 2.25, .whole = true});
  lost.add(Column{.high = 3, .cost = -0.75, .whole = true});
  lost.add(Column{.high = 1, .cost = -0.25, .whole = true});
  lost.add(Column{.high = 1.75, .cost = -1.5});
  lost.add(Row{.terms = {{0, 3}, {1, -0.5}, {2, 2.25}, {3, 0.75}}});
  lost.add(Row{.low = 2.25, .high = 6.75, .terms = {{0, -0.75}, {1, 1.75}, {2, 2.5}, {3, 2.5}}});
  lost.add(Row{.low = 4.25, .high = 4.25, .terms = {{0, 2.5}, {1, -1.25}, {2, 1.25}, {3, 1.75}}});
  EXPECT_NEAR(solve(lost).objective, 2.25 - 0.75 - 1.5 * 3 / 1.75, 1e-9);  // at (1, 1, 0, 3 / 1.75)

  IntegerProgram fixed;  // the last column is 0
  fixed.add(Column{.high = 1, .cost = 2, .whole = true});
  fixed.add(Column{.high = 3, .cost = 2.25, .whole = true});
  fixed.add(Column{.high = 2, .cost = 2.5, .whole = true});
  fixed.add(Column{.high = 0, .cost = 0.25});
  fixed.add(Row{.low = 2.75, .high = 4.25, .terms = {{0, 3}, {1, 2.25}, {2, 0.25}, {3, -1.5}}});
  EXPECT_THAT(solve(fixed).values, ElementsAre(1, 0, 0, 0));

  IntegerProgram single;
  single.add(Column{.high = 4, .cost = 2.25, .whole = true});
  single.add(Column{.high = 3, .cost = 2.75});
  single.add(Row{.low = -0.75, .terms = {{0, 0}, {1, 2.25}}});
  single.add(Row{.low = 0.5, .high = 3.5, .terms = {{0, 2}, {1, 2.25}}});
  EXPECT_NEAR(solve(single).objective, 2.75 * 0.5 / 2.25, 1e-9);
}

TEST(IntegerProgram, SmallDifferencesBetweenLargeCostsCount) {
  IntegerProgram program;
  program.add(Column{.name = "a", .high = 1, .cost = 1'000'001, .whole = true});
  program.add(Column{.name = "b", .high = 1, .cost = 1'000'000, .whole = true});
  program.add(Row{.name = "one", .low = 1, .terms = {{0, 1}, {1, 1}}});
  EXPECT_THAT(planner::solve(program, {.relative_gap = 0}).values, ElementsAre(0, 1));
}

TEST(ConflictingRules, AreIrreducible) {
  IntegerProgram program = small_purchase();
  program.add(Row{.name = "budget", .high = 7, .terms = {{0, 3}, {1, 2}}, .rule = "constraints.capex"});
  program.add(Row{.name = "few", .high = 9, .terms = {{0, 1}}, .rule = "servers[0].stock"});
  EXPECT_THAT(conflicting_rules(program, {}), ElementsAre("workload", "constraints.capex"));
}

TEST(ConflictingRules, RowsOfOneRuleGoTogether) {
  IntegerProgram program;
  program.add(Column{.name = "x", .high = 10, .whole = true});
  program.add(Row{.name = "a", .low = 4, .terms = {{0, 1}}, .rule = "demand"});
  program.add(Row{.name = "b", .high = 3, .terms = {{0, 1}}, .rule = "limit"});
  program.add(Row{.name = "c", .high = 2, .terms = {{0, 1}}, .rule = "limit"});
  EXPECT_THAT(conflicting_rules(program, {}), ElementsAre("demand", "limit"));
}

TEST(ConflictingRules, AreNoneWhereRowsWithoutARuleConflict) {
  IntegerProgram program;
  program.add(Column{.name = "x", .high = 1});
  program.add(Row{.name = "a", .low = 2, .terms = {{0, 1}}});
  program.add(Row{.name = "b", .low = 1, .terms = {{0, 1}}, .rule = "demand"});
  EXPECT_THAT(conflicting_rules(program, {}), IsEmpty());
}

// --- twin: all whole points, and the best value of one free column in closed form at each ---

struct Interval {
  double low, high;
};

void narrow(Interval& interval, double coefficient, double low, double high) {
  if (coefficient == 0) {
    if (low > 1e-9 || high < -1e-9) interval = {1, 0};
    return;
  }
  if (coefficient < 0) std::swap(low, high);
  interval.low = std::max(interval.low, low / coefficient);
  interval.high = std::min(interval.high, high / coefficient);
}

// The last column is free, the others are whole.
std::optional<double> least_at(const IntegerProgram& program, const std::vector<double>& whole) {
  const Column& free = program.columns.back();
  Interval interval{free.low, free.high};
  for (const Row& row : program.rows) {
    double activity = 0, coefficient = 0;
    for (const auto& [column, value] : row.terms) {
      (column < whole.size() ? activity : coefficient) += value * (column < whole.size() ? whole[column] : 1);
    }
    narrow(interval, coefficient, row.low - activity, row.high - activity);
  }
  if (interval.low > interval.high + 1e-9) return std::nullopt;
  double objective = program.constant + free.cost * (free.cost < 0 ? interval.high : interval.low);
  for (std::size_t i = 0; i < whole.size(); ++i) objective += program.columns[i].cost * whole[i];
  return objective;
}

std::optional<double> brute_force(const IntegerProgram& program) {
  std::optional<double> least;
  std::vector<double> whole;
  for (std::size_t i = 0; i + 1 < program.columns.size(); ++i) whole.push_back(program.columns[i].low);
  for (;;) {
    const auto here = least_at(program, whole);
    if (here && (!least || *here < *least)) least = here;
    std::size_t i = 0;
    while (i < whole.size() && whole[i] == program.columns[i].high) whole[i] = program.columns[i].low, ++i;
    if (i == whole.size()) return least;
    whole[i] += 1;
  }
}

double quarters(RandomStream& random, int least, int most) {
  return 0.25 * (least + static_cast<int>(random.below(most - least + 1)));
}

IntegerProgram random_program(RandomStream& random) {
  IntegerProgram program{.constant = quarters(random, -8, 8)};
  const std::size_t whole = 1 + random.below(4);
  for (std::size_t i = 0; i < whole; ++i) {
    program.add(Column{
        .high = 1 + std::floor(4 * random.uniform()), .cost = quarters(random, -8, 12), .whole = true});
  }
  program.add(Column{.high = quarters(random, 0, 12), .cost = quarters(random, -8, 12)});
  const std::size_t rows = random.below(5);
  for (std::size_t i = 0; i < rows; ++i) {
    Row row;
    for (std::size_t c = 0; c <= whole; ++c) row.terms.emplace_back(c, quarters(random, -8, 12));
    const double middle = quarters(random, -4, 24);
    row.low = random.below(3) == 0 ? -kUnbounded : middle - quarters(random, 0, 12);
    row.high = random.below(3) == 0 ? kUnbounded : middle + quarters(random, 0, 12);
    if (random.below(8) == 0) row.high = row.low = middle;
    program.add(row);
  }
  return program;
}

TEST(IntegerProgram, AgreesWithBruteForceOnRandomPrograms) {
  int infeasible = 0;
  for (int seed = 0; seed < random_cases(2000); ++seed) {
    SCOPED_TRACE(seed);
    RandomStream random(seed, "integer programs");
    const IntegerProgram program = random_program(random);
    const auto least = brute_force(program);
    const Solution solution = solve(program);
    infeasible += !least;
    ASSERT_EQ(solution.state, least ? SolverState::kOptimal : SolverState::kInfeasible);
    if (!least) continue;
    ASSERT_NEAR(solution.objective, *least, 1e-5 * std::max(1.0, std::abs(*least)));
    ASSERT_LE(solution.bound, *least + 1e-9);
  }
  EXPECT_GT(infeasible, 0);
}

TEST(IntegerProgram, NoSolutionLiesBelowTheBoundWhereverItStops) {
  int limited = 0;
  for (int seed = 0; seed < 500; ++seed) {  // all: few of them stop early
    SCOPED_TRACE(seed);
    RandomStream random(seed, "integer programs");
    const IntegerProgram program = random_program(random);
    const Solution solution = planner::solve(program, {.nodes = 1});
    limited += solution.state == SolverState::kLimited;
    const auto least = brute_force(program);
    if (!least) continue;
    ASSERT_NE(solution.state, SolverState::kInfeasible);
    ASSERT_LE(solution.bound, *least + 1e-6 * std::max(1.0, std::abs(*least)));
  }
  EXPECT_GT(limited, 0);
}

TEST(IntegerProgram, GivesTheSameSolutionEveryTime) {
  RandomStream random(7, "integer programs");
  const IntegerProgram program = random_program(random);
  const Solution first = solve(program);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(solve(program).values, first.values);
}

}  // namespace
}  // namespace kvsim::planner
