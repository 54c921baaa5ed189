// SPDX-License-Identifier: Apache-2.0
#include "planner/nodes.h"
#include "planner/read_parts.h"

namespace kvsim::planner {
namespace {

constexpr const char* kUsualRouter = "least-request";
constexpr const char* kRouterSource =
    "assumption of kvsim: a load balancer without cost; say which router you run";

}  // namespace

void read_router(Fields& root, ProblemReading& reading) {
  Problem& problem = reading.problem;
  const Node* given = root.raw("router");
  const bool has_map = given != nullptr && given->is_map();
  problem.router = has_map ? *given : empty_map();
  Fields router = root.map("router");
  if (router.has("rules"))
    router.problem("rules", "name pools, which only the plan makes", "leave them out, or give an epp_config");
  if (!router.has("policy") && !router.has("epp_config")) {
    put(problem.router, "policy", text_node(kUsualRouter));
    reading.defaults.tell(router, "policy", kUsualRouter, kRouterSource);
  }
  if (!router.has("site")) {
    put(problem.router, "site", text_node(problem.sites.front().name));
    reading.defaults.tell(router, "site", problem.sites.front().name, "assumption of kvsim: the first site");
  }
}

}  // namespace kvsim::planner
