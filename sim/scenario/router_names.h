// SPDX-License-Identifier: Apache-2.0
// The one list of router policies by name: the fleet reader checks against it, the factory of sim/routing has
// one router for each that is no preset.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/epp_plugins.h"

namespace kvsim::sim {

enum class RouterFamily {
  kLoadBalancer,  // of Kubernetes and gateways
  kRival,         // of other serving stacks, and the oracle
  kPreset         // an EndpointPickerConfig of sim/routing/presets/NAME.yaml
};

struct RouterPolicy {
  std::string name;
  std::string what;  // one line for help and docs
  RouterFamily family = RouterFamily::kLoadBalancer;
  std::vector<PluginParameter> parameters = {};  // that `router.parameters` may hold
};

const std::vector<RouterPolicy>& router_policies();
const RouterPolicy* find_router_policy(std::string_view name);
// All that `router.policy` may be: the names above, `epp` and `k8s` (random-per-connection).
std::vector<std::string> valid_router_policies();

inline constexpr const char* kEppPolicy = "epp";

}  // namespace kvsim::sim
