// SPDX-License-Identifier: Apache-2.0
#include "planner/problem.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "sim/scenario/find_named.h"

namespace kvsim::planner {
namespace {

template <class T>
const T& known(const std::vector<T>& items, const std::string& name) {
  const T* found = sim::find_named(items, name);
  if (found == nullptr) throw std::out_of_range("the problem has no " + name);
  return *found;
}

}  // namespace

double Hourly::mean() const {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double Hourly::lowest() const { return *std::min_element(values.begin(), values.end()); }

bool Problem::has_role(sim::PoolRole role) const {
  return std::any_of(engines.begin(), engines.end(), [role](const EngineOption& engine) {
    return std::find(engine.roles.begin(), engine.roles.end(), role) != engine.roles.end();
  });
}

bool Problem::may_disaggregate() const {
  return has_role(sim::PoolRole::kPrefill) || has_role(sim::PoolRole::kDecode);
}

const PlannedSite& Problem::site(const std::string& wanted) const { return known(sites, wanted); }

const ServerOption& Problem::server(const std::string& wanted) const { return known(servers, wanted); }

}  // namespace kvsim::planner
