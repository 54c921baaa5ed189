// SPDX-License-Identifier: Apache-2.0
// `router` of a fleet YAML.
#pragma once

#include <string>

#include "base/fields.h"
#include "sim/scenario/resolve_pool.h"

namespace kvsim::sim {

// A load balancer, a rival, a preset or an EndpointPickerConfig (a file, Helm values, or inline), with what
// it costs. `fleet` has its sites, pools, classes and tenants already; notes go to context.validity.
RouterSettings read_router(Fields& root, const Fleet& fleet, FleetContext& context);

// The settings as YAML lines of a fleet, with every default. An EndpointPickerConfig stands inline.
std::string router_yaml(const RouterSettings& router);

}  // namespace kvsim::sim
