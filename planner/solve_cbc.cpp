// SPDX-License-Identifier: Apache-2.0
#include "planner/solve_cbc.h"

#include <CbcModel.hpp>
#include <CglGomory.hpp>
#include <CglKnapsackCover.hpp>
#include <CoinPackedMatrix.hpp>
#include <OsiClpSolverInterface.hpp>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "base/errors.h"

namespace kvsim::planner {
namespace {

constexpr double kTolerance = 1e-9;       // of rows and reduced costs, after our scaling
constexpr double kWholeTolerance = 1e-7;  // of whole columns
constexpr int kSeed = 1;

// A power of two, so that scaling loses nothing, that brings `size` near 1.
double scale_of(double size) {
  if (!(size > 0)) return 1;
  int exponent = 0;
  const bool is_above = std::frexp(size, &exponent) > std::numbers::sqrt2 / 2;
  return std::ldexp(1, is_above ? -exponent : 1 - exponent);
}

double scale_of(const Row& row) {
  double most = 0;
  for (const auto& [column, coefficient] : row.terms) most = std::max(most, std::abs(coefficient));
  return scale_of(most);
}

double scale_of_costs(const IntegerProgram& program) {
  double most = 0;
  for (const Column& column : program.columns) most = std::max(most, std::abs(column.cost));
  return scale_of(most);
}

double to_solver(const OsiSolverInterface& solver, double bound) {
  return std::clamp(bound, -solver.getInfinity(), solver.getInfinity());
}

void add_columns(OsiSolverInterface& solver, const IntegerProgram& program, double cost_scale) {
  for (const Column& column : program.columns) {
    solver.addCol(0, nullptr, nullptr, to_solver(solver, column.low), to_solver(solver, column.high),
                  column.cost * cost_scale);
    if (column.whole) solver.setInteger(solver.getNumCols() - 1);
  }
}

void add_row(OsiSolverInterface& solver, const Row& row) {
  const double scale = scale_of(row);
  CoinPackedVector terms;
  for (const auto& [column, coefficient] : row.terms) {
    terms.insert(static_cast<int>(column), coefficient * scale);
  }
  solver.addRow(terms, to_solver(solver, row.low * scale), to_solver(solver, row.high * scale));
}

// A row that always matters, of two columns that cost nothing: when branching leaves a program without rows,
// Clp 1.17 aborts in strong branching (markHotStart).
void add_lasting_row(OsiSolverInterface& solver) {
  CoinPackedVector terms;
  for (int i = 0; i < 2; ++i) {
    terms.insert(solver.getNumCols(), 1);
    solver.addCol(0, nullptr, nullptr, 0, 1, 0);
  }
  solver.addRow(terms, 0.5, 1.5);
}

OsiClpSolverInterface loaded(const IntegerProgram& program, double cost_scale) {
  OsiClpSolverInterface solver;
  solver.messageHandler()->setLogLevel(0);
  solver.getModelPtr()->setLogLevel(0);
  solver.setDblParam(OsiPrimalTolerance, kTolerance);
  solver.setDblParam(OsiDualTolerance, kTolerance);
  solver.getModelPtr()->setRandomSeed(kSeed);
  add_columns(solver, program, cost_scale);
  for (const Row& row : program.rows) add_row(solver, row);
  add_lasting_row(solver);
  return solver;
}

[[noreturn]] void fail(const std::string& why) {
  throw Error(ExitCode::kInternal, "the integer program " + why);
}

// Whether its relaxation has a solution. The primal simplex decides where the dual one gives up.
bool relaxation_is_feasible(OsiClpSolverInterface& solver) {
  solver.initialSolve();
  if (!solver.isProvenOptimal() && !solver.isProvenPrimalInfeasible()) {
    solver.getModelPtr()->primal();
  }
  if (solver.isProvenOptimal()) return true;
  if (solver.isProvenPrimalInfeasible()) return false;
  fail(solver.isProvenDualInfeasible() ? "is unbounded" : "was given up by the linear solver");
}

void set_limits(CbcModel& model, const SolverLimits& limits) {
  model.setLogLevel(0);
  model.setRandomSeed(kSeed);
  model.setNumberThreads(0);
  model.setMaximumNodes(
      static_cast<int>(std::min<std::uint64_t>(limits.nodes, std::numeric_limits<int>::max())));
  model.setIntegerTolerance(kWholeTolerance);
  model.setAllowableFractionGap(limits.relative_gap);
  model.setAllowableGap(0);
  model.setCutoffIncrement(0);  // by default, solutions better by less than 1e-5 are missed
}

// At the root, and further down where they help. Cuts by probing, flow covers and mixed-integer rounding of
// this library (Cgl 0.60) cut off best solutions of small programs: tests/planner/integer_program_test.cpp.
void add_cuts(CbcModel& model) {
  CglGomory gomory;
  CglKnapsackCover knapsack;
  model.addCutGenerator(&gomory, -1);
  model.addCutGenerator(&knapsack, -1);
}

SolverState state_of(const CbcModel& model) {
  if (model.isProvenOptimal()) return SolverState::kOptimal;
  if (model.isProvenInfeasible()) return SolverState::kInfeasible;
  if (model.isNodeLimitReached()) return SolverState::kLimited;
  fail(model.isContinuousUnbounded() ? "is unbounded" : "was given up by the solver");
}

}  // namespace

Solution solve_with_cbc(const IntegerProgram& program, const SolverLimits& limits) {
  const double cost_scale = scale_of_costs(program);
  OsiClpSolverInterface solver = loaded(program, cost_scale);
  if (!relaxation_is_feasible(solver)) return {};
  CbcModel model(solver);
  set_limits(model, limits);
  add_cuts(model);
  model.branchAndBound();
  Solution solution{.state = state_of(model), .found = model.bestSolution() != nullptr};
  if (solution.state == SolverState::kInfeasible) return solution;
  solution.bound = model.getBestPossibleObjValue() / cost_scale + program.constant;
  if (solution.found) {
    solution.values.assign(model.bestSolution(), model.bestSolution() + program.columns.size());
  }
  return solution;
}

}  // namespace kvsim::planner
