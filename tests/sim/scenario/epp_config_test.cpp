// SPDX-License-Identifier: Apache-2.0
// What an EndpointPickerConfig is read as. Run with KVSIM_UPDATE_EXPECTED=1 to write the golden files anew.
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/files.h"
#include "tests/sim/scenario/epp_inputs.h"

namespace kvsim::sim {
namespace {

std::string example(const std::string& name) {
  return std::string(KVSIM_SOURCE_DIR) + "/examples/routing/epp/" + name + ".yaml";
}

struct Golden {
  const char* name;
  const char* version;
};

class EppExamples : public ::testing::TestWithParam<Golden> {};

TEST_P(EppExamples, are_read_as_the_golden_file_says) {
  const auto [name, version] = GetParam();
  const ReadEpp epp = epp_of_file(example(name), version);
  ASSERT_TRUE(epp.config) << epp.problems;
  std::string text = epp_yaml(epp.config->settings, "");
  const std::string folder = std::string(KVSIM_SOURCE_DIR) + "/";
  for (const Validity& note : epp.notes)
    text += "# " + note.what.substr(folder.size()) + ": " + note.reason + "\n";
  const std::string golden =
      std::string(KVSIM_SOURCE_DIR) + "/tests/sim/scenario/data/epp/" + name + ".expected.yaml";
  if (std::getenv("KVSIM_UPDATE_EXPECTED") != nullptr) write_file(golden, text);
  EXPECT_EQ(text, read_file(golden));
}

TEST_P(EppExamples, are_written_back_as_the_same) {
  const auto [name, version] = GetParam();
  const ReadEpp epp = epp_of_file(example(name), version);
  ASSERT_TRUE(epp.config) << epp.problems;
  const std::string text = epp_yaml(epp.config->settings, "");
  const ReadEpp again = epp_of(text, version);
  ASSERT_TRUE(again.config) << again.problems;
  EXPECT_EQ(epp_yaml(again.config->settings, ""), text);
}

INSTANTIATE_TEST_SUITE_P(All, EppExamples,
                         ::testing::Values(Golden{"aggregate", "v0.6"}, Golden{"precise", ""},
                                           Golden{"precise-old-names", "v0.7"}, Golden{"pd", "v0.8"},
                                           Golden{"flow-control-values", ""},
                                           Golden{"predicted-latency", ""}));

const std::string kQueue = "plugins: [{type: queue-scorer}]\n";

TEST(EppConfig, the_router_adds_what_is_not_said) {
  const ReadEpp epp = epp_with(kQueue);
  ASSERT_TRUE(epp.config) << epp.problems;
  const EppSettings& settings = epp.config->settings;
  ASSERT_EQ(settings.profiles.size(), 1u);
  ASSERT_EQ(settings.profiles[0].uses.size(), 2u);
  EXPECT_EQ(settings.plugins[settings.profiles[0].uses[1].plugin].type, "max-score-picker");
  EXPECT_EQ(settings.profile_handler, "single-profile-handler");
  EXPECT_EQ(settings.saturation_detector, "utilization-detector");
  EXPECT_FALSE(settings.flow_control.enabled);
}

TEST(EppConfig, a_prefix_scorer_gets_the_approximate_index) {
  const ReadEpp epp = epp_with("plugins: [{type: prefix-cache-scorer}]\n");
  EXPECT_EQ(plugin_of(epp, "prefix-cache-scorer").parameters.text("prefixMatchInfoProducerName"),
            "approx-prefix-cache-producer");
  const Parameters& index = plugin_of(epp, "approx-prefix-cache-producer").parameters;
  EXPECT_TRUE(index.flag("autoTune"));
  EXPECT_EQ(index.number("minBlockSizeTokens"), 64);
  EXPECT_EQ(index.number("maxPrefixTokensToMatch"), 131072);
}

TEST(EppConfig, defaults_are_those_of_the_version) {
  const ReadEpp old = epp_with("plugins: [{type: prefix-cache-scorer}]\n", "v0.6");
  const Parameters& characters = plugin_of(old, "prefix-cache-scorer/index").parameters;
  EXPECT_FALSE(characters.flag("autoTune"));
  EXPECT_EQ(characters.number("maxPrefixBlocksToMatch"), 256);
  EXPECT_EQ(characters.number("minBlockSizeTokens"), 1);
  const ReadEpp later = epp_with("plugins: [{type: prefix-cache-scorer}]\n", "v0.8.1");
  EXPECT_EQ(plugin_of(later, "prefix-cache-scorer/index").parameters.number("maxPrefixBlocksToMatch"), 2048);
}

// 64 characters are 16 tokens at 4 characters a token.
TEST(EppConfig, a_block_of_characters_is_a_quarter_as_many_tokens) {
  const ReadEpp epp = epp_with("plugins: [{type: prefix-cache-scorer, parameters: {hashBlockSize: 64}}]\n");
  const Parameters& index = plugin_of(epp, "prefix-cache-scorer/index").parameters;
  EXPECT_EQ(index.number("blockSizeTokens"), 16);
  EXPECT_EQ(index.number("minBlockSizeTokens"), 1);
}

TEST(EppConfig, the_old_precise_scorer_is_a_scorer_over_the_precise_index) {
  const ReadEpp epp = epp_with(
      "plugins: [{name: p, type: precise-prefix-cache-scorer, parameters: {tokenProcessorConfig: {blockSize: "
      "64}}}]\n");
  EXPECT_EQ(plugin_of(epp, "p").type, "prefix-cache-scorer");
  EXPECT_EQ(plugin_of(epp, "p/index").type, "precise-prefix-cache-producer");
  EXPECT_EQ(plugin_of(epp, "p/index").parameters.number("tokenProcessorConfig.blockSize"), 64);
}

TEST(EppConfig, one_type_may_be_declared_under_two_names) {
  const ReadEpp epp = epp_with(
      "plugins: [{name: a, type: active-request-scorer}, {name: b, type: active-request-scorer, parameters: "
      "{idleThreshold: 4}}]\n");
  EXPECT_EQ(plugin_of(epp, "a").parameters.number("idleThreshold"), 0);
  EXPECT_EQ(plugin_of(epp, "b").parameters.number("idleThreshold"), 4);
}

TEST(EppConfig, lists_of_maps_are_flattened) {
  const ReadEpp epp = epp_with(
      "plugins: [{type: utilization-filter, parameters: {conditions: [{metric: kvCacheUsage, max: 0.9}, "
      "{metric: active, threshold: 32}]}}]\n");
  const Parameters& filter = plugin_of(epp, "utilization-filter").parameters;
  EXPECT_EQ(filter.number("conditions.count"), 2);
  EXPECT_EQ(filter.text("conditions.0.metric"), "kv");
  EXPECT_EQ(filter.number("conditions.0.threshold"), 0.9);
  EXPECT_EQ(filter.text("conditions.1.metric"), "active");
}

TEST(EppConfig, what_has_no_effect_is_listed_with_its_reason) {
  const ReadEpp epp = epp_with(
      "featureGates: [dataLayer]\nfuture: 1\nparser: {pluginRef: p}\n"
      "plugins:\n  - {name: p, type: openai-parser}\n"
      "  - {type: queue-scorer, parameters: {speed: 3}}\n"
      "  - {type: active-request-scorer, parameters: {requestTimeout: 2m}}\n"
      "  - {type: lora-affinity-scorer}\n"
      "  - {type: random-picker, shade: blue}\n"
      "schedulingProfiles: [{name: d, plugins: [{pluginRef: queue-scorer}, {pluginRef: "
      "lora-affinity-scorer}, "
      "{pluginRef: random-picker, weight: 3}]}]\n"
      "flowControl: {maxRequests: 5}\n");
  ASSERT_TRUE(epp.config) << epp.problems;
  for (const char* note :
       {"the gate 'dataLayer'", "epp.yaml:4: future: no such key", "parser: requests need no parsing",
        "epp.yaml:8: plugins[1].parameters.speed: no such key", "requestTimeout: every request ends",
        "lora-affinity-scorer: requests name no adapter", "plugins[4].shade: no such key",
        "active-request-scorer: declared, but nothing refers to it",
        "weight: 'random-picker' gives no scores", "flowControl: means nothing without"}) {
    EXPECT_TRUE(epp.notes_that(note)) << note;
  }
  EXPECT_EQ(epp.config->settings.profiles[0].uses.size(), 2u);
}

TEST(EppConfig, bands_are_sorted_and_take_what_they_leave_out_from_the_default_of_their_sign) {
  const ReadEpp epp =
      epp_with("featureGates: [flowControl]\n" + kQueue +
               "flowControl:\n  defaultPriorityBand: {maxRequests: 2k, maxBytes: 1Gi}\n"
               "  defaultNegativePriorityBand: {maxRequests: 7}\n"
               "  priorityBands: [{priority: -3}, {priority: 4, orderingPolicyRef: edf-ordering-policy}]\n");
  ASSERT_TRUE(epp.config) << epp.problems;
  const FlowControlSettings& flow = epp.config->settings.flow_control;
  ASSERT_EQ(flow.bands.size(), 2u);
  EXPECT_EQ(flow.bands[0].priority, 4);
  EXPECT_EQ(flow.bands[0].max_requests, 2000);
  EXPECT_EQ(flow.bands[0].max_bytes, 1024.0 * 1024 * 1024);
  EXPECT_EQ(flow.bands[0].ordering, "edf-ordering-policy");
  EXPECT_EQ(flow.bands[1].max_requests, 7);
  EXPECT_EQ(flow.bands[1].ordering, "fcfs-ordering-policy");
  EXPECT_EQ(flow.bands[1].fairness, "global-strict-fairness-policy");
}

TEST(EppConfig, the_old_handler_hands_every_prefill_over_and_the_new_one_none_without_a_decider) {
  const std::string profiles =
      "schedulingProfiles: [{name: prefill, plugins: [{pluginRef: prefill-filter}]}, {name: decode, plugins: "
      "[{pluginRef: decode-filter}]}]\n";
  const auto plugins = [](const std::string& handler) {
    return "plugins: [{name: h, type: " + handler + "}, {type: prefill-filter}, {type: decode-filter}]\n";
  };
  const ReadEpp old = epp_with(plugins("pd-profile-handler") + profiles);
  EXPECT_EQ(plugin_of(old, "h").parameters.text("deciders.prefill"), "always-disagg-pd-decider");
  const ReadEpp today = epp_with(plugins("disagg-profile-handler") + profiles);
  EXPECT_EQ(plugin_of(today, "h").parameters.text("deciders.prefill"), "");
  EXPECT_TRUE(today.notes_that("no decider is declared"));
}

TEST(EppConfig, loads_in_flight_count_cached_tokens_where_there_is_an_index) {
  const ReadEpp without = epp_with("plugins: [{type: token-load-scorer}]\n");
  EXPECT_EQ(plugin_of(without, "inflight-load-producer").parameters.text("prefixMatchInfoProducerName"), "");
  const ReadEpp with = epp_with("plugins: [{type: token-load-scorer}, {type: prefix-cache-scorer}]\n");
  EXPECT_EQ(plugin_of(with, "inflight-load-producer").parameters.text("prefixMatchInfoProducerName"),
            "approx-prefix-cache-producer");
}

TEST(EppConfig, a_predictor_is_added_only_where_it_is_asked) {
  const auto has_predictor = [](const std::string& source) {
    const ReadEpp epp = epp_with(
        "plugins: [{type: prefix-cache-affinity-filter, parameters: {ttftSource: " + source + "}}]\n");
    const PluginSettings& filter = plugin_of(epp, "prefix-cache-affinity-filter");
    return !filter.parameters.text("predictedLatencyProducerName").empty();
  };
  EXPECT_FALSE(has_predictor("in-flight-tokens"));
  EXPECT_TRUE(has_predictor("predictor"));
}

TEST(EppPlaces, a_map_or_text_at_any_depth_is_found) {
  const std::string flow =
      "{apiVersion: llm-d.ai/v1alpha1, kind: EndpointPickerConfig, plugins: [{type: queue-scorer}]}";
  EXPECT_TRUE(epp_of("a: {b: [{c: " + flow + "}]}\n").config);
  EXPECT_TRUE(epp_of("data:\n  epp.yaml: '" + flow + "'\n").config);
  EXPECT_TRUE(epp_of("kind: ConfigMap\n---\ndata: {x: \"" + flow + "\"}\n").config);
}

TEST(EppPlaces, of_several_one_has_to_be_chosen) {
  const std::string flow =
      "'{apiVersion: llm-d.ai/v1alpha1, kind: EndpointPickerConfig, plugins: [{type: queue-scorer}]}'";
  const std::string two = "  pluginsCustomConfig: {a.yaml: " + flow + ", b.yaml: " + flow + "}\n";
  const ReadEpp open = epp_of("inferenceExtension:\n" + two);
  EXPECT_FALSE(open.config);
  EXPECT_NE(open.problems.find("inferenceExtension.pluginsCustomConfig.a.yaml"), std::string::npos)
      << open.problems;
  EXPECT_TRUE(epp_of("inferenceExtension:\n  pluginsConfigFile: b.yaml\n" + two).config);
}

TEST(EppPlaces, lines_inside_text_are_those_of_the_file) {
  const ReadEpp epp = epp_of(
      "values:\n  epp.yaml: |\n    apiVersion: llm-d.ai/v1alpha1\n    kind: EndpointPickerConfig\n"
      "    plugins:\n      - type: queue-score\n");
  EXPECT_NE(epp.problems.find("epp.yaml:6"), std::string::npos) << epp.problems;
  EXPECT_NE(epp.problems.find("values.epp.yaml.plugins[0].type"), std::string::npos) << epp.problems;
}

}  // namespace
}  // namespace kvsim::sim
