// SPDX-License-Identifier: Apache-2.0
// Solutions of integer programs, kept by content so that none is solved twice, by whichever plan.
#pragma once

#include <optional>
#include <string>

#include "planner/integer_program.h"

namespace kvsim::planner {

class Solver {
 public:
  // `folder`: of <digest of program and limits>.json; made where it is missing.
  explicit Solver(std::string folder, SolverLimits limits) : folder_(std::move(folder)), limits_(limits) {}

  Solution solve(const IntegerProgram& program) const;

 private:
  std::string folder_;
  SolverLimits limits_;
};

}  // namespace kvsim::planner
