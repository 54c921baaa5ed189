// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/router_names.h"

#include <algorithm>

#include "sim/scenario/epp_parameters.h"

namespace kvsim::sim {
namespace {

using enum RouterFamily;

void add_load_balancers(std::vector<RouterPolicy>& policies) {
  policies.push_back({"random", "a replica drawn for each request"});
  policies.push_back(
      {"random-per-connection", "a replica drawn for each TCP connection, as a Kubernetes ClusterIP does"});
  policies.push_back({"round-robin", "replicas in turn"});
  policies.push_back({"least-request", "the replica with the fewest requests in flight"});
  policies.push_back({"power-of-two", "the less busy of two replicas drawn at random"});
  policies.push_back({"session-hash", "always the same replica for a session"});
}

void add_rivals(std::vector<RouterPolicy>& policies) {
  policies.push_back({"dynamo-kv",
                      "Dynamo's KV router: least of prefill blocks that no cache holds plus decode blocks",
                      kRival,
                      {epp::number("prefill_load_scale", "1"), epp::number("overlap_weight", "1"),
                       epp::number("temperature", "0", {0, 1e6}), epp::flag("track_output_blocks", "false"),
                       epp::whole("block_tokens", "16", {1, 1e6})}});
  policies.push_back(
      {"sglang-cache-aware",
       "SGLang's router: longest prefix in a tree of texts, unless loads are uneven",
       kRival,
       {epp::share("cache_threshold", "0.3"), epp::number("balance_abs_threshold", "64"),
        epp::number("balance_rel_threshold", "1.5"), epp::whole("max_tree_size", "67108864", {1, 1e15}),
        epp::duration("eviction_interval", "60s"),
        epp::number("characters_per_token", "4", {0, 1e3, true})}});
  policies.push_back(
      {"mooncake-conductor",
       "Mooncake's conductor: least expected time to first token, with the transfer of prefixes",
       kRival,
       {epp::number("balancing_threshold", "2", {1, 1e9}), epp::duration("transfer_start", "22ms"),
        epp::duration("transfer_per_token", "0.0000043s"), epp::flag("early_rejection", "false")}});
  policies.push_back({"lmetric",
                      "least of uncached tokens times requests in flight plus one",
                      kRival,
                      {epp::whole("block_tokens", "16", {1, 1e6})}});
  policies.push_back(
      {"oracle", "least time to first token by the true state of every replica: a bound", kRival});
}

void add_presets(std::vector<RouterPolicy>& policies) {
  const std::vector<std::pair<const char*, const char*>> presets{
      {"chart-default", "prefix 3, queue 2, KV usage 2: what the charts of llm-d set up"},
      {"approximate-blend", "prefix 3, KV usage 2, queue 2 over an approximate index"},
      {"legacy-blend", "guides of v0.3 to v0.8: prefix 3, queue 2, KV usage 2, no-hit LRU 2"},
      {"token-aware", "guides since v0.9: prefix affinity, then fewest uncached tokens in flight"},
      {"active-aware", "prefix affinity, then fewest requests in flight"},
      {"precise", "an index fed by the engines' KV events"},
      {"tiered", "two indexes, one for the GPU's cache and one for host memory's"},
      {"pd", "prefill and decode apart, always"},
      {"wide-ep", "prefill and decode apart for wide expert parallelism"},
      {"predicted-latency", "headroom under the promises by predicted latencies"},
      {"flow-control", "requests wait in the router, by priority and flow"},
  };
  for (const auto& [name, what] : presets) policies.push_back({name, what, kPreset});
}

}  // namespace

const std::vector<RouterPolicy>& router_policies() {
  static const std::vector<RouterPolicy> policies = [] {
    std::vector<RouterPolicy> all;
    add_load_balancers(all);
    add_rivals(all);
    add_presets(all);
    return all;
  }();
  return policies;
}

const RouterPolicy* find_router_policy(std::string_view name) {
  if (name == "k8s") name = "random-per-connection";
  const auto& all = router_policies();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const RouterPolicy& policy) { return policy.name == name; });
  return found == all.end() ? nullptr : &*found;
}

std::vector<std::string> valid_router_policies() {
  std::vector<std::string> names;
  for (const RouterPolicy& policy : router_policies()) names.push_back(policy.name);
  names.emplace_back("k8s");
  names.emplace_back(kEppPolicy);
  return names;
}

}  // namespace kvsim::sim
