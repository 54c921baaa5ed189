// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/flow_plugins.h"

#include <algorithm>

#include "base/errors.h"
#include "base/text.h"

namespace kvsim::sim {
namespace {

[[noreturn]] void unknown(const std::string& what, const std::string& name,
                          const std::vector<std::string>& valid) {
  throw InputError(
      {{{}, "flowControl", "there is no " + what + " '" + name + "'", valid_names_remedy(name, valid)}});
}

}  // namespace

const PluginSettings& plugin_named(const EppSettings& settings, const std::string& name) {
  std::vector<std::string> names;
  for (const PluginSettings& plugin : settings.plugins) {
    if (plugin.name == name) return plugin;
    names.push_back(plugin.name);
  }
  unknown("plugin", name, names);
}

std::size_t type_among(const PluginSettings& plugin, const char* what,
                       const std::vector<std::string>& types) {
  const auto found = std::find(types.begin(), types.end(), plugin.type);
  if (found == types.end()) unknown(what, plugin.type, types);
  return static_cast<std::size_t>(found - types.begin());
}

}  // namespace kvsim::sim
