// SPDX-License-Identifier: Apache-2.0
// Parameters as YAML, as read_parameters.h reads them.
#pragma once

#include <string>
#include <vector>

#include "sim/scenario/epp_plugins.h"
#include "sim/scenario/router_settings.h"

namespace kvsim::sim {

// "{idleThreshold: 0, sessionIdConfig: {idleTTL: 300s}}"; every one of `known` that has an effect.
std::string parameters_yaml(const std::vector<PluginParameter>& known, const Parameters& parameters);

}  // namespace kvsim::sim
