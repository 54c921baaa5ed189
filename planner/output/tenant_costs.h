// SPDX-License-Identifier: Apache-2.0
// What each tenant's share of the plan costs. docs/plan.md has the rule.
#pragma once

#include <string>
#include <vector>

#include "planner/plan.h"

namespace kvsim::planner {

struct TenantCost {
  std::string tenant;
  double requests_per_second = 0;
  double tokens_per_second = 0;   // input and output
  double dedicated_share = 0;     // of the TCO: pools that serve nobody else
  double shared_share = 0;        // of the TCO: of pools for all others, by tokens
  double tco = 0;                 // adds up to the fleet's
  double per_million_tokens = 0;  // NaN where none are served
  double share() const { return dedicated_share + shared_share; }
};

// Of the best fleet, in the order of the plan's service, then tenants with pools of their own that it does
// not name; empty where there is no best.
std::vector<TenantCost> cost_per_tenant(const Plan& plan);

// The TCO over everything of one kind that is served in the plan's years; each carries all of it, so they do
// not add up. NaN where none is served.
struct ServedPrices {
  double per_request = 0;
  double per_million_input_tokens = 0;
  double per_million_output_tokens = 0;
  double per_million_tokens = 0;
};
ServedPrices served_prices(const Plan& plan);

}  // namespace kvsim::planner
