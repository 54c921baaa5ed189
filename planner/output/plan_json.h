// SPDX-License-Identifier: Apache-2.0
// plan.json: everything that a plan says (schemas/plan.schema.json, docs/plan.md). The same plan gives the
// same bytes; units are in the names; null is unknown or none.
#pragma once

#include <ostream>

#include "base/json_writer.h"
#include "planner/plan.h"

namespace kvsim::planner {

void write_plan_json(std::ostream& out, const Plan& plan, const WhatIf& what_if);
void add_plan(JsonWriter& json, const Plan& plan, const WhatIf& what_if);  // as one object

}  // namespace kvsim::planner
