// SPDX-License-Identifier: Apache-2.0
// Why a router picked what it picked, for one request. Filled in only when somebody asks.
#pragma once

#include <string>
#include <vector>

#include "sim/metrics/routing_record.h"
#include "sim/routing/endpoint.h"

namespace kvsim::sim {

struct Explanation {
  using Column = RoutingRecord::Column;  // one scorer, or one term of a cost; scores by candidate
  struct Profile {
    std::string name;        // of the scheduling profile; the policy's where it has none
    EndpointIds candidates;  // after filters
    std::vector<Column> columns;
    std::vector<double> totals;  // by candidate; higher is better
    EndpointId pick = 0;
  };
  std::vector<Profile> profiles;
  std::vector<std::string> filters;  // "utilization-filter: 8 -> 5"
};

}  // namespace kvsim::sim
