// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/text.h"
#include "sim/scenario/epp_config.h"
#include "sim/scenario/parameters_yaml.h"
#include "sim/scenario/read_disaggregation.h"
#include "sim/scenario/read_router.h"
#include "sim/scenario/router_cost.h"
#include "sim/scenario/router_names.h"
#include "sim/scenario/yaml_text.h"

namespace kvsim::sim {
namespace {

std::string policy_yaml(const RouterSettings& router) {
  if (router.epp) {
    return fmt::format("  policy: {}\n  epp_config:\n", kEppPolicy) + epp_yaml(*router.epp, "    ");
  }
  return fmt::format("  policy: {}\n  parameters: {}\n", router.policy,
                     parameters_yaml(find_router_policy(router.policy)->parameters, router.parameters));
}

std::string rules_yaml(const std::vector<PoolRule>& rules) {
  if (rules.empty()) return "  rules: []\n";
  std::string text = "  rules:\n";
  for (const PoolRule& rule : rules) {
    std::vector<std::string> pools;
    for (const std::string& pool : rule.pools) pools.push_back(yaml_text(pool));
    text += fmt::format(
        "    - {{slo_class: {}, tenant: {}, pools: [{}], spill_at_in_flight: {}, spill_at_kv_usage: {}}}\n",
        yaml_text(rule.slo_class), yaml_text(rule.tenant), join(pools, ", "),
        yaml_number(rule.spill_at_in_flight), yaml_number(rule.spill_at_kv_usage));
  }
  return text;
}

}  // namespace

std::string router_yaml(const RouterSettings& router) {
  return "router:  # times in seconds\n" + policy_yaml(router) +
         fmt::format(
             "  version: {}\n  site: {}\n  replicas: {}\n  scrape_every: {}\n  event_lag: {}\n  cost: {}\n",
             yaml_text(router.version), yaml_text(router.site), router.replicas,
             yaml_number(router.scrape_seconds), yaml_number(router.event_lag_seconds),
             router_cost_yaml(router.cost)) +
         rules_yaml(router.rules) + "  disaggregation: " + disaggregation_yaml(router.disaggregation) + "\n";
}

}  // namespace kvsim::sim
