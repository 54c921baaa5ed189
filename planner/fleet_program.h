// SPDX-License-Identifier: Apache-2.0
// Fleets as an integer program: which servers, used how, at which site, and which storage, under every
// constraint of the problem that needs no simulation.
//
// Columns: servers of each option (whole); those of them that stand there already; one of each storage size;
// sites and vendors in use; the share of each part of the demand that each lawful option carries. Rows, with
// their rule's path in the problem: demand is carried whole; each option's load fits its servers, in seconds
// of work a second; stock, power, cooling, rack units and racks of each site; budget, capex, opex, power,
// carbon; vendors; an option that mounts a storage system needs one of its sizes; one that only prefills or
// only decodes needs one that works with it; each `spare` rule leaves enough once any one node (rack, site)
// is lost.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "planner/cost.h"
#include "planner/integer_program.h"
#include "planner/load.h"
#include "planner/options.h"
#include "planner/problem.h"

namespace kvsim::planner {

// Where no rule says less, an option has servers for all of the demand alone and to spare, and at least its
// `most`: what
// bounds `most` (stock, power, space) are rows, so that contradictions name them.
class FleetProgram {
 public:
  FleetProgram(const Problem& problem, const Options& options, const Load& load,
               const AcceleratorWatts& watts);

  const IntegerProgram& program() const { return program_; }
  FleetChoice choice(const Solution& solution) const;
  // From now on, no solution has exactly these servers and sizes.
  void exclude(const FleetChoice& choice);
  // From now on the objective is at most `limit`.
  void limit_objective(double limit);

 private:
  void add_bits();

  IntegerProgram program_;
  Parts<std::size_t> columns_;
  std::vector<std::vector<std::size_t>>
      bits_;  // columns by option, from the lowest; empty until one is excluded
  std::optional<std::size_t> objective_row_;
};

// The violated constraints of a given choice, each with its path, what was found and the limit; empty: none.
// The same rules as the program's; of demand only that each class has a server that may serve it. Totals as
// `cost` has them.
struct Violation {
  std::string rule;     // "constraints.vendor_share"
  std::string message;  // "share of NVIDIA in all accelerators: 75 %; at most 60 %"
};
std::vector<Violation> violations(const Problem& problem, const Options& options, const FleetChoice& choice,
                                  const FleetCost& cost);

}  // namespace kvsim::planner
