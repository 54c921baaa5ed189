// SPDX-License-Identifier: Apache-2.0
#include "planner/output/plan_html.h"

#include <sstream>

#include "planner/output/page_assets.h"
#include "planner/output/plan_json.h"
#include "sim/report/page.h"

namespace kvsim::planner {

void write_plan_html(std::ostream& out, const Plan& plan, const WhatIf& what_if) {
  std::ostringstream data;
  JsonWriter json(data, 0);
  add_plan(json, plan, what_if);
  sim::write_page(out, "plan of " + plan.problem.name, data.str(),
                  std::string(kPlanMoneyScript) + kPlanServiceScript + kPlanSearchScript + kPlanChecksScript +
                      kPlanNotesScript + kPlanScript);
}

}  // namespace kvsim::planner
