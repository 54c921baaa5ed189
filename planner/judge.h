// SPDX-License-Identifier: Apache-2.0
// Does a simulated fleet keep the SLOs? Out of the summary.json of its runs, one for each seed.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/document.h"
#include "planner/cost.h"
#include "planner/problem.h"

namespace kvsim::planner {

struct GoalCheck {
  std::string slo_class;  // empty: all requests
  std::string what;       // "attainment", "ttft p90"
  double value = 0;       // worst over seeds; NaN: no such request was completed
  double goal = 0;
  bool met = false;
};

struct Judgement {
  bool ran = false;  // false: `misses` tells why there is no run (the fleet was refused, say)
  bool passes = false;
  std::vector<GoalCheck> checks;
  std::vector<std::string> misses;  // in words: "chat: attainment 0.91 under 0.95", "queue grows"
  double attainment = 0;            // least over classes, mean over seeds
  double completed_share = 0;
  bool queue_grows = false;  // at the end of a run: a longer workload may need more
  AcceleratorWatts watts;    // by option of the problem's options, of one server; NaN: not in this fleet
};

using Summaries = std::vector<std::shared_ptr<const Node>>;  // roots of summary.json, by seed

// A pool of a summary is found by its option's name.
Judgement judge(const Problem& problem, const std::vector<PoolOption>& pools, const Summaries& summaries);

// The problem whose goals are those of degraded operation, where they are stated.
Problem in_degraded_operation(Problem problem);

}  // namespace kvsim::planner
