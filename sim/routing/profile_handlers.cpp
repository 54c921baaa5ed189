// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/profile_handlers.h"

#include <algorithm>

#include "base/errors.h"
#include "base/text.h"
#include "sim/routing/request_headers.h"

namespace kvsim::sim {
namespace {

bool has_profile(const PluginSet& set, const std::string& name) {
  const std::vector<ProfileSettings>& profiles = set.settings().profiles;
  return std::any_of(profiles.begin(), profiles.end(),
                     [&](const ProfileSettings& profile) { return profile.name == name; });
}

const std::string& existing_profile(const PluginSet& set, const std::string& plugin,
                                    const std::string& name) {
  if (has_profile(set, name)) return name;
  std::vector<std::string> names;
  for (const ProfileSettings& profile : set.settings().profiles) names.push_back(profile.name);
  throw InputError({{{},
                     "plugins." + plugin,
                     "plugin '" + plugin + "' asks for a scheduling profile '" + name + "'",
                     valid_names_remedy(name, names)}});
}

std::optional<Targets> only_decode(std::optional<EndpointId> pick) {
  if (!pick) return {};
  return Targets{*pick, {}};
}

}  // namespace

SingleProfileHandler::SingleProfileHandler(const PluginSettings& settings, PluginSet& set) {
  const std::vector<ProfileSettings>& profiles = set.settings().profiles;
  if (profiles.size() != 1)
    throw InputError({{{},
                       "plugins." + settings.name,
                       "plugin '" + settings.name + "' runs one scheduling profile; there are " +
                           std::to_string(profiles.size()),
                       "keep one, or use a handler of several, such as disagg-profile-handler"}});
  profile_ = profiles.front().name;
}

std::optional<Targets> SingleProfileHandler::pick(RoutingCall& call, ProfileRuns& profiles) {
  return only_decode(profiles.run(profile_, call));
}

DisaggregatedProfileHandler::DisaggregatedProfileHandler(const PluginSettings& settings, PluginSet& set)
    : decode_(existing_profile(set, settings.name, settings.parameters.text("profiles.decode"))),
      prefill_(settings.parameters.text("profiles.prefill")) {
  const std::string& decider = settings.parameters.text("deciders.prefill");
  decider_ = decider.empty() ? nullptr : set.find<PrefillDecider>(decider);
  if (decider_ != nullptr) existing_profile(set, settings.name, prefill_);
}

std::optional<Targets> DisaggregatedProfileHandler::pick(RoutingCall& call, ProfileRuns& profiles) {
  call.decode = profiles.run(decode_, call);
  std::optional<Targets> targets = only_decode(call.decode);
  if (!targets || decider_ == nullptr || !decider_->disaggregates(call)) return targets;
  targets->prefill = profiles.run(prefill_, call);
  if (targets->prefill == targets->decode) targets->prefill.reset();
  return targets;
}

HeaderProfileHandler::HeaderProfileHandler(const PluginSettings& settings, PluginSet& set)
    : header_(settings.parameters.text("headerName")),
      default_(existing_profile(set, settings.name, settings.parameters.text("defaultProfile"))) {}

std::optional<Targets> HeaderProfileHandler::pick(RoutingCall& call, ProfileRuns& profiles) {
  const std::string named = header(call.request, header_);
  return only_decode(profiles.run(profiles.has(named) ? named : default_, call));
}

}  // namespace kvsim::sim
