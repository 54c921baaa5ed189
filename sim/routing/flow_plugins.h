// SPDX-License-Identifier: Apache-2.0
// Finding flow control's policies among the plugins of a configuration.
#pragma once

#include <string>
#include <vector>

#include "sim/scenario/router_settings.h"

namespace kvsim::sim {

// InputError where no plugin has this name.
const PluginSettings& plugin_named(const EppSettings& settings, const std::string& name);

// Place of the plugin's type among `types`; InputError that lists them where it is another one. `what` is the
// kind of policy ("fairness policy").
std::size_t type_among(const PluginSettings& plugin, const char* what, const std::vector<std::string>& types);

}  // namespace kvsim::sim
