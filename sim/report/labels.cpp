// SPDX-License-Identifier: Apache-2.0
#include "sim/report/labels.h"

#include "sim/scenario/model_names.h"

namespace kvsim::sim {
namespace {

constexpr const char* kDefault = "default";

const SloClass* find_class(const Fleet& fleet, const std::string& name) {
  for (const SloClass& slo_class : fleet.slo_classes)
    if (slo_class.name == name) return &slo_class;
  return nullptr;
}

SloMetric metric_of(const std::string& name) {
  if (name == "ttft") return SloMetric::kTtft;
  return name == "tpot" ? SloMetric::kTpot : SloMetric::kE2e;
}

std::vector<Objective> objectives_of(const Fleet& fleet, const std::string& label) {
  std::vector<Objective> objectives;
  if (const SloClass* slo_class = find_class(fleet, label))
    for (const SloObjective& objective : slo_class->objectives)
      objectives.push_back({metric_of(objective.metric), objective.limit_seconds});
  return objectives;
}

}  // namespace

std::string model_label(const Fleet& fleet, const std::string& name) {
  if (name.empty()) return fleet.pools.empty() ? kDefault : fleet.pools.front().model.name;
  for (const Pool& pool : fleet.pools)
    if (is_called(pool.model, name)) return pool.model.name;
  return name;
}

std::string tenant_label(const std::string& name) { return name.empty() ? kDefault : name; }

std::string class_label(const Fleet& fleet, const std::string& name, const std::string& tenant) {
  if (!name.empty()) return name;
  for (const Tenant& known : fleet.tenants)
    if (known.name == tenant && !known.slo_class.empty()) return known.slo_class;
  if (find_class(fleet, kDefault) == nullptr && fleet.slo_classes.size() == 1)
    return fleet.slo_classes.front().name;
  return kDefault;
}

LabelledGroups label_groups(const Fleet& fleet, const traces::Names& names,
                            const std::vector<Group>& groups) {
  LabelledGroups result;
  result.labels = {{}, {}, {}};
  for (const Group& group : groups) {
    const std::string& tenant = names.tenants[group.tenant];
    const std::string slo_class = class_label(fleet, names.slo_classes[group.slo_class], tenant);
    result.groups.push_back(
        {traces::intern(result.labels.models, model_label(fleet, names.models[group.model])),
         traces::intern(result.labels.slo_classes, slo_class),
         traces::intern(result.labels.tenants, tenant_label(tenant))});
  }
  for (const std::string& label : result.labels.slo_classes)
    result.objectives.push_back(objectives_of(fleet, label));
  return result;
}

}  // namespace kvsim::sim
