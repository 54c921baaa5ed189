// SPDX-License-Identifier: Apache-2.0
// Fleets as an integer program: which servers, used how, at which site, and which storage, under every
// constraint of the problem that needs no simulation.
//
// Columns: servers of each option (whole); those of them that stand there already; one of each storage size;
// the share of each part of the demand that each lawful option carries. Rows, with their rule's path in the
// problem: demand is carried whole; each option's load fits its servers, in seconds of work a second; stock,
// power, cooling, rack units of each site; budget, capex, opex, power, carbon; vendors; an option that mounts
// a storage system needs one of its sizes; each `spare` rule leaves enough once any one node (rack, site) is
// lost.
#pragma once

#include <vector>

#include "planner/cost.h"
#include "planner/integer_program.h"
#include "planner/options.h"
#include "planner/problem.h"

namespace kvsim::planner {

// What a class asks of one server of an option, in server-seconds for each second of the demand: > 1 where
// more than one server is needed. `parts` are carried independently of each other (prefill, decode, ... in
// bounds; one part where capacities are simulated). Infinite: the option cannot serve the class within its
// SLO.
struct Load {
  // [class][part][option]
  std::vector<std::vector<std::vector<double>>> seconds;
  double degraded_share = 1;  // of the demand that must still be carried when a spare is lost
};

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
  struct Places;  // of columns
  IntegerProgram program_;
  // (the implementer chooses the rest)
};

// The violated constraints of a given choice, each with its path, what was found and the limit; empty: none.
// The same rules as the program's, apart from demand.
struct Violation {
  std::string rule;     // "constraints.vendor_share"
  std::string message;  // "NVIDIA has 75 % of accelerators; at most 60 %"
};
std::vector<Violation> violations(const Problem& problem, const Options& options, const FleetChoice& choice,
                                  const FleetCost& cost);

}  // namespace kvsim::planner
