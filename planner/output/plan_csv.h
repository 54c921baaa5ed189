// SPDX-License-Identifier: Apache-2.0
// Tables of a plan as CSV; docs/plan.md has their columns. Where nothing was found, tables of the best fleet
// have their header alone.
#pragma once

#include <ostream>

#include "planner/plan.h"

namespace kvsim::planner {

void write_bill_csv(std::ostream& out, const Plan& plan);       // bill_of_materials.csv
void write_cash_flow_csv(std::ostream& out, const Plan& plan);  // cash_flow.csv
void write_tenants_csv(std::ostream& out, const Plan& plan);    // cost_per_tenant.csv
void write_rejected_csv(std::ostream& out, const Plan& plan);   // rejected.csv
void write_evaluated_csv(std::ostream& out, const Plan& plan);  // evaluated.csv

}  // namespace kvsim::planner
