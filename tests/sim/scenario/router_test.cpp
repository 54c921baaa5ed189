// SPDX-License-Identifier: Apache-2.0
// The `router` block of a fleet.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/data_places.h"
#include "sim/scenario/router_names.h"
#include "tests/own_folder.h"
#include "tests/sim/scenario/inputs.h"

namespace kvsim::sim {
namespace {

Fleet with_router(const std::string& router) { return fleet_of(pool("router: " + router + "\n")); }

TEST(Router, load_balancers_are_free_and_take_round_robin_without_a_word) {
  const RouterSettings router = fleet_of(pool("")).router;
  EXPECT_EQ(router.policy, "round-robin");
  EXPECT_FALSE(router.epp);
  EXPECT_EQ(router.cost.seconds, 0);
  EXPECT_EQ(router.cost.hop_seconds, 0);
  EXPECT_EQ(router.site, "local");
  EXPECT_TRUE(fleet_of(pool("")).validity.size() == with_router("{policy: random}").validity.size());
}

TEST(Router, kubernetes_draws_a_replica_for_each_connection) {
  EXPECT_EQ(with_router("{policy: k8s}").router.policy, "random-per-connection");
}

TEST(Router, every_preset_is_a_file_that_is_read_without_a_note_of_an_unknown_key) {
  std::size_t presets = 0;
  for (const RouterPolicy& policy : router_policies()) {
    if (policy.family != RouterFamily::kPreset) continue;
    ++presets;
    const Fleet fleet = with_router("{policy: " + policy.name + "}");
    EXPECT_EQ(fleet.router.policy, policy.name);
    EXPECT_TRUE(fleet.router.epp) << policy.name;
    EXPECT_FALSE(notes(fleet, "no such key")) << policy.name;
    EXPECT_FALSE(notes(fleet, "nothing refers to it")) << policy.name;
    EXPECT_TRUE(notes(fleet, "router: cost: reported for llm-d-router")) << policy.name;
  }
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(data_directory() + "/sim/routing/presets")) {
    ++files;
    EXPECT_NE(find_router_policy(entry.path().stem().string()), nullptr) << entry.path();
  }
  EXPECT_EQ(presets, files);
}

TEST(Router, what_is_written_back_is_read_as_the_same) {
  std::vector<std::string> routers{
      "{policy: least-request, replicas: 2, version: v0.8}",
      "{policy: dynamo-kv, parameters: {temperature: 0.5, track_output_blocks: true}}",
      "{policy: sglang-cache-aware, parameters: {eviction_interval: 2m}}",
      "{policy: legacy-blend, version: v0.6, scrape_every: 75ms, event_lag: 3ms, cost: {seconds: 2ms, "
      "cores: 2.5, fail_open: true, max_waiting: 9, source: measured}, disaggregation: {lease: 480s, "
      "lease_renewed: false}, rules: [{tenant: t, slo_class: c, pools: [h100-sxm-80], spill_at_in_flight: 8, "
      "spill_at_kv_usage: 0.9}]}"};
  for (const RouterPolicy& policy : router_policies()) routers.push_back("{policy: " + policy.name + "}");
  const std::string more =
      "slo_classes: [{name: c, ttft: 1s, priority: 2, objective_priority: -7}]\ntenants: [{name: t}]\n";
  for (const std::string& router : routers) {
    const std::string text = effective_yaml(fleet_of(pool(more + "router: " + router + "\n")));
    EXPECT_EQ(effective_yaml(fleet_of(text)), text) << router;
  }
}

TEST(Router, an_epp_file_is_looked_up_from_the_fleet_and_may_be_helm_values) {
  const auto folder = own_folder("kvsim_router_test");
  std::filesystem::create_directories(folder);
  std::filesystem::copy_file(std::string(KVSIM_SOURCE_DIR) + "/examples/routing/epp/flow-control-values.yaml",
                             folder / "values.yaml", std::filesystem::copy_options::overwrite_existing);
  std::ofstream(folder / "fleet.yaml") << pool("router: {epp_config: values.yaml}\n");
  const Fleet fleet = load_fleet((folder / "fleet.yaml").string(), shipped());
  EXPECT_EQ(fleet.router.policy, "epp");
  EXPECT_EQ(fleet.router.epp_file, "values.yaml");
  EXPECT_TRUE(fleet.router.epp.value().flow_control.enabled);
  std::filesystem::remove_all(folder);
}

TEST(Router, an_epp_may_stand_inline_and_sets_the_scrape_interval) {
  const std::string epp =
      "{apiVersion: llm-d.ai/v1alpha1, kind: EndpointPickerConfig, plugins: [{type: queue-scorer}, {type: "
      "metrics-data-source, parameters: {interval: 200ms}}]}";
  EXPECT_EQ(with_router("{epp_config: " + epp + "}").router.scrape_seconds, 0.2);
  EXPECT_EQ(with_router("{scrape_every: 1s, epp_config: " + epp + "}").router.scrape_seconds, 1);
}

TEST(Router, costs_that_the_fleet_gives_are_said_to_be_its_own) {
  const Fleet fleet = with_router("{policy: precise, cost: {seconds: 4ms}}");
  EXPECT_EQ(fleet.router.cost.seconds, 0.004);
  EXPECT_EQ(fleet.router.cost.cores, 32);
  EXPECT_TRUE(notes(fleet, "router: cost: the fleet file; what it leaves out: reported"));
  EXPECT_TRUE(notes(with_router("{policy: lmetric}"), "router: cost: taken as 0"));
}

TEST(Router, rivals_have_their_published_defaults) {
  const Parameters sglang = with_router("{policy: sglang-cache-aware}").router.parameters;
  EXPECT_EQ(sglang.number("cache_threshold"), 0.3);
  EXPECT_EQ(sglang.number("balance_rel_threshold"), 1.5);
  EXPECT_EQ(sglang.number("max_tree_size"), 67108864);
  EXPECT_EQ(sglang.number("eviction_interval"), 60);
  EXPECT_FALSE(with_router("{policy: dynamo-kv}").router.parameters.flag("track_output_blocks"));
}

TEST(Router, an_objective_may_have_its_own_priority) {
  const Fleet fleet = fleet_of(pool("slo_classes: [{name: a}, {name: b, objective_priority: 100}]\n"));
  EXPECT_FALSE(fleet.slo_classes[0].objective_priority);
  EXPECT_EQ(fleet.slo_classes[1].objective_priority, 100);
}

TEST(Router, broken_ones_are_refused_with_a_remedy) {
  const std::vector<Broken> all{
      {"unknown policy", "{policy: precice}", "precice", "did you mean 'precise'"},
      {"epp without a file", "{policy: epp}", "without a configuration", "epp_config"},
      {"both", "{policy: random, epp_config: x.yaml}", "stands beside `policy: random`", "keep one"},
      {"no such file", "{epp_config: nowhere.yaml}", "nowhere.yaml", ""},
      {"version", "{version: latest}", "\"latest\"", "v0.8"},
      {"site", "{site: moon}", "unknown site 'moon'", "local"},
      {"replicas", "{replicas: 0}", "\"0\"", "from 1"},
      {"scrapes without end", "{scrape_every: 0}", "less than 1ms", "50ms"},
      {"parameter of nobody", "{policy: random, parameters: {speed: 1}}", "'speed'", "no parameters"},
      {"parameter of another", "{policy: dynamo-kv, parameters: {temprature: 1}}", "'temprature'",
       "did you mean 'temperature'"},
      {"cost without cores", "{cost: {cores: 0}}", "\"0\"", "above 0"},
      {"unknown cost", "{cost: {second: 1}}", "'second'", "seconds"},
      {"rule without pools", "{rules: [{tenant: x}]}", "no pool", "preference"},
      {"rule of strangers", "{rules: [{pools: [gpu]}]}", "unknown pool 'gpu'", "h100-sxm-80"},
      {"rule of no class", "{rules: [{slo_class: c, pools: [h100-sxm-80]}]}", "unknown class 'c'",
       "the fleet has no class"},
      {"unknown lease", "{disaggregation: {leese: 1}}", "'leese'", "lease"},
  };
  for (const Broken& broken : all) {
    const std::string message = problems_of(pool("router: " + broken.yaml + "\n"));
    EXPECT_NE(message.find(broken.found), std::string::npos) << broken.what << ": " << message;
    EXPECT_NE(message.find(broken.remedy), std::string::npos) << broken.what << ": " << message;
  }
}

}  // namespace
}  // namespace kvsim::sim
