// SPDX-License-Identifier: Apache-2.0
// Makes the plugins of an EndpointPickerConfig. A plugin finds those that it reads by name, or takes the
// first of their kind; what is found is made first, so that the order of making is one in which data can be
// produced. Types that do nothing in a simulation make no plugin.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "sim/routing/plugin.h"

namespace kvsim::sim {

class InFlightLoadProducer;
class P2pSourceProducer;

class PluginSet {
 public:
  // `settings` and `endpoints` outlive it. InputError: plugins that refer to each other in a circle.
  PluginSet(const EppSettings& settings, const std::vector<Endpoint>& endpoints, std::uint64_t seed);

  const EppSettings& settings() const { return settings_; }
  const std::vector<Endpoint>& endpoints() const { return endpoints_; }
  // A stream of its own for the plugin of that name.
  RandomStream stream(const std::string& plugin) const { return {seed_, "router/epp/" + plugin}; }

  // The plugin of that name, or with an empty one the first that produces what a T does. nullptr: there is
  // none.
  template <class T>
  T* find(const std::string& name) {
    return dynamic_cast<T*>(name.empty() ? first_of(kinds_of<T>()) : named(name));
  }
  template <class T>
  T* at(std::size_t index) {  // of EppSettings::plugins
    return dynamic_cast<T*>(make(index));
  }
  // All, in the order in which they may produce.
  const std::vector<Plugin*>& in_order() const { return in_order_; }

  // What a type produces for others to read.
  template <class T>
  static constexpr unsigned kinds_of() {
    return unsigned{std::is_base_of_v<PrefixProducer, T>} |
           unsigned{std::is_base_of_v<LatencyProducer, T>} << 1U |
           unsigned{std::is_base_of_v<InFlightLoadProducer, T>} << 2U |
           unsigned{std::is_base_of_v<P2pSourceProducer, T>} << 3U;
  }

 private:
  Plugin* make(std::size_t index);
  Plugin* named(const std::string& name);
  Plugin* first_of(unsigned kinds);

  enum class State : std::uint8_t { kNotMade, kBeingMade, kMade };
  const EppSettings& settings_;
  const std::vector<Endpoint>& endpoints_;
  std::uint64_t seed_;
  std::vector<std::unique_ptr<Plugin>> plugins_;  // as in the settings; nullptr: without effect
  std::vector<State> states_;
  std::vector<Plugin*> in_order_;
};

// Types that make a plugin.
std::vector<std::string> plugin_types_with_effect();

}  // namespace kvsim::sim
