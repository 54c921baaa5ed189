// SPDX-License-Identifier: Apache-2.0
#include "planner/problem.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>

namespace kvsim::planner {
namespace {

template <class T>
const T& named(const std::vector<T>& items, const std::string& name) {
  const auto found =
      std::find_if(items.begin(), items.end(), [&](const T& item) { return item.name == name; });
  if (found == items.end()) throw std::out_of_range("the problem has no " + name);
  return *found;
}

}  // namespace

double Hourly::mean() const {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double Hourly::lowest() const { return *std::min_element(values.begin(), values.end()); }

const PlannedSite& Problem::site(const std::string& wanted) const { return named(sites, wanted); }

const ServerOption& Problem::server(const std::string& wanted) const { return named(servers, wanted); }

}  // namespace kvsim::planner
