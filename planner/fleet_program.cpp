// SPDX-License-Identifier: Apache-2.0
#include "planner/fleet_program.h"

#include <algorithm>
#include <cmath>

#include "planner/demand_rows.h"
#include "planner/fleet_columns.h"
#include "planner/fleet_rules.h"
#include "planner/role_rows.h"
#include "planner/spare_rows.h"

namespace kvsim::planner {
namespace {

constexpr double kMostServers = 1e6;  // of one option

// Servers that carry all parts of the demand that they can, one option alone.
double servers_for_all(const Load& load, std::size_t option) {
  double sum = 0;
  for (const auto& parts : load.after_a_loss()) {
    for (const std::vector<double>& seconds : parts) {
      if (std::isfinite(seconds[option])) sum += seconds[option];
    }
  }
  return std::min(kMostServers, std::ceil(sum));
}

// That one loss takes, where it does not take a site.
double servers_to_spare(const Problem& problem, const PoolOption& pool) {
  double most = 0;
  for (const Spare spare : problem.constraints.spare) {
    if (spare == Spare::kNode) most = std::max(most, 1.0);
    if (spare == Spare::kRack)
      most = std::max({most, 1.0, servers_per_rack(problem.sites[pool.site], problem.servers[pool.server])});
  }
  return most;
}

std::vector<double> most_servers(const Problem& problem, const Options& options, const Load& load) {
  std::vector<double> most;
  for (std::size_t option = 0; option < options.pools.size(); ++option) {
    const PoolOption& pool = options.pools[option];
    most.push_back(
        std::max<double>(pool.most, servers_for_all(load, option) + servers_to_spare(problem, pool)));
  }
  return most;
}

}  // namespace

FleetProgram::FleetProgram(const Problem& problem, const Options& options, const Load& load,
                           const AcceleratorWatts& watts) {
  const UnitCosts units = unit_costs(problem, options.pools, watts);
  const std::vector<double> most = most_servers(problem, options, load);
  columns_ = add_fleet_columns(problem, options.pools, units, most, program_);
  for (const Rule& rule : fleet_rules(problem, options.pools)) program_.add(row_of(rule, columns_));
  for (const TotalLimit& limit : total_limits(problem)) program_.add(row_of(rule_of(limit, units), columns_));
  add_roles(options, most, columns_, program_);
  add_demand(problem, options, load, columns_, program_);
  add_spare(problem, options, load, most, columns_, program_);
}

FleetChoice FleetProgram::choice(const Solution& solution) const {
  FleetChoice choice;
  for (const std::size_t column : columns_.server) {
    choice.servers.push_back(static_cast<std::uint32_t>(solution.values[column]));
  }
  for (const std::vector<std::size_t>& sizes : columns_.storage) {
    const auto chosen = std::find_if(sizes.begin(), sizes.end(),
                                     [&](std::size_t column) { return solution.values[column] > 0; });
    choice.storage.emplace_back();
    if (chosen != sizes.end()) choice.storage.back() = static_cast<std::size_t>(chosen - sizes.begin());
  }
  return choice;
}

// servers = sum of 2^i x bit i.
void FleetProgram::add_bits() {
  for (const std::size_t servers : columns_.server) {
    const auto high = static_cast<std::uint64_t>(program_.columns[servers].high);
    Row sum{
        .name = "bits of " + program_.columns[servers].name, .low = 0, .high = 0, .terms = {{servers, -1}}};
    bits_.emplace_back();
    for (int bit = 0; high >> bit != 0; ++bit) {
      bits_.back().push_back(program_.add(Column{.name = sum.name, .high = 1, .whole = true}));
      sum.terms.emplace_back(bits_.back().back(), std::ldexp(1, bit));
    }
    program_.add(std::move(sum));
  }
}

// At least one bit, or one storage size, differs.
void FleetProgram::exclude(const FleetChoice& choice) {
  if (bits_.empty()) add_bits();
  Row differs{.name = "excluded", .low = 1};
  const auto add = [&](std::size_t column, bool is_set) {
    differs.terms.emplace_back(column, is_set ? -1 : 1);
    differs.low -= is_set;
  };
  for (std::size_t option = 0; option < bits_.size(); ++option) {
    const std::uint64_t servers = choice.servers[option];
    if (servers >> bits_[option].size() != 0) return;  // more than there can be
    for (std::size_t bit = 0; bit < bits_[option].size(); ++bit) {
      add(bits_[option][bit], (servers >> bit & 1) != 0);
    }
  }
  for (std::size_t option = 0; option < columns_.storage.size(); ++option) {
    for (std::size_t size = 0; size < columns_.storage[option].size(); ++size) {
      add(columns_.storage[option][size], choice.storage[option] == size);
    }
  }
  program_.add(std::move(differs));
}

void FleetProgram::limit_objective(double limit) {
  if (!objective_row_) {
    Row row{.name = "objective"};
    for (std::size_t i = 0; i < program_.columns.size(); ++i) {
      if (program_.columns[i].cost != 0) row.terms.emplace_back(i, program_.columns[i].cost);
    }
    objective_row_ = program_.rows.size();
    program_.add(std::move(row));
  }
  program_.rows[*objective_row_].high = limit - program_.constant;
}

}  // namespace kvsim::planner
