// SPDX-License-Identifier: Apache-2.0
// What has to be bought or rented, with where each price is from.
#pragma once

#include <string>
#include <vector>

#include "planner/plan.h"

namespace kvsim::planner {

struct BillLine {
  CostLine line;  // of servers, storage, network, router hosts or rent
  PriceTag unit;  // of one: a purchase, or the rent of a year
  bool is_rent() const { return line.kind == CostKind::kRent; }
};

// Of the best fleet, in the order of its cost lines; empty where there is none. The purchases of year 0 add
// up to its capex.
std::vector<BillLine> bill_of_materials(const Plan& plan);

}  // namespace kvsim::planner
