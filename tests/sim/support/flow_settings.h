// SPDX-License-Identifier: Apache-2.0
// Settings of flow control made in code, without files.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sim/routing/router.h"

namespace kvsim::testing {

// Every policy of flow control under its type's name; FCFS, global-strict, ceiling 1, no bands of their own.
inline sim::EppSettings flow_settings() {
  sim::EppSettings settings;
  const auto add = [&](const char* type, std::map<std::string, double> numbers = {}) {
    settings.plugins.push_back({type, type, {std::move(numbers), {}, {}}});
  };
  add("global-strict-fairness-policy");
  add("round-robin-fairness-policy");
  add("program-aware-fairness",
      {{"lasWeightService", 1}, {"lasWeightHeadWait", 0}, {"lasHalfLifeSeconds", 60}});
  add("fcfs-ordering-policy");
  add("edf-ordering-policy");
  add("slo-deadline-ordering-policy");
  add("static-usage-limit-policy", {{"threshold", 1}});
  add("priority-holdback-policy", {{"minCeiling", 0.5}, {"maxCeiling", 1}});
  add("soft-reflective-ceiling-policy");
  sim::FlowControlSettings& flow = settings.flow_control;
  flow.enabled = true;
  flow.usage_limit = "static-usage-limit-policy";
  for (sim::PriorityBand* band : {&flow.default_band, &flow.default_negative_band}) {
    band->fairness = "global-strict-fairness-policy";
    band->ordering = "fcfs-ordering-policy";
  }
  return settings;
}

// A load balancer behind flow control, which no fleet file can ask for; a policy "epp" is what it is.
inline std::unique_ptr<sim::Router> make_router_behind_flow_control(
    const sim::RouterSettings& settings, const std::vector<sim::Endpoint>& endpoints, std::uint64_t seed) {
  sim::RouterSettings own = settings;
  if (own.policy != "epp") own.epp.reset();
  return sim::make_router(own, endpoints, seed);
}

}  // namespace kvsim::testing
