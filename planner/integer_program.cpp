// SPDX-License-Identifier: Apache-2.0
#include "planner/integer_program.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/errors.h"
#include "planner/solve_cbc.h"

namespace kvsim::planner {
namespace {

constexpr double kRowTolerance = 1e-6;    // of the sum of a row's absolute terms, at least of 1
constexpr double kWholeTolerance = 1e-6;  // how far from a whole number a column's bounds may lie

Error internal(const std::string& message) { return Error(ExitCode::kInternal, message); }

void make_whole_bounds(Column& column) {
  if (!column.whole) return;
  column.low = std::ceil(column.low - kWholeTolerance);
  column.high = std::floor(column.high + kWholeTolerance);
}

bool holds_without_columns(const Row& row) { return row.low <= 0 && row.high >= 0; }

bool is_impossible(const IntegerProgram& program) {
  return std::any_of(program.columns.begin(), program.columns.end(),
                     [](const Column& column) { return column.low > column.high; }) ||
         std::any_of(program.rows.begin(), program.rows.end(), [](const Row& row) {
           return row.low > row.high || (row.terms.empty() && !holds_without_columns(row));
         });
}

// The program as the solver takes it: whole bounds of whole columns, no empty rows.
IntegerProgram tidy(IntegerProgram program) {
  for (Column& column : program.columns) make_whole_bounds(column);
  for (Row& row : program.rows) {
    std::erase_if(row.terms, [](const auto& term) { return term.second == 0; });
  }
  return program;
}

void check_row(const Row& row, const std::vector<double>& values) {
  double activity = 0, size = 0;
  for (const auto& [column, coefficient] : row.terms) {
    activity += coefficient * values[column];
    size += std::abs(coefficient * values[column]);
  }
  const double slack = kRowTolerance * std::max(1.0, size);
  if (activity < row.low - slack || activity > row.high + slack) {
    throw internal(fmt::format("the solver's answer breaks row '{}': {} is not in {} .. {}", row.name,
                               activity, row.low, row.high));
  }
}

void round_and_check(const IntegerProgram& program, Solution& solution) {
  solution.objective = program.constant;
  for (std::size_t i = 0; i < program.columns.size(); ++i) {
    const Column& column = program.columns[i];
    double& value = solution.values[i];
    if (column.whole) value = std::round(value);
    value = std::clamp(value, column.low, column.high);
    solution.objective += column.cost * value;
  }
  for (const Row& row : program.rows) check_row(row, solution.values);
}

std::vector<std::string> rules_of(const IntegerProgram& program) {
  std::vector<std::string> rules;
  for (const Row& row : program.rows) {
    if (!row.rule.empty() && std::find(rules.begin(), rules.end(), row.rule) == rules.end()) {
      rules.push_back(row.rule);
    }
  }
  return rules;
}

IntegerProgram without_rule(IntegerProgram program, const std::string& rule) {
  std::erase_if(program.rows, [&](const Row& row) { return row.rule == rule; });
  return program;
}

}  // namespace

std::size_t IntegerProgram::add(Column column) {
  columns.push_back(std::move(column));
  return columns.size() - 1;
}

void IntegerProgram::add(Row row) { rows.push_back(std::move(row)); }

Solution solve(const IntegerProgram& program, const SolverLimits& limits) {
  const IntegerProgram tidied = tidy(program);
  if (is_impossible(tidied)) return {};
  Solution solution = tidied.columns.empty() ? Solution{.state = SolverState::kOptimal, .found = true}
                                             : solve_with_cbc(tidied, limits);
  if (!solution.found) return solution;
  round_and_check(tidied, solution);
  solution.bound = solution.state == SolverState::kOptimal
                       ? solution.objective - limits.relative_gap * std::abs(solution.objective)
                       : std::min(solution.bound, solution.objective);
  return solution;
}

std::vector<std::string> conflicting_rules(const IntegerProgram& program, const SolverLimits& limits) {
  IntegerProgram left = program;
  for (Column& column : left.columns) column.cost = 0;  // any solution will do
  std::vector<std::string> needed;
  for (const std::string& rule : rules_of(program)) {
    IntegerProgram fewer = without_rule(left, rule);
    if (solve(fewer, limits).state == SolverState::kInfeasible) {
      left = std::move(fewer);
    } else {
      needed.push_back(rule);
    }
  }
  return needed;
}

}  // namespace kvsim::planner
