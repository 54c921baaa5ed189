// SPDX-License-Identifier: Apache-2.0
// Is the table of plugin types whole and sound?
#include <gtest/gtest.h>

#include <set>

#include "base/files.h"
#include "sim/scenario/read_parameters.h"

namespace kvsim::sim {
namespace {

TEST(EppPlugins, every_type_of_the_router_is_known) {
  for (const char* name : {"queue-scorer",
                           "running-requests-size-scorer",
                           "kv-cache-utilization-scorer",
                           "load-aware-scorer",
                           "active-request-scorer",
                           "token-load-scorer",
                           "prefix-cache-scorer",
                           "no-hit-lru-scorer",
                           "session-affinity-scorer",
                           "lora-affinity-scorer",
                           "context-length-aware",
                           "latency-scorer",
                           "topology-affinity-scorer",
                           "header-label-affinity-scorer",
                           "mm-embeddings-cache-scorer",
                           "endpoint-attribute-scorer",
                           "lmetric-scorer",
                           "decode-filter",
                           "prefill-filter",
                           "encode-filter",
                           "label-selector-filter",
                           "by-label",
                           "by-label-selector",
                           "utilization-filter",
                           "endpoint-attribute-filter",
                           "prefix-cache-affinity-filter",
                           "slo-headroom-tier-filter",
                           "session-affinity-filter",
                           "topology-affinity-filter",
                           "max-score-picker",
                           "weighted-random-picker",
                           "random-picker",
                           "single-profile-handler",
                           "disagg-profile-handler",
                           "pd-profile-handler",
                           "data-parallel-profile-handler",
                           "header-profile-handler",
                           "prefix-based-pd-decider",
                           "always-disagg-pd-decider",
                           "always-disagg-multimodal-decider",
                           "disagg-headers-handler",
                           "prefill-header-handler",
                           "approx-prefix-cache-producer",
                           "precise-prefix-cache-producer",
                           "burst-prefix-cache-producer",
                           "inflight-load-producer",
                           "predicted-latency-producer",
                           "p2p-source-producer",
                           "session-id-producer",
                           "token-producer",
                           "tokenizer",
                           "mm-embeddings-cache-producer",
                           "metrics-data-source",
                           "core-metrics-extractor",
                           "models-data-source",
                           "models-data-extractor",
                           "endpoint-notification-source",
                           "k8s-notification-source",
                           "dcgm-data-source",
                           "dcgm-extractor",
                           "topology-extractor",
                           "file-discovery",
                           "utilization-detector",
                           "concurrency-detector",
                           "probabilistic-admitter",
                           "latency-slo-admitter",
                           "global-strict-fairness-policy",
                           "round-robin-fairness-policy",
                           "program-aware-fairness",
                           "fcfs-ordering-policy",
                           "edf-ordering-policy",
                           "slo-deadline-ordering-policy",
                           "static-usage-limit-policy",
                           "priority-holdback-policy",
                           "soft-reflective-ceiling-policy",
                           "sheddable-eviction-filter",
                           "priority-then-time-eviction-order-policy",
                           "openai-parser",
                           "anthropic-parser",
                           "vllmgrpc-parser",
                           "vllmhttp-parser",
                           "sglanghttp-parser",
                           "passthrough-parser",
                           "vertexai-parser",
                           "request-attribute-reporter",
                           "agent-identity",
                           "local-syncer",
                           "disaggregatedset-rollout-screener",
                           "multicluster-anything",
                           "kv-cache-scorer"}) {
    EXPECT_NE(find_plugin_type(name), nullptr) << name;
  }
  EXPECT_EQ(find_plugin_type("multicluste"), nullptr);
}

TEST(EppPlugins, no_name_means_two_types) {
  std::set<std::string> names;
  for (const PluginType& type : plugin_types()) {
    EXPECT_TRUE(names.insert(type.name).second) << type.name;
    for (const std::string& old : type.old_names) EXPECT_TRUE(names.insert(old).second) << old;
    EXPECT_FALSE(type.kinds.empty()) << type.name;
  }
}

TEST(EppPlugins, every_default_of_every_version_is_a_value) {
  for (const PluginType& type : plugin_types()) {
    for (const RouterVersion version : {RouterVersion{0, 3}, RouterVersion{0, 8}, kNewestRouter}) {
      Problems problems;
      ParameterReader reader(type.parameters, version, problems);
      reader.read({});
      EXPECT_TRUE(problems.empty()) << type.name << ": " << to_string(problems.all().front());
    }
  }
}

TEST(EppPlugins, what_a_reference_means_exists) {
  for (const PluginType& type : plugin_types()) {
    for (const PluginParameter& parameter : type.parameters) {
      if (parameter.standard_type.empty()) continue;
      const PluginType* standard = find_plugin_type(parameter.standard_type);
      ASSERT_NE(standard, nullptr) << parameter.standard_type;
      EXPECT_TRUE(standard->is(parameter.refers_to.front())) << type.name << ' ' << parameter.key;
    }
  }
}

TEST(EppPlugins, the_documentation_has_every_type_and_parameter) {
  const std::string text = read_file(std::string(KVSIM_SOURCE_DIR) + "/docs/router-config.md");
  const auto is_told = [&](const std::string& name) {
    return text.find("`" + name + "`") != std::string::npos;
  };
  for (const PluginType& type : plugin_types()) {
    EXPECT_TRUE(is_told(type.name)) << type.name;
    for (const std::string& old : type.old_names) EXPECT_TRUE(is_told(old)) << old;
    for (const PluginParameter& parameter : type.parameters)
      EXPECT_TRUE(is_told(parameter.key)) << type.name << ' ' << parameter.key;
  }
}

TEST(RouterVersions, are_read_as_images_are_tagged) {
  EXPECT_EQ(parse_router_version("v0.8"), (RouterVersion{0, 8}));
  EXPECT_EQ(parse_router_version("0.8.1"), (RouterVersion{0, 8}));
  EXPECT_EQ(parse_router_version("v0.9.0-rc.1"), (RouterVersion{0, 9}));
  EXPECT_EQ(parse_router_version(""), kNewestRouter);
  for (const char* bad : {"v", "0", "0.", "latest", "v0.x", "-1.2", "0.8x"})
    EXPECT_EQ(parse_router_version(bad), std::nullopt) << bad;
}

}  // namespace
}  // namespace kvsim::sim
