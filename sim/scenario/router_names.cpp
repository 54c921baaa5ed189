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
  policies.push_back({"round-robin-per-worker",
                      "in turn within each worker thread of a gateway, as Envoy does",
                      kLoadBalancer,
                      {epp::whole("workers", "4", {1, 1e4})}});
  policies.push_back(
      {"round-robin-per-connection", "each new TCP connection in turn, as kube-proxy does in IPVS mode"});
  policies.push_back({"least-request", "the replica with the fewest requests in flight"});
  policies.push_back({"power-of-two", "the less busy of two replicas drawn at random"});
  policies.push_back({"session-hash", "always the same replica for a session"});
  policies.push_back({"pd-round-robin", "prefill replicas in turn, and decode replicas in turn"});
}

PluginParameter block_tokens() { return epp::whole("block_tokens", "16", {1, 1e6}); }
PluginParameter approximate() { return epp::flag("approximate", "false"); }

void add_rivals(std::vector<RouterPolicy>& policies) {
  policies.push_back({"dynamo-kv",
                      "Dynamo's KV router: least of prefill blocks that no cache holds plus decode blocks",
                      kRival,
                      {epp::number("prefill_load_scale", "1"), epp::number("overlap_weight", "1"),
                       epp::number("temperature", "0", {0, 1e6}), epp::flag("track_output_blocks", "false"),
                       block_tokens(), approximate()}});
  policies.push_back(
      {"sglang-cache-aware",
       "SGLang's router: longest prefix in a tree of texts, unless loads are uneven",
       kRival,
       {epp::share("cache_threshold", "0.3"), epp::number("balance_abs_threshold", "64"),
        epp::number("balance_rel_threshold", "1.5"), epp::whole("max_tree_size", "67108864", {1, 1e15}),
        epp::duration("eviction_interval", "60s"), epp::number("chars_per_token", "4", {0, 1e3, true})}});
  policies.push_back(
      {"mooncake-conductor",
       "Mooncake's Conductor: least expected time to first token; refuses what would miss its limits",
       kRival,
       {epp::number("balancing_threshold", "2", {1, 1e9}), epp::number("transfer_bytes_per_second", "0"),
        epp::number("kv_bytes_per_token", "0"), epp::duration("ttft_limit", "0s"),
        epp::duration("tpot_limit", "0s"), block_tokens(), approximate()}});
  policies.push_back({"lmetric",
                      "least of uncached tokens times requests in flight plus one",
                      kRival,
                      {block_tokens(), approximate()}});
  policies.push_back({"oracle",
                      "least time to first token by the true state of every replica: no real router sees it",
                      kRival});
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
