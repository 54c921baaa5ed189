// SPDX-License-Identifier: Apache-2.0
// The constraints that are linear in the parts of a fleet, each stated once: the integer program has them as
// rows, and fleets are checked against them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "planner/cost.h"
#include "planner/integer_program.h"
#include "planner/parts.h"

namespace kvsim::planner {

// weights . quantities <= most, or <= most x (whole . quantities) where there is a whole.
struct Rule {
  std::string path;  // in the problem's YAML
  std::string what;  // "power of site paris"
  std::string unit;  // "W"
  Quantities weights;
  double most = 0;
  std::optional<Quantities> whole = {};
};

// Stock; power, cooling, rack units and racks of sites; shares of vendors. Where a rack's watts let it hold
// fewer servers than its height would, each takes up its share of the rack.
std::vector<Rule> fleet_rules(const Problem& problem, const std::vector<PoolOption>& pools);

// The limit of a total of the fleet.
struct TotalLimit {
  std::string path, what, unit;
  double Totals::*total = nullptr;
  double most = 0;
};
std::vector<TotalLimit> total_limits(const Problem& problem);

Rule rule_of(const TotalLimit& limit, const UnitCosts& units);
Row row_of(const Rule& rule, const Parts<std::size_t>& columns);

// How many servers one rack of the site holds; 0: it holds none.
double servers_per_rack(const PlannedSite& site, const ServerOption& server);

}  // namespace kvsim::planner
