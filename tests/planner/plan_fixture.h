// SPDX-License-Identifier: Apache-2.0
// Plans made in process, of problems written as text with short workloads.
#pragma once

#include "planner/make_plan.h"
#include "tests/planner/problem_fixture.h"

namespace kvsim::planner {

class PlanTest : public ProblemTest {
 protected:
  struct Made {
    Plan plan;
    double first_bound = 0;   // before any simulation
    double search_bound = 0;  // before the gap is closed
    std::uint64_t simulated = 0, found = 0;
  };

  Made make(const Problem& of, Depth depth = Depth::kSearch, std::size_t jobs = 1,
            const std::string& store = "store") {
    const auto workers = forked_workers(jobs);
    Simulations simulations(*workers, (folder_ / store).string(), "");
    Made made;
    const PlanTold told = [&made](const std::string& what, const Plan& plan) {
      (what == "round" ? made.search_bound : made.first_bound) = plan.bound;
    };
    make_plan(of, {shipped(), simulations, told}, depth, made.plan);
    made.simulated = simulations.simulated();
    made.found = simulations.found();
    return made;
  }
  Made make(const std::string& text, Depth depth = Depth::kSearch, std::size_t jobs = 1,
            const std::string& store = "store") {
    return make(problem(text), depth, jobs, store);
  }
  double objective(const Plan& plan) const { return plan.evaluated.at(*plan.best).cost.objective; }
};

}  // namespace kvsim::planner
