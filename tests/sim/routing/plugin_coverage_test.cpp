// SPDX-License-Identifier: Apache-2.0
// Does every plugin type that a configuration may name, and that is said to have an effect, make a plugin?
#include <gtest/gtest.h>

#include <algorithm>

#include "sim/routing/plugin_registry.h"
#include "sim/scenario/epp_plugins.h"

namespace kvsim {
namespace {

using sim::PluginKind;

// Read by flow control, or as settings of the router, not as plugins of the picker.
bool is_read_elsewhere(const sim::PluginType& type) {
  const PluginKind kinds[] = {PluginKind::kFairness, PluginKind::kOrdering,   PluginKind::kUsageLimit,
                              PluginKind::kEviction, PluginKind::kDataSource, PluginKind::kExtractor};
  return std::any_of(std::begin(kinds), std::end(kinds), [&](PluginKind kind) { return type.is(kind); });
}

TEST(PluginCoverage, EveryTypeWithAnEffectMakesAPlugin) {
  const std::vector<std::string> made = sim::plugin_types_with_effect();
  for (const sim::PluginType& type : sim::plugin_types()) {
    if (!type.no_effect.empty() || is_read_elsewhere(type)) continue;
    EXPECT_NE(std::find(made.begin(), made.end(), type.name), made.end()) << type.name;
  }
}

TEST(PluginCoverage, EveryPluginCanBeNamed) {
  for (const std::string& name : sim::plugin_types_with_effect())
    EXPECT_NE(sim::find_plugin_type(name), nullptr) << name;
}

}  // namespace
}  // namespace kvsim
