// SPDX-License-Identifier: Apache-2.0
// The seam between our programs and COIN-OR CBC.
#pragma once

#include "planner/integer_program.h"

namespace kvsim::planner {

// `program` has columns, no column or row whose bounds exclude each other, whole bounds of whole columns. The
// solution's whole columns are whole within the solver's tolerance only; `objective` is left to the caller,
// `bound` counts where the state is kLimited. Prints nothing and leaves signal handlers alone. Error
// (internal) where the program is unbounded or the solver gives up.
Solution solve_with_cbc(const IntegerProgram& program, const SolverLimits& limits);

}  // namespace kvsim::planner
