// SPDX-License-Identifier: Apache-2.0
// Which profiles run for a request, and what their picks are for.
//   single-profile-handler, data-parallel-profile-handler   the one profile (ranks are endpoints of their
//   own) disagg-profile-handler   the decode profile; then, where its decider says so, the prefill profile.
//   Without
//                            a decider, or where the prefill profile finds none or picks the same endpoint,
//                            the request is prefilled where it decodes [K]
//   header-profile-handler   the profile that header headerName names; else defaultProfile
#pragma once

#include <optional>
#include <string>

#include "sim/routing/plugin_registry.h"
#include "sim/routing/scheduling_profile.h"

namespace kvsim::sim {

struct Targets {
  EndpointId decode = 0;
  std::optional<EndpointId> prefill;
};

class ProfileHandler : public virtual Plugin {
 public:
  // Nothing: no endpoint is left. What is picked first stands in `call` for later profiles.
  virtual std::optional<Targets> pick(RoutingCall& call, ProfileRuns& profiles) = 0;
};

class SingleProfileHandler final : public ProfileHandler {
 public:
  SingleProfileHandler(const PluginSettings& settings, PluginSet& set);  // InputError: not one profile
  std::optional<Targets> pick(RoutingCall& call, ProfileRuns& profiles) override;

 private:
  std::string profile_;
};

class DisaggregatedProfileHandler final : public ProfileHandler {
 public:
  DisaggregatedProfileHandler(const PluginSettings& settings, PluginSet& set);  // InputError: no such profile
  std::optional<Targets> pick(RoutingCall& call, ProfileRuns& profiles) override;

 private:
  std::string decode_, prefill_;
  PrefillDecider* decider_;
};

class HeaderProfileHandler final : public ProfileHandler {
 public:
  HeaderProfileHandler(const PluginSettings& settings, PluginSet& set);  // InputError: no such profile
  std::optional<Targets> pick(RoutingCall& call, ProfileRuns& profiles) override;

 private:
  std::string header_, default_;
};

}  // namespace kvsim::sim
