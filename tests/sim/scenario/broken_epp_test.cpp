// SPDX-License-Identifier: Apache-2.0
// Every broken EndpointPickerConfig is refused with its place and what to do about it.
#include <gtest/gtest.h>

#include <regex>

#include "tests/sim/scenario/epp_inputs.h"
#include "tests/sim/scenario/inputs.h"

namespace kvsim::sim {
namespace {

const std::string kScorers = "plugins: [{type: queue-scorer}, {type: max-score-picker}]\n";

std::string profile(const std::string& plugins) {
  return kScorers + "schedulingProfiles: [{name: d, plugins: [" + plugins + "]}]\n";
}

std::string parameters(const std::string& type, const std::string& given) {
  return "plugins: [{type: " + type + ", parameters: {" + given + "}}]\n";
}

std::string flow(const std::string& given) {
  return "featureGates: [flowControl]\n" + kScorers + "flowControl: {" + given + "}\n";
}

std::vector<Broken> broken_epps() {
  return {
      {"no plugins", "schedulingProfiles: []\n", "plugins: missing", "declare"},
      {"plugins no list", "plugins: 4\n", "found \"4\"", "list of maps"},
      {"no type", "plugins: [{name: x}]\n", "type: missing", "add the key"},
      {"unknown type", "plugins: [{type: queue-scorr}]\n", "'queue-scorr'", "did you mean 'queue-scorer'"},
      {"a type of nobody", "plugins: [{type: zzzzz}]\n", "'zzzzz'", "weighted-random-picker"},
      {"declared twice", "plugins: [{type: queue-scorer}, {type: queue-scorer}]\n", "second plugin",
       "`name`"},
      {"reference to nothing", profile("{pluginRef: queue}"), "no plugin is named 'queue'", "queue-scorer"},
      {"reference without a name", profile("{weight: 2}"), "pluginRef: missing", "add the key"},
      {"reference to a detector as picker",
       "plugins: [{type: utilization-detector}]\nsaturationDetector: {pluginRef: nope}\n", "'nope'",
       "utilization-detector"},
      {"scorer as detector", kScorers + "saturationDetector: {pluginRef: queue-scorer}\n",
       "is a scorer, no saturation detector", "declare a saturation detector"},
      {"negative weight", profile("{pluginRef: queue-scorer, weight: -1}"), "\"-1\"", "from 0"},
      {"weight is a word", profile("{pluginRef: queue-scorer, weight: much}"), "\"much\"", "number"},
      {"NaN weight", profile("{pluginRef: queue-scorer, weight: .nan}"), ".nan", "number"},
      {"two pickers", profile("{pluginRef: max-score-picker}, {pluginRef: max-score-picker}"),
       "second picker", "keep one"},
      {"two profiles of a name",
       kScorers + "schedulingProfiles: [{name: d, plugins: []}, {name: d, plugins: []}]\n", "second time",
       "own name"},
      {"two profiles and no handler",
       kScorers + "schedulingProfiles: [{name: d, plugins: []}, {name: e, plugins: []}]\n",
       "no profile handler", "disagg-profile-handler"},
      {"two handlers", "plugins: [{type: single-profile-handler}, {name: x, type: single-profile-handler}]\n",
       "second profile handler", "keep one"},
      {"single handler of two profiles",
       "plugins: [{type: single-profile-handler}]\nschedulingProfiles: [{name: d}, {name: e}]\n",
       "beside 2 scheduling profiles", "keep one profile"},
      {"no decode profile",
       "plugins: [{type: disagg-profile-handler}]\nschedulingProfiles: [{name: decod}]\n",
       "no scheduling profile is named 'decode'", "decod"},
      {"no prefill profile",
       "plugins: [{type: disagg-profile-handler}, {type: always-disagg-pd-decider}]\n"
       "schedulingProfiles: [{name: decode}]\n",
       "no scheduling profile is named 'prefill'", "decode"},
      {"number out of range", parameters("prefix-cache-affinity-filter", "affinityThreshold: 1.5"), "\"1.5\"",
       "from 0 to 1"},
      {"not whole", parameters("no-hit-lru-scorer", "lruSize: 1.5"), "\"1.5\"", "whole number"},
      {"no flag", parameters("approx-prefix-cache-producer", "autoTune: maybe"), "\"maybe\"",
       "true or false"},
      {"no duration", parameters("utilization-detector", "metricsStalenessThreshold: soon"), "\"soon\"",
       "200ms"},
      {"unknown choice", parameters("concurrency-detector", "concurrencyMode: both"), "\"both\"", "hybrid"},
      {"unknown metric", parameters("utilization-filter", "conditions: [{metric: heat, threshold: 1}]"),
       "\"heat\"", "waiting"},
      {"unknown key of a condition", parameters("utilization-filter", "conditions: [{metrik: kv}]"),
       "'metrik'", "leave it out"},
      {"conditions no list", parameters("utilization-filter", "conditions: {metric: kv}"), "found a map",
       "list of maps"},
      {"labels no map", parameters("label-selector-filter", "matchLabels: [a]"), "found a list", "map"},
      {"parameters no map", "plugins: [{type: queue-scorer, parameters: [1]}]\n", "found no map", "map"},
      {"producer that is none",
       "plugins: [{type: prefix-cache-scorer, parameters: {prefixMatchInfoProducerName: what}}]\n", "'what'",
       "`plugins`"},
      {"producer of another kind",
       "plugins: [{type: queue-scorer}, {type: prefix-cache-scorer, parameters: "
       "{prefixMatchInfoProducerName: "
       "queue-scorer}}]\n",
       "'queue-scorer' is a scorer", "declare a producer"},
      {"no quantity", flow("maxBytes: lots"), "\"lots\"", "1Gi"},
      {"no TTL", flow("defaultRequestTTL: 1 fortnight"), "fortnight", "duration"},
      {"two bands of a priority", flow("priorityBands: [{priority: 1}, {priority: 1}]"), "second band",
       "its own"},
      {"band without priority", flow("priorityBands: [{maxRequests: 1}]"), "priority: missing",
       "add the key"},
      {"unknown fairness", flow("priorityBands: [{priority: 1, fairnessPolicyRef: fair}]"), "'fair'",
       "global-strict-fairness-policy"},
      {"detectors in contradiction",
       "featureGates: [flowControl]\nplugins: [{type: utilization-detector}, {type: concurrency-detector}]\n"
       "saturationDetector: {pluginRef: utilization-detector}\n"
       "flowControl: {saturationDetector: {pluginRef: concurrency-detector}}\n",
       "at the top", "keep one"},
      {"interval of nothing", parameters("metrics-data-source", "interval: 0s"), "interval of 0", "50ms"},
  };
}

TEST(BrokenEpps, each_is_refused_with_its_place_and_a_remedy) {
  const std::regex place("epp\\.yaml:[0-9]+(.|\\n)*");
  for (const Broken& broken : broken_epps()) {
    const ReadEpp epp = epp_with(broken.yaml);
    EXPECT_FALSE(epp.config) << broken.what;
    EXPECT_NE(epp.problems.find(broken.found), std::string::npos) << broken.what << ": " << epp.problems;
    EXPECT_NE(epp.problems.find(broken.remedy), std::string::npos) << broken.what << ": " << epp.problems;
    EXPECT_TRUE(std::regex_match(epp.problems, place)) << broken.what << ": " << epp.problems;
  }
}

TEST(BrokenEpps, other_documents_are_refused) {
  EXPECT_NE(
      epp_of("apiVersion: v1\nkind: EndpointPickerConfig\nplugins: []\n").problems.find("llm-d.ai/v1alpha1"),
      std::string::npos);
  EXPECT_NE(epp_of("kind: Pod\n").problems.find("no EndpointPickerConfig"), std::string::npos);
  EXPECT_NE(epp_of("x: |\n  kind: EndpointPickerConfig\n  plugins: [\n").problems.find("not valid YAML"),
            std::string::npos);
}

TEST(BrokenEpps, all_problems_are_told_at_once) {
  const ReadEpp epp = epp_with(
      "plugins:\n  - {type: queue-scor}\n  - {type: load-aware-scorer, parameters: {threshold: -1}}\n"
      "schedulingProfiles:\n  - name: d\n    plugins: [{pluginRef: nothing}]\n"
      "saturationDetector: {pluginRef: neither}\n");
  for (const char* place : {"epp.yaml:4", "epp.yaml:5", "epp.yaml:8", "epp.yaml:9"})
    EXPECT_NE(epp.problems.find(place), std::string::npos) << epp.problems;
}

TEST(BrokenEpps, any_truncated_file_is_read_or_refused) {
  const std::string whole =
      "apiVersion: llm-d.ai/v1alpha1\nkind: EndpointPickerConfig\nplugins:\n  - {type: prefix-cache-scorer, "
      "parameters: {hashBlockSize: 64}}\n  - {type: utilization-filter, parameters: {conditions: [{metric: "
      "kv}]}}\n";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    try {
      epp_of(whole.substr(0, size));
    } catch (const InputError&) {
    }
  }
  EXPECT_TRUE(epp_of(whole).config);
}

}  // namespace
}  // namespace kvsim::sim
