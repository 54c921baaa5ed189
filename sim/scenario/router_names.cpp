// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/router_names.h"

namespace kvsim::sim {

const std::vector<RouterPolicy>& router_policies() {
  static const std::vector<RouterPolicy> policies{
      {"random", "a replica drawn for each request", {}},
      {"random-per-connection",
       "a replica drawn for each TCP connection, as a Kubernetes ClusterIP does",
       {}},
      {"round-robin", "replicas in turn", {}},
      {"least-request", "the replica with the fewest requests in flight", {}},
      {"power-of-two", "the less busy of two replicas drawn at random", {}},
      {"pd-round-robin", "prefill replicas in turn, and decode replicas in turn", {}},
      {"session-hash", "always the same replica for a session", {}},
  };
  return policies;
}

std::vector<std::string> valid_router_policies() {
  std::vector<std::string> names;
  for (const RouterPolicy& policy : router_policies()) names.push_back(policy.name);
  return names;
}

}  // namespace kvsim::sim
