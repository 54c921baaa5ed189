// SPDX-License-Identifier: Apache-2.0
// What reports call the models, classes and tenants that requests name.
#pragma once

#include <vector>

#include "sim/metrics/groups.h"
#include "sim/metrics/summary.h"
#include "sim/scenario/fleet.h"
#include "traces/request.h"

namespace kvsim::sim {

struct LabelledGroups {
  traces::Names labels;
  std::vector<Group> groups;                       // indices into `labels`
  std::vector<std::vector<Objective>> objectives;  // by class index of `labels`
};

// A model is called by its card's name, whatever alias a request used; no name is the first pool's model. A
// request without class has its tenant's class, else the fleet's class `default`, else the fleet's only
// class, else none, which is called `default`. A request without tenant belongs to `default`.
LabelledGroups label_groups(const Fleet& fleet, const traces::Names& names, const std::vector<Group>& groups);

std::string model_label(const Fleet& fleet, const std::string& name);
std::string tenant_label(const std::string& name);
std::string class_label(const Fleet& fleet, const std::string& name, const std::string& tenant);

}  // namespace kvsim::sim
