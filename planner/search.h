// SPDX-License-Identifier: Apache-2.0
// The cheapest fleet that keeps the goals, the law and the constraints.
//
// 1. Demand, options, a lower bound by the integer program with loads that no schedule can do without. Where
// it has no
//    solution: infeasible, with an irreducible set of rules.
// 2. Capacities by hand give a first answer; simulated ones, one server at a time, give better loads.
// 3. Fleets of the program at several multiples of the demand are simulated with the whole workload, then
// each use
//    alone (and each use that prefills with each that decodes), then the strongest fleets that cost less; the
//    cheapest that passes leads.
// 4. Its neighbours (a server less, a server swapped for a cheaper one) as long as one of them is better.
// 5. The program of the bounds lists fleets in the order of their least cost. Each that could be cheaper than
// the leader
//    is simulated until none is left (the leader is proven cheapest) or evaluations run out (the gap stays).
// Proposals come in rounds of a fixed size and are judged in order: the answer does not depend on who
// simulates. Equal costs are decided by the bill of materials.
#pragma once

#include <functional>
#include <string>

#include "planner/evaluate.h"
#include "planner/plan.h"

namespace kvsim::planner {

// Told what has been found so far: "analytic answer", "round 3: ...".
using Told = std::function<void(const std::string&)>;

// Options have been listed already; capacities and hints that `plan` has are used. What follows the search
// (probabilities, hand checks, what-if) is not filled in. InterruptedError after Ctrl-C, when `plan` holds
// what was found until then.
void search(const Judging& judging, Simulations& simulations, const Told& told, Plan& plan);

}  // namespace kvsim::planner
