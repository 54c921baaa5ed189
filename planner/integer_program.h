// SPDX-License-Identifier: Apache-2.0
// Linear programs with whole-numbered columns, and their solver (COIN-OR CBC, seen by solve_cbc.cpp alone).
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace kvsim::planner {

inline constexpr double kUnbounded = std::numeric_limits<double>::infinity();

struct Column {
  std::string name = {};
  double low = 0;
  double high = kUnbounded;
  double cost = 0;  // of one, in the objective, which is minimised
  bool whole = false;
};
struct Row {
  std::string name = {};
  double low = -kUnbounded;
  double high = kUnbounded;
  std::vector<std::pair<std::size_t, double>> terms = {};  // column, coefficient; a column once
  std::string rule = {};  // YAML path of the constraint that it stands for; empty: it holds by itself
};
struct IntegerProgram {
  std::vector<Column> columns;
  std::vector<Row> rows;
  double constant = 0;  // of the objective

  std::size_t add(Column column);
  void add(Row row);
};

struct SolverLimits {  // never seconds: the answer must not depend on the machine
  std::uint64_t nodes = 20'000;
  double relative_gap = 1e-6;
};
enum class SolverState { kOptimal, kLimited, kInfeasible };  // limited: stopped at the node limit
struct Solution {
  SolverState state = SolverState::kInfeasible;
  bool found = false;               // `values` hold a solution (always where optimal)
  double objective = 0;             // of it
  double bound = 0;                 // no solution lies below
  std::vector<double> values = {};  // whole columns are rounded
};

// Deterministic: one thread, a fixed seed. Error (internal) where the solver fails or the program is
// unbounded.
Solution solve(const IntegerProgram& program, const SolverLimits& limits);

// An irreducible set of rules (paths) that cannot hold together with the rows without a rule: leaving out any
// one of them gives a solution. By deletion, in the order of rows. The program must be infeasible.
std::vector<std::string> conflicting_rules(const IntegerProgram& program, const SolverLimits& limits);

}  // namespace kvsim::planner
