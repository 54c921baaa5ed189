// SPDX-License-Identifier: Apache-2.0
#include "planner/demand_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace kvsim::planner {
namespace {

std::string residency_path(const Problem& problem, const std::string& tenant) {
  for (const Node& item : problem.tenants.items) {
    const Node* name = item.find("name");
    if (name != nullptr && name->scalar == tenant && item.find("residency") != nullptr) {
      return fmt::format("tenants[{}].residency", tenant);
    }
  }
  return "default_residency";
}

// Whether the law alone keeps the class from an option: the tenant could use it otherwise.
bool is_kept_by_law(const Options& options, const DemandClass& demand, std::size_t option) {
  if (is_lawful(demand, option)) return false;
  const PoolOption& pool = options.pools[option];
  if (!demand.lawful.empty()) {
    const PoolOption& lawful = options.pools[demand.lawful.front()];
    return pool.model == lawful.model && pool.dedicated_to == lawful.dedicated_to;
  }
  return pool.model == demand.model && (pool.dedicated_to.empty() || pool.dedicated_to == demand.tenant);
}

bool could_use(const Load& load, std::size_t demand, const MayCarry& may_carry) {
  for (const std::vector<double>& seconds : load.seconds[demand]) {
    for (std::size_t option = 0; option < seconds.size(); ++option) {
      if (std::isfinite(seconds[option]) && may_carry(demand, option)) return true;
    }
  }
  return false;
}

// The shares that the law keeps at 0.
Row law_row(const Options& options, std::size_t demand, const Assignment& assignment) {
  Row row{.name = "law for " + in_words(options.demand[demand]), .high = 0};
  for (std::size_t option = 0; option < options.pools.size(); ++option) {
    if (is_lawful(options.demand[demand], option)) continue;
    for (const std::size_t column : assignment.shares[demand][option]) row.terms.emplace_back(column, 1);
  }
  return row;
}

}  // namespace

std::string in_words(const DemandClass& demand) {
  std::vector<std::string> names;
  for (const std::string& name : {demand.tenant, demand.model, demand.slo_class}) {
    if (!name.empty()) names.push_back(name);
  }
  return names.empty() ? "all requests" : join(names, " ");
}

bool is_lawful(const DemandClass& demand, std::size_t option) {
  return std::binary_search(demand.lawful.begin(), demand.lawful.end(), option);
}

Assignment add_assignment(const Options& options, const SecondsByPart& load, bool are_whole, double share,
                          const MayCarry& may_carry, const RuleOfDemand& rule, IntegerProgram& program) {
  const std::size_t pools = options.pools.size();
  Assignment assignment;
  assignment.load.resize(pools);
  assignment.shares.assign(options.demand.size(), std::vector<std::vector<std::size_t>>(pools));
  for (std::size_t demand = 0; demand < options.demand.size(); ++demand) {
    for (const std::vector<double>& seconds : load[demand]) {
      const std::string name = in_words(options.demand[demand]);
      Row whole{.name = name, .low = 1, .high = 1, .rule = rule(demand)};
      for (std::size_t option = 0; option < pools; ++option) {
        if (!std::isfinite(seconds[option]) || !may_carry(demand, option)) continue;
        std::vector<std::size_t>& columns = assignment.shares[demand][option];
        if (columns.empty() || !are_whole) {
          columns.push_back(
              program.add(Column{.name = name + " on " + options.pools[option].name, .high = 1}));
          assignment.load[option].emplace_back(columns.back(), 0);
        }
        whole.terms.emplace_back(columns.back(), 1);
        assignment.load[option].back().second += share * seconds[option];
      }
      program.add(std::move(whole));
    }
  }
  return assignment;
}

Row load_row(const Assignment& assignment, std::size_t option, const Parts<std::size_t>& columns,
             const std::string& rule) {
  Row row{.name = "load", .high = 0, .terms = assignment.load[option], .rule = rule};
  row.terms.emplace_back(columns.server[option], -1);
  return row;
}

void add_demand(const Problem& problem, const Options& options, const Load& load,
                const Parts<std::size_t>& columns, IntegerProgram& program) {
  const auto kept_by_law = [&](std::size_t demand, std::size_t option) {
    return is_kept_by_law(options, options.demand[demand], option);
  };
  const auto may_carry = [&](std::size_t demand, std::size_t option) {
    return is_lawful(options.demand[demand], option) || kept_by_law(demand, option);
  };
  const auto rule = [&](std::size_t demand) -> std::string {
    const bool law_left_none =
        !options.demand[demand].reasons.empty() && !could_use(load, demand, kept_by_law);
    return law_left_none ? residency_path(problem, options.demand[demand].tenant) : "workload";
  };
  const Assignment assignment =
      add_assignment(options, load.seconds, load.are_whole, 1, may_carry, rule, program);
  for (std::size_t demand = 0; demand < options.demand.size(); ++demand) {
    Row row = law_row(options, demand, assignment);
    row.rule = residency_path(problem, options.demand[demand].tenant);
    if (!row.terms.empty()) program.add(std::move(row));
  }
  for (std::size_t option = 0; option < options.pools.size(); ++option) {
    if (!assignment.load[option].empty()) program.add(load_row(assignment, option, columns, ""));
  }
}

}  // namespace kvsim::planner
