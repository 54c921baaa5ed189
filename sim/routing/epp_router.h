// SPDX-License-Identifier: Apache-2.0
// The endpoint picker of llm-d-router (2026-08), as an EndpointPickerConfig puts it together. For one
// request:
//   shedding   without flow control a request of priority < 0 is refused while the pool is saturated
//   producers  in an order in which each finds what it reads
//   admitters  any of them may refuse
//   profiles   as the profile handler runs them (sim/routing/profile_handlers.h, scheduling_profile.h)
//   hooks      every plugin learns where the request goes
// Candidates are those of the request and no others.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/routing/in_flight_load_producer.h"
#include "sim/routing/p2p_source_producer.h"
#include "sim/routing/plugin_registry.h"
#include "sim/routing/profile_handlers.h"
#include "sim/routing/router.h"

namespace kvsim::sim {

class EppRouter final : public Router {
 public:
  // `settings` (with `epp`) and `endpoints` outlive it. InputError: a profile handler that does not fit the
  // profiles, a profile without a picker, plugins that refer to each other in a circle.
  EppRouter(const RouterSettings& settings, const std::vector<Endpoint>& endpoints, std::uint64_t seed);

  Decision route(const RouteRequest& request, const RouterView& view, Explanation* explanation) override;
  void cache_event(EndpointId endpoint, const CacheEvent& event, Nanoseconds now) override;
  void endpoint_gone(EndpointId endpoint) override;
  RouterNeeds needs() const override;
  double saturation(const RouterView& view) override;
  bool saturation_ages(const Signals& signals) const override;

 private:
  bool admits(const RoutingCall& call);
  Ticket ticket_for(const RouteRequest& request, const Targets& targets) const;
  void on_first_token(const Ticket& ticket, Nanoseconds now) override;
  void on_ended(const Ticket& ticket, Nanoseconds now) override;

  bool sheds_;
  PluginSet plugins_;
  ProfileRuns::Profiles profiles_;
  ProfileHandler* handler_;
  SaturationDetector* detector_;
  std::vector<Admitter*> admitters_;
  const InFlightLoadProducer* load_;
  const PrefixProducer* prefix_;
  const P2pSourceProducer* peers_;
  RandomStream random_;
};

}  // namespace kvsim::sim
