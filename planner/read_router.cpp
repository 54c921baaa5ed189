// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "planner/nodes.h"
#include "planner/read_parts.h"
#include "sim/scenario/role_names.h"

namespace kvsim::planner {
namespace {

constexpr const char* kUsualRouter = "least-request";
constexpr const char* kRouterSource =
    "assumption of kvsim: a load balancer without cost; say which router you run";
constexpr const char* kDisaggregated = "disaggregated_router";
constexpr const char* kDisaggregatedSource =
    "assumption of kvsim: the plainest policy that knows roles; say which router you run";

Node map_at(Fields& root, const char* key) {
  const Node* given = root.raw(key);
  return given != nullptr && given->is_map() ? *given : empty_map();
}

void refuse_rules(Fields& router) {
  if (router.has("rules"))
    router.problem("rules", "name pools, which only the plan makes", "leave them out, or give an epp_config");
}

bool has_policy(const Fields& router) { return router.has("policy") || router.has("epp_config"); }

// An endpoint picker says itself what it knows of roles; of another router, what no policy has to do with.
Node usual_disaggregated(const Node& router) {
  if (router.find("epp_config") != nullptr) return router;
  Node usual = with_keys(router, {"site", "replicas", "disaggregation"});
  put(usual, "policy", text_node(kDisaggregatedRouter));
  return usual;
}

void read_disaggregated(Fields& root, ProblemReading& reading) {
  Problem& problem = reading.problem;
  const Node given = map_at(root, kDisaggregated);
  Fields router = root.map(kDisaggregated);
  refuse_rules(router);
  if (!problem.may_disaggregate()) {
    if (root.has(kDisaggregated))
      root.problem(kDisaggregated, "no engine prefills apart from decode", "give engines a `role`");
    return;
  }
  reading.states_disaggregated_router = root.has(kDisaggregated);
  problem.disaggregated_router = usual_disaggregated(problem.router);
  if (!root.has(kDisaggregated))
    reading.defaults.tell(root, kDisaggregated, flow_text(problem.disaggregated_router),
                          kDisaggregatedSource);
  if (has_policy(router)) problem.disaggregated_router = with_keys(problem.router, {"site"});
  for (const auto& [key, value] : given.members) put(problem.disaggregated_router, key, value);
}

void check_roles(ProblemReading& reading) {
  const Problem& problem = reading.problem;
  if (!problem.may_disaggregate()) return;
  for (const sim::PoolRole role : {sim::PoolRole::kPrefill, sim::PoolRole::kDecode})
    if (!problem.has_role(role))
      reading.problems.add({problem.file}, "engines",
                           fmt::format("no engine has the role `{}`", sim::name(role)),
                           "pools that prefill and pools that decode need each other");
}

}  // namespace

void read_router(Fields& root, ProblemReading& reading) {
  Problem& problem = reading.problem;
  problem.router = map_at(root, "router");
  Fields router = root.map("router");
  refuse_rules(router);
  if (!has_policy(router)) {
    put(problem.router, "policy", text_node(kUsualRouter));
    reading.defaults.tell(router, "policy", kUsualRouter, kRouterSource);
  }
  if (!router.has("site")) {
    put(problem.router, "site", text_node(problem.sites.front().name));
    reading.defaults.tell(router, "site", problem.sites.front().name, "assumption of kvsim: the first site");
  }
  check_roles(reading);
  read_disaggregated(root, reading);
}

}  // namespace kvsim::planner
