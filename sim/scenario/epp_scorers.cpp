// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/epp_parameters.h"

namespace kvsim::sim::epp {
namespace {

using enum PluginKind;

constexpr const char* kNoAdapters = "requests name no adapter, so all endpoints score the same";
constexpr const char* kNoMedia = "requests hold text only, so all endpoints score the same";
constexpr const char* kOneProfile = "a session is bound to the endpoint that it was sent to";

}  // namespace

std::vector<PluginParameter> session_affinity() {
  return {choice("strategy", "encoded-endpoint-header",
                 {{"encoded-endpoint-header", {"encodedEndpoint", "endpointHeader", "header"}},
                  {"session-id", {"sessionIdHeader", "session"}}}),
          duration("sessionIdConfig.idleTTL", "300s"),
          duration("sessionIdConfig.sweepInterval", "10s"),
          ignored("sessionIdConfig", "a request's session stands for the header"),
          ignored("encodedEndpointHeaderConfig", "clients send back the header that they were given"),
          ignored("profileName", kOneProfile)};
}

void add_scorers(std::vector<PluginType>& types) {
  types.push_back({"queue-scorer", {kScorer}});
  types.push_back({"running-requests-size-scorer", {kScorer}, {}, {}, {"running-queue-size-scorer"}});
  types.push_back({"kv-cache-utilization-scorer", {kScorer}, {}, {}, {"kv-cache-scorer"}});
  types.push_back({"load-aware-scorer", {kScorer}, {whole("threshold", "128", {1, 1e9})}});
  types.push_back({"active-request-scorer",
                   {kScorer},
                   {whole("idleThreshold", "0"), share("maxBusyScore", "1"), load_producer(),
                    ignored("requestTimeout", "every request ends, so no count is left behind")}});
  types.push_back({"token-load-scorer",
                   {kScorer},
                   {whole("queueThresholdTokens", "4194304", {1, kManyTokensOrBlocks}), load_producer(),
                    prefix_producer_if_any()}});
  types.push_back({std::string(kPrefixScorer),
                   {kScorer},
                   {prefix_producer(), share("matchLengthWeight", "0"),
                    number("matchLengthScaleTokens", "8192", {0, kManyTokensOrBlocks, true})}});
  types.push_back({"no-hit-lru-scorer",
                   {kScorer},
                   {whole("lruSize", "1024", {1, 1e9}),
                    with_other_keys(prefix_producer(), {"prefixPluginName", "prefixPluginType"})}});
  types.push_back({"session-affinity-scorer", {kScorer}, session_affinity()});
  types.push_back({"lora-affinity-scorer", {kScorer}, {}, kNoAdapters});
  types.push_back({"context-length-aware",
                   {kScorer, kFilter},
                   {text("label", "llm-d.ai/context-length-range"), flag("enableFiltering", "false")}});
  types.push_back({"latency-scorer",
                   {kScorer},
                   {number("ttftWeight", "0.8"), number("tpotWeight", "0.2"),
                    choice("headroomSelectionStrategy", "least", {{"least", {}}, {"most", {}}}),
                    number("compositeKVWeight", "1"), number("compositeQueueWeight", "1"),
                    number("compositePrefixWeight", "1"), latency_producer(), prefix_producer_if_any()}});
  types.push_back({"topology-affinity-scorer",
                   {kScorer},
                   {plugin("topologyProducerName", {kExtractor}, "topology-extractor")}});
  types.push_back({"header-label-affinity-scorer", {kScorer}, {text("headerName"), text("labelKey")}});
  types.push_back({"mm-embeddings-cache-scorer", {kScorer}, {}, kNoMedia});
  types.push_back(
      {"endpoint-attribute-scorer",
       {kScorer},
       {choice("attributeKey", "waiting", endpoint_metrics()),
        choice("algorithm", "lower-is-better",
               {{"lower-is-better", {"lower", "linear-lower-is-better", "linear-descending"}},
                {"higher-is-better", {"higher", "linear-higher-is-better", "linear-ascending", "linear"}}}),
        choice("normalization", "adaptive", {{"adaptive", {"adaptiveRange"}}, {"fixed", {"fixedRange"}}}),
        number("fixedRange.min", "0"), number("fixedRange.max", "1"),
        ignored("adaptiveRange", "the range is that of the candidates"),
        ignored("producer", "attributes are the metrics of the endpoint")}});
  types.push_back({"lmetric-scorer", {kScorer}, {load_producer(), prefix_producer()}});
}

}  // namespace kvsim::sim::epp
