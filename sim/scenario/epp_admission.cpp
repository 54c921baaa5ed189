// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/epp_parameters.h"

namespace kvsim::sim::epp {
namespace {

using enum PluginKind;

PluginParameter queue_depth() { return number("queueDepthThreshold", "5", {0, 1e9, true}); }
PluginParameter kv_usage() { return number("kvCacheUtilThreshold", "0.8", {0, 1, true}); }

void add_detectors(std::vector<PluginType>& types) {
  types.push_back({"utilization-detector",
                   {kDetector, kFilter},
                   {queue_depth(), kv_usage(), duration("metricsStalenessThreshold", "200ms"),
                    number("headroom", "0", {0, 1e6})}});
  types.push_back({"concurrency-detector",
                   {kDetector, kFilter},
                   {whole("maxConcurrency", "100", {1, 1e9}),
                    whole("maxTokenConcurrency", "1000000", {1, kManyTokensOrBlocks}),
                    choice("concurrencyMode", "requests",
                           {{"requests", {"request"}}, {"tokens", {"token"}}, {"hybrid", {}}}),
                    number("headroom", "0", {0, 1e6}), load_producer()}});
  types.push_back({"probabilistic-admitter",
                   {kAdmitter},
                   {queue_depth(), kv_usage(), number("power", "5"), number("k", "300")}});
  types.push_back({"latency-slo-admitter", {kAdmitter}, {latency_producer()}});
}

void add_policies(std::vector<PluginType>& types) {
  types.push_back({"global-strict-fairness-policy", {kFairness}});
  types.push_back({"round-robin-fairness-policy", {kFairness}});
  types.push_back(
      {"program-aware-fairness",
       {kFairness},
       {choice("strategy", "las", {{"las", {"leastAttainedService"}}}), number("lasWeightService", "1"),
        number("lasWeightHeadWait", "0"), number("lasHalfLifeSeconds", "60", {0, 1e9, true})},
       {},
       {"program-aware-fairness-policy"}});
  for (const char* name : {"fcfs-ordering-policy", "edf-ordering-policy", "slo-deadline-ordering-policy"})
    types.push_back({name, {kOrdering}});
  types.push_back({"static-usage-limit-policy", {kUsageLimit}, {number("threshold", "1", {0, 1e6})}});
  types.push_back({"priority-holdback-policy",
                   {kUsageLimit},
                   {number("minCeiling", "0.5", {0, 1e6}), number("maxCeiling", "1", {0, 1e6}),
                    choice("shape", "linear", {{"linear", {}}}), choice("domain", "rank", {{"rank", {}}})}});
  types.push_back({"soft-reflective-ceiling-policy", {kUsageLimit}});
  types.push_back({"sheddable-eviction-filter", {kEviction}});
  types.push_back({"priority-then-time-eviction-order-policy", {kEviction}});
}

}  // namespace

void add_admission(std::vector<PluginType>& types) {
  add_detectors(types);
  add_policies(types);
}

void add_without_effect(std::vector<PluginType>& types) {
  for (const char* name : {"openai-parser", "anthropic-parser", "vllmgrpc-parser", "vllmhttp-parser",
                           "sglanghttp-parser", "passthrough-parser", "vertexai-parser"})
    types.push_back({name, {kOther}, {}, "requests need no parsing"});
  types.push_back({"request-attribute-reporter", {kOther}, {}, "it reports and routes nothing"});
  types.push_back({"agent-identity", {kOther}, {}, "flows are the tenants of the workload"});
  types.push_back({"local-syncer",
                   {kOther},
                   {},
                   "replicas of the router keep their counters and approximate indexes to themselves"});
  types.push_back({"disaggregatedset-rollout-screener", {kOther}, {}, "no rollout takes place"});
  types.push_back(
      {"multicluster-*", {kOther}, {}, "the fleet is one cluster; sites and rules say what spills where"});
}

}  // namespace kvsim::sim::epp
