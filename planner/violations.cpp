// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "planner/demand_rows.h"
#include "planner/fleet_program.h"
#include "planner/fleet_rules.h"
#include "planner/pool_pairs.h"

namespace kvsim::planner {
namespace {

constexpr double kTolerance = 1e-6;  // relative, at least absolute: as the solver holds its rows

bool is_above(double found, double most) {
  return found > most + kTolerance * std::max({1.0, std::abs(found), std::abs(most)});
}

std::string amount(double value, const std::string& unit) {
  const double rounded = std::abs(value) >= 1e5 ? std::round(value) : value;
  return unit.empty() ? fmt::format("{:.4g} %", 100 * value) : fmt::format("{:.10g} {}", rounded, unit);
}

class Violations {
 public:
  void check(const std::string& path, const std::string& what, const std::string& unit, double found,
             double most) {
    if (is_above(found, most)) {
      add(path, fmt::format("{}: {}; at most {}", what, amount(found, unit), amount(most, unit)));
    }
  }
  void check(const Rule& rule, const Quantities& quantities) {
    const double found = dot(rule.weights, quantities);
    const double whole = rule.whole ? dot(*rule.whole, quantities) : 1;
    if (whole > 0) check(rule.path, rule.what, rule.unit, found / whole, rule.most);
  }
  void add(std::string path, std::string message) { found_.push_back({std::move(path), std::move(message)}); }
  std::vector<Violation> take() { return std::move(found_); }

 private:
  std::vector<Violation> found_;
};

void check_vendors(const Problem& problem, const std::vector<PoolOption>& pools, const FleetChoice& choice,
                   Violations& found) {
  std::set<std::string> vendors;
  for (std::size_t option = 0; option < pools.size(); ++option) {
    if (choice.servers[option] > 0) vendors.insert(problem.servers[pools[option].server].vendor);
  }
  const std::uint32_t fewest = problem.constraints.vendors.value_or(0);
  if (vendors.size() < fewest) {
    found.add("constraints.vendors", fmt::format("vendors: {}; at least {}", vendors.size(), fewest));
  }
}

void check_mounts(const Problem& problem, const std::vector<PoolOption>& pools, const FleetChoice& choice,
                  Violations& found) {
  for (std::size_t option = 0; option < pools.size(); ++option) {
    const auto& storage = pools[option].storage;
    if (choice.servers[option] == 0 || !storage || choice.storage[*storage]) continue;
    found.add(fmt::format("storage[{}]", *storage),
              fmt::format("{} mounts {}, of which the fleet has no size", pools[option].name,
                          problem.storage[*storage].name));
  }
}

// Requests that no server may serve are not made up for by others of their class. What only prefills serves
// nobody by itself.
void check_served(const Options& options, const FleetChoice& choice, Violations& found) {
  for (const DemandClass& demand : options.demand) {
    if (std::none_of(demand.lawful.begin(), demand.lawful.end(), [&](std::size_t option) {
          return choice.servers[option] > 0 && options.pools[option].role != sim::PoolRole::kPrefill;
        }))
      found.add("workload", in_words(demand) + ": no server that may serve them");
  }
}

}  // namespace

std::vector<Violation> violations(const Problem& problem, const Options& options, const FleetChoice& choice,
                                  const FleetCost& cost) {
  const Quantities quantities = quantities_of(problem, options.pools, choice);
  Violations found;
  for (const Rule& rule : fleet_rules(problem, options.pools)) found.check(rule, quantities);
  for (const TotalLimit& limit : total_limits(problem)) {
    found.check(limit.path, limit.what, limit.unit, cost.*limit.total, limit.most);
  }
  check_vendors(problem, options.pools, choice, found);
  check_mounts(problem, options.pools, choice, found);
  check_served(options, choice, found);
  for (const std::string& fault : role_faults(options, choice)) found.add("engines", fault);
  return found.take();
}

}  // namespace kvsim::planner
