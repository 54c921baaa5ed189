// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/epp_parameters.h"

namespace kvsim::sim::epp {
namespace {

using enum PluginKind;

constexpr const char* kNoMedia = "requests hold text only";
constexpr const char* kEventChannel = "events reach the index as the fleet's router.event_lag says";

// Before v0.7 blocks of 64 characters, 256 of a prompt; before v0.9 as many blocks of 16 tokens as stand
// here; since, blocks of at least 64 tokens up to a number of tokens.
PluginType approximate_index() {
  return {std::string(kApproximateIndex),
          {kPrefixProducer},
          {with_earlier(flag("autoTune", "true"), {{{0, 7}, "false"}}),
           with_other_keys(whole("blockSizeTokens", "16", {1, 1e6}), {"blockSize"}),
           with_earlier(whole("minBlockSizeTokens", "64", {1, 1e6}), {{{0, 9}, "1"}}),
           with_earlier(whole("maxPrefixBlocksToMatch", "0"), {{{0, 7}, "256"}, {{0, 9}, "2048"}}),
           with_earlier(whole("maxPrefixTokensToMatch", "131072"), {{{0, 9}, "0"}}),
           whole("lruCapacityPerServer", "31250", {1, kManyTokensOrBlocks})}};
}

PluginType precise_index() {
  return {std::string(kPreciseIndex),
          {kPrefixProducer},
          {with_other_keys(
               whole("tokenProcessorConfig.blockSize", "16", {1, 1e6}),
               {"indexerConfig.tokenProcessorConfig.blockSize", "tokenProcessorConfig.blockSizeTokens"}),
           whole("indexerConfig.kvBlockIndexConfig.inMemoryConfig.size", "100000000", {1, 1e15}),
           whole("indexerConfig.kvBlockIndexConfig.inMemoryConfig.podCacheSize", "10", {1, 1e6}),
           with_other_keys(maps("indexerConfig.kvCacheBackendConfigs", {text("name"), share("weight", "1")},
                                "[{name: gpu, weight: 1}, {name: cpu, weight: 0.8}]"),
                           {"indexerConfig.kvBlockScorerConfig.backendConfigs"}),
           flag("speculativeIndexing", "false"), duration("speculativeTTL", "2s"),
           ignored("tokenProcessorConfig", "hashes of blocks are exact"),
           ignored("indexerConfig.tokenProcessorConfig", "hashes of blocks are exact"),
           ignored("indexerConfig.tokenizersPoolConfig", "tokens are known; what they cost is router.cost"),
           ignored("indexerConfig.prefixStoreConfig", "tokens are known"),
           ignored("indexerConfig.kvBlockIndexConfig", "the index is in the router's memory"),
           ignored("indexerConfig.kvBlockScorerConfig.scoringStrategy", "the longest prefix counts"),
           ignored("kvEventsConfig", kEventChannel)}};
}

PluginType burst_index() {
  return {"burst-prefix-cache-producer",
          {kPrefixProducer},
          {whole("windowDurationMs", "100", {0, 1e6}), whole("maxPerReplica", "0"),
           whole("blockSizeTokens", "64", {1, 1e6}), whole("maxPrefixTokensToMatch", "131072"),
           whole("minColocateBlocks", "1"), whole("maxBatchSize", "0"),
           choice("balanceBy", "requests", {{"requests", {"requestCount", "count"}}, {"tokens", {}}})}};
}

}  // namespace

void add_producers(std::vector<PluginType>& types) {
  types.push_back(approximate_index());
  types.push_back(precise_index());
  types.push_back(burst_index());
  types.push_back({"inflight-load-producer",
                   {kLoadProducer},
                   {flag("addEstimatedOutputTokens", "false"), number("outputRatio", "1.5"),
                    whole("maxEstimatedOutputTokens", "0"), prefix_producer_if_any()}});
  types.push_back(
      {"predicted-latency-producer",
       {kLatencyProducer},
       {number("sloBufferFactor", "1"), flag("streamingMode", "true"), flag("predictInProduce", "true"),
        number("predictionError", "0.1", {0, 10}), prefix_producer_if_any(), load_producer(),
        ignored("samplingMean", "predictions come from the step times, not from training"),
        ignored("maxSampledTokens", "predictions come from the step times, not from training"),
        ignored("endpointRoleLabel", "roles are those of the pools")}});
  types.push_back({"p2p-source-producer", {kProducer}, {}, "replicas pull no prefixes from each other"});
  types.push_back(
      {"session-id-producer", {kProducer}, {}, "a request's session stands for its header or cookie"});
  types.push_back({"token-producer",
                   {kProducer},
                   {},
                   "tokens are known; what tokenising costs is router.cost",
                   {"tokenizer"}});
  types.push_back({"mm-embeddings-cache-producer", {kProducer}, {}, kNoMedia});
}

void add_data_sources(std::vector<PluginType>& types) {
  types.push_back({"metrics-data-source",
                   {kDataSource},
                   {duration("interval", "50ms"), ignored("scheme", "metrics are read directly"),
                    ignored("path", "metrics are read directly"),
                    ignored("insecureSkipVerify", "metrics are read directly")}});
  types.push_back({"core-metrics-extractor", {kExtractor}, {}, "metrics are vLLM's gauges"});
  types.push_back(
      {"topology-extractor",
       {kExtractor},
       {text("hostname", "kubernetes.io/hostname"), text("rack", "topology.kubernetes.io/rack"),
        text("zone", "topology.kubernetes.io/zone"), text("region", "topology.kubernetes.io/region")}});
  const char* const kEndpoints = "endpoints are those of the fleet";
  for (const char* name : {"models-data-source", "endpoint-notification-source", "k8s-notification-source"})
    types.push_back({name, {kDataSource}, {}, kEndpoints});
  types.push_back({"models-data-extractor", {kExtractor}, {}, kEndpoints});
  types.push_back({"file-discovery", {kDataSource}, {}, kEndpoints});
  const char* const kDcgm = "nothing is routed by counters of the accelerator";
  types.push_back({"dcgm-data-source", {kDataSource}, {}, kDcgm});
  types.push_back({"dcgm-extractor", {kExtractor}, {}, kDcgm});
}

}  // namespace kvsim::sim::epp
