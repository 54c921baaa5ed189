// SPDX-License-Identifier: Apache-2.0
#include "planner/slo_of.h"

#include "planner/fleet_parts.h"

namespace kvsim::planner {
namespace {

std::string class_of_tenant(const Problem& problem, const std::string& tenant) {
  for (const Node& entry : problem.tenants.items) {
    const Node* name = entry.find("name");
    const Node* slo_class = entry.find("slo_class");
    if (name != nullptr && slo_class != nullptr && name->scalar == tenant) return slo_class->scalar;
  }
  return "";
}

}  // namespace

const SloPlan& slo_of(const Problem& problem, const std::string& slo_class, const std::string& tenant) {
  static const SloPlan none{"", {{}, 0, {}}, {}, 0, {}};
  const std::string meant = slo_class.empty() ? class_of_tenant(problem, tenant) : slo_class;
  for (const SloPlan& slo : problem.slos)
    if (label_of(slo) == (meant.empty() ? kOnlyClass : meant)) return slo;
  return meant.empty() && problem.slos.size() == 1 ? problem.slos.front() : none;
}

std::string label_of(const SloPlan& slo) { return slo.name.empty() ? kOnlyClass : slo.name; }

}  // namespace kvsim::planner
