// SPDX-License-Identifier: Apache-2.0
// Rows that carry the demand: every part of every class whole, over options that have servers for it.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "planner/integer_program.h"
#include "planner/load.h"
#include "planner/options.h"
#include "planner/parts.h"

namespace kvsim::planner {

struct Assignment {
  // By option: the columns of the shares that it carries, and the seconds of work a second that each brings.
  std::vector<std::vector<std::pair<std::size_t, double>>> load;
  std::vector<std::vector<std::vector<std::size_t>>> shares;  // columns, [class][option][part]
};

// Columns that assign `share` of the demand of all parts to options that may carry it, and a row of `rule`
// for each part: all of it is assigned. (Options whose load is infinite carry nothing.) An option has a
// column for each part, or one for all of them where they `are_whole`.
using MayCarry = std::function<bool(std::size_t demand, std::size_t option)>;
using RuleOfDemand = std::function<std::string(std::size_t demand)>;
Assignment add_assignment(const Options& options, const SecondsByPart& load, bool are_whole, double share,
                          const MayCarry& may_carry, const RuleOfDemand& rule, IntegerProgram& program);

// The load of the option <= its servers.
Row load_row(const Assignment& assignment, std::size_t option, const Parts<std::size_t>& columns,
             const std::string& rule);

std::string in_words(const DemandClass& demand);  // "health llama-3.1-8b chat", "all requests"
bool is_lawful(const DemandClass& demand, std::size_t option);

// Normal operation. Rules: `workload` for the demand, and the path of the tenant's residency for what the law
// alone keeps from an option: those shares have columns, and a row holds them at 0. Where the law left no
// such option to choose from, the demand itself stands for it.
void add_demand(const Problem& problem, const Options& options, const Load& load,
                const Parts<std::size_t>& columns, IntegerProgram& program);

}  // namespace kvsim::planner
