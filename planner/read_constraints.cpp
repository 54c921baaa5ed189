// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "planner/read_parts.h"

namespace kvsim::planner {
namespace {

const std::vector<std::string> kSpares{"nothing", "node", "rack", "site"};  // by Spare

void read_spare(Fields& fields, std::string_view key, std::vector<Spare>& spare) {
  for (const std::string& name : fields.texts(key)) {
    const auto found = std::find(kSpares.begin(), kSpares.end(), name);
    if (found == kSpares.end()) {
      fields.problem(key, fmt::format("found \"{}\"", shortened(name)), valid_names_remedy(name, kSpares));
      continue;
    }
    const auto lost = static_cast<Spare>(found - kSpares.begin());
    if (lost != Spare::kNothing && std::find(spare.begin(), spare.end(), lost) == spare.end())
      spare.push_back(lost);
  }
  std::sort(spare.begin(), spare.end());
}

void read_all_spare(Fields& root, Fields& fields, ProblemReading& reading) {
  std::vector<Spare>& spare = reading.problem.constraints.spare;
  read_spare(fields, "spare", spare);
  read_spare(root, "availability", spare);
  if (root.has("availability") && fields.has("spare"))
    root.problem("availability", "says the same as constraints.spare", "keep one of them");
  if (!root.has("availability") && !fields.has("spare")) reading.defaults.tell(fields, "spare", "nothing");
}

void read_objective_map(Fields fields, Objective& objective) {
  objective.tco = fields.number("tco", {0, 1e6}, 0.0);
  objective.capex = fields.number("capex", {0, 1e6}, 0.0);
  objective.per_watt = fields.number("per_watt", kMoney, 0.0);
  objective.per_carbon_kg = fields.number("per_carbon_kg", kMoney, 0.0);
  fields.finish();
  if (objective.tco + objective.capex + objective.per_watt + objective.per_carbon_kg <= 0)
    fields.problem("", "nothing weighs anything", "give one weight above 0, such as tco: 1");
}

void read_objective(Fields& root, ProblemReading& reading) {
  Objective& objective = reading.problem.objective;
  const Node* node = root.raw("objective");
  if (node != nullptr && node->is_map()) return read_objective_map(root.map("objective"), objective);
  const std::string what = root.choice("objective", {"tco", "capex", "power", "carbon"}, "tco");
  if (node == nullptr || node->is_null()) reading.defaults.tell(root, "objective", "tco");
  objective = {.tco = what == "tco" ? 1.0 : 0.0,
               .capex = what == "capex" ? 1.0 : 0.0,
               .per_watt = what == "power" ? 1.0 : 0.0,
               .per_carbon_kg = what == "carbon" ? 1.0 : 0.0};
}

}  // namespace

void read_constraints(Fields& root, ProblemReading& reading) {
  Constraints& constraints = reading.problem.constraints;
  Fields fields = root.map("constraints");
  constraints.tco = fields.maybe_number("tco", kMoney);
  constraints.capex = fields.maybe_number("capex", kMoney);
  constraints.opex_per_year = fields.maybe_number("opex_per_year", kMoney);
  constraints.watts = read_watts(fields, "watts");
  constraints.carbon_kg_per_year = fields.maybe_number("carbon_kg_per_year", {});
  constraints.vendor_share = fields.maybe_number("vendor_share", {0, 1, true});
  if (const auto vendors = fields.maybe_integer("vendors", {1, 100}))
    constraints.vendors = static_cast<std::uint32_t>(*vendors);
  constraints.refused_vendors = fields.texts("refused_vendors");
  read_all_spare(root, fields, reading);
  fields.finish();
  read_objective(root, reading);
}

}  // namespace kvsim::planner
