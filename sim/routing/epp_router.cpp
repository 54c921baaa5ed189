// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/epp_router.h"

#include "base/errors.h"
#include "sim/routing/admitters.h"

namespace kvsim::sim {
namespace {

ProfileHandler* handler_of(PluginSet& plugins) {
  const std::string& name = plugins.settings().profile_handler;
  if (auto* handler = name.empty() ? nullptr : plugins.find<ProfileHandler>(name)) return handler;
  throw InputError({{{},
                     "plugins",
                     "'" + name + "' is no profile handler",
                     "declare one, such as single-profile-handler"}});
}

}  // namespace

EppRouter::EppRouter(const RouterSettings& settings, const std::vector<Endpoint>& endpoints,
                     std::uint64_t seed)
    : Router(endpoints),
      sheds_(!settings.epp->flow_control.enabled),
      plugins_(*settings.epp, endpoints, seed),
      handler_(handler_of(plugins_)),
      detector_(nullptr),
      load_(plugins_.find<InFlightLoadProducer>("")),
      prefix_(load_ != nullptr ? load_->prefix() : plugins_.find<PrefixProducer>("")),
      peers_(plugins_.find<P2pSourceProducer>("")),
      random_(plugins_.stream("")) {
  if (const std::string& name = settings.epp->saturation_detector; !name.empty())
    detector_ = plugins_.find<SaturationDetector>(name);
  for (const ProfileSettings& profile : settings.epp->profiles)
    profiles_.emplace(profile.name, SchedulingProfile(profile, plugins_));
  for (Plugin* plugin : plugins_.in_order())
    if (auto* admitter = dynamic_cast<Admitter*>(plugin)) admitters_.push_back(admitter);
}

Decision EppRouter::route(const RouteRequest& request, const RouterView& view, Explanation* explanation) {
  RoutingCall call{request, view, endpoints_, in_flight(), random_, {}};
  Decision decision;
  if (!admits(call)) {
    decision.refusal = Refusal::kShed;
    return decision;
  }
  ProfileRuns runs(profiles_, explanation);
  const std::optional<Targets> targets = handler_->pick(call, runs);
  if (!targets) {
    decision.refusal = Refusal::kNoEndpoint;
    return decision;
  }
  call.decode = targets->decode;
  decision.ticket = ticket_for(request, *targets);
  const EndpointId prefills = targets->prefill.value_or(targets->decode);
  decision.predicted_hit_tokens =
      request.input_tokens - static_cast<std::uint32_t>(uncached_tokens(prefix_, request, prefills));
  for (Plugin* plugin : plugins_.in_order()) plugin->dispatched(call, decision.ticket);
  if (peers_ != nullptr) decision.kv_source = peers_->source();
  return decision;
}

bool EppRouter::admits(const RoutingCall& call) {
  if (sheds_ && call.request.priority < 0 && is_shed(call.request.priority, saturation(call.view)))
    return false;
  for (Plugin* plugin : plugins_.in_order()) plugin->produce(call);
  for (Admitter* admitter : admitters_)
    if (!admitter->admits(call)) return false;
  return true;
}

Ticket EppRouter::ticket_for(const RouteRequest& request, const Targets& targets) const {
  Ticket ticket = ticket_of(request);
  ticket.decode = targets.decode;
  ticket.prefill = targets.prefill;
  ticket.uncached_tokens = uncached_tokens(prefix_, request, targets.decode);
  if (targets.prefill) ticket.prefill_uncached_tokens = uncached_tokens(prefix_, request, *targets.prefill);
  if (load_ != nullptr) ticket.estimated_output_tokens = load_->estimated_output_tokens(request);
  return ticket;
}

void EppRouter::cache_event(EndpointId endpoint, const CacheEvent& event, Nanoseconds now) {
  for (Plugin* plugin : plugins_.in_order()) plugin->cache_event(endpoint, event, now);
}

void EppRouter::endpoint_gone(EndpointId endpoint) {
  for (Plugin* plugin : plugins_.in_order()) plugin->endpoint_gone(endpoint);
}

RouterNeeds EppRouter::needs() const {
  RouterNeeds all;
  for (const Plugin* plugin : plugins_.in_order()) {
    const RouterNeeds needs = plugin->needs();
    all.gauges |= needs.gauges;
    all.kv_usage |= needs.kv_usage;
    all.cache_events |= needs.cache_events;
  }
  return all;
}

double EppRouter::saturation(const RouterView& view) {
  return detector_ == nullptr ? 0 : detector_->saturation(view, in_flight());
}

bool EppRouter::saturation_ages(const Signals& signals) const {
  return detector_ != nullptr && detector_->ages(signals);
}

void EppRouter::on_first_token(const Ticket& ticket, Nanoseconds now) {
  for (Plugin* plugin : plugins_.in_order()) plugin->first_token(ticket, now);
}

void EppRouter::on_ended(const Ticket& ticket, Nanoseconds now) {
  for (Plugin* plugin : plugins_.in_order()) plugin->ended(ticket, now);
}

}  // namespace kvsim::sim
