// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/epp_parameters.h"

namespace kvsim::sim::epp {
namespace {

using enum PluginKind;

PluginParameter fallback_on_empty() { return flag("fallbackOnEmpty", "false"); }

std::vector<PluginParameter> utilization_conditions() {
  return {choice("metric", "waiting", endpoint_metrics()),
          with_other_keys(number("threshold", "0"), {"max", "maxValue", "value", "cap"})};
}

std::vector<PluginParameter> selector_expressions() {
  return {text("key"),
          choice("operator", "In", {{"In", {}}, {"NotIn", {}}, {"Exists", {}}, {"DoesNotExist", {}}}),
          texts("values")};
}

PluginType prefix_cache_affinity() {
  return {
      "prefix-cache-affinity-filter",
      {kFilter},
      {share("affinityThreshold", "0.8"), share("explorationProbability", "0"),
       number("maxTTFTPenaltyMs", "18000"),
       choice("ttftSource", "in-flight-tokens",
              {{"in-flight-tokens", {"estimate", "estimated", "throughput", "inflight", "tokens"}},
               {"predicted-latency", {"predictor", "predicted", "prediction", "latency-predictor"}}}),
       number("peakPrefillThroughput", "15928", {0, 1e12, true}), number("maxTokensInFlightPenalty", "0"),
       prefix_producer(), load_producer(), needed_if(latency_producer(), "ttftSource", "predicted-latency")}};
}

}  // namespace

std::vector<PluginParameter::Choice> endpoint_metrics() {
  return {{"active", {"activeRequests", "inFlight", "inFlightRequests"}},
          {"running",
           {"runningRequests", "runningRequestsSize", "RunningQueueSize", "vllm:num_requests_running"}},
          {"waiting",
           {"waitingRequests", "WaitingQueueSize", "queue", "queueSize", "queueDepth",
            "vllm:num_requests_waiting"}},
          {"kv",
           {"kvCache", "kvCacheUsage", "kvCacheUsagePercent", "kvCacheUtil", "kvCacheUtilization",
            "vllm:kv_cache_usage_perc", "vllm:gpu_cache_usage_perc"}}};
}

void add_filters(std::vector<PluginType>& types) {
  types.push_back({"decode-filter", {kFilter}});
  types.push_back({"prefill-filter", {kFilter}});
  types.push_back({"encode-filter", {kFilter}});
  types.push_back({"label-selector-filter",
                   {kFilter},
                   {labels("matchLabels"), maps("matchExpressions", selector_expressions())},
                   {},
                   {"by-label-selector"}});
  types.push_back(
      {"by-label", {kFilter}, {text("label"), texts("validValues"), flag("allowsNoLabel", "false")}});
  types.push_back({"utilization-filter",
                   {kFilter},
                   {maps("conditions", utilization_conditions()), fallback_on_empty(), load_producer()}});
  types.push_back({"endpoint-attribute-filter",
                   {kFilter},
                   {with_other_keys(choice("attribute", "waiting", endpoint_metrics()), {"attributeKey"}),
                    choice("operator", "lte",
                           {{"lt", {"<", "lessThan"}},
                            {"lte", {"<=", "le", "lessThanOrEqual"}},
                            {"gt", {">", "greaterThan"}},
                            {"gte", {">=", "ge", "greaterThanOrEqual"}},
                            {"eq", {"=", "==", "equal", "equals"}},
                            {"neq", {"!=", "ne", "notEqual"}}}),
                    with_other_keys(number("threshold", "0"), {"value"}),
                    choice("onMissing", "keep",
                           {{"keep", {"pass", "include", "allow"}}, {"drop", {"exclude", "reject"}}}),
                    fallback_on_empty(), load_producer(),
                    ignored("producer", "attributes are the metrics of the endpoint")}});
  types.push_back(prefix_cache_affinity());
  types.push_back(
      {"slo-headroom-tier-filter", {kFilter}, {share("epsilonExploreNeg", "0.01"), latency_producer()}});
  types.push_back({"session-affinity-filter", {kFilter}, session_affinity()});
  types.push_back(
      {"topology-affinity-filter",
       {kFilter},
       {share("minAffinity", "0.05"), plugin("topologyProducerName", {kExtractor}, "topology-extractor")}});
}

}  // namespace kvsim::sim::epp
