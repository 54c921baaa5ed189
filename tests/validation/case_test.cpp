// SPDX-License-Identifier: Apache-2.0
// What a case YAML says, and which are refused.
#include "validation/case.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include "tests/own_folder.h"

namespace kvsim::validation {
namespace {

const sim::FleetInputs& shipped() {
  static const sim::FleetInputs inputs = sim::load_fleet_inputs();
  return inputs;
}

std::string folder() {
  const auto path = own_folder("kvsim_case_test");
  std::filesystem::create_directories(path);
  std::ofstream(path / "fleet.yaml") << "model: Qwen3-8B\naccelerator: H200\n";
  std::ofstream(path / "workload.jsonl") << "{}\n";
  return path.string();
}

Case case_of(const std::string& yaml) {
  return read_case(parse_yaml(yaml, folder() + "/case.yaml"), shipped());
}

std::string problems_of(const std::string& yaml) {
  try {
    case_of(yaml);
    return "";
  } catch (const InputError& error) {
    return error.what();
  }
}

const std::string kHead = R"(
name: a-run
source: {title: our own lab, date: 2026-04-25}
fleet: fleet.yaml
workload: workload.jsonl
)";

TEST(Case, figures_come_in_the_metrics_own_unit) {
  const Case run = case_of(kHead + R"(
seed: 7
measured:
  - {metric: ttft_seconds, statistic: p99, value: 250, unit: ms, noise: 0.25}
  - {metric: output_tokens_per_second, value: 1500, stage: 3, source: {title: their log, date: 2026-05-01}}
  - {metric: hit_ratio, value: 36.6, unit: "%"}
)");
  EXPECT_EQ(run.name, "a-run");
  EXPECT_EQ(run.seed, 7u);
  EXPECT_EQ(run.fleet.pools[0].model.name, "Qwen3-8B");
  EXPECT_TRUE(std::filesystem::exists(run.workload));
  ASSERT_EQ(run.figures.size(), 3u);
  EXPECT_DOUBLE_EQ(run.figures[0].value, 0.25);
  EXPECT_EQ(run.figures[0].statistic, "p99");
  EXPECT_EQ(run.figures[0].source, "our own lab");
  EXPECT_FALSE(run.figures[0].stage.has_value());
  EXPECT_EQ(run.figures[1].stage, 3u);
  EXPECT_EQ(run.figures[1].source, "their log");
  EXPECT_DOUBLE_EQ(run.figures[2].value, 0.366);
  EXPECT_TRUE(run.figures[2].compared);
}

TEST(Case, only_chosen_metrics_are_compared) {
  const Case run = case_of(kHead +
                           "measured: [{metric: failed, value: 3}, {metric: completed, value: 97}]\n"
                           "compare: [completed]\n");
  EXPECT_FALSE(run.figures[0].compared);
  EXPECT_TRUE(run.figures[1].compared);
}

TEST(Case, the_fleet_may_stand_inside) {
  const Case run = case_of(
      "name: x\nsource: {title: t, date: 2026-01-01}\nworkload: workload.jsonl\n"
      "fleet: {model: Qwen3-8B, accelerator: MI300X, replicas: 2}\n"
      "measured: [{metric: completed, value: 1}]\n");
  EXPECT_EQ(run.fleet.pools[0].replicas, 2u);
}

TEST(Case, the_schema_knows_the_same_keys_and_metrics) {
  const Document schema = load_json(std::string(KVSIM_SOURCE_DIR) + "/schemas/case.schema.json");
  const std::string root = problems_of(kHead + "measured: [{metric: failed, value: 1}]\nzzz: 1\n");
  const std::string figure = problems_of(kHead + "measured: [{metric: failed, value: 1, zzz: 1}]\n");
  for (const auto& [key, value] : schema.root->find("properties")->members) {
    EXPECT_NE(root.find(key), std::string::npos) << root;
  }
  const Node* properties = schema.root->find("$defs")->find("figure")->find("properties");
  for (const auto& [key, value] : properties->members)
    EXPECT_NE(figure.find(key), std::string::npos) << figure;
  const std::vector<Node>& names = properties->find("metric")->find("enum")->items;
  ASSERT_EQ(names.size(), metrics().size());
  for (const Node& name : names) EXPECT_NE(find_metric(name.scalar), nullptr) << name.scalar;
}

TEST(Case, broken_ones_are_refused_with_a_remedy) {
  const std::string one = "measured: [{metric: completed, value: 1}]\n";
  const std::vector<std::pair<std::string, std::string>> broken{
      {"", ""},
      {kHead, "no figure"},
      {kHead + "measured: [{metric: ttft, value: 1}]\n", "ttft_seconds"},
      {kHead + "measured: [{metric: ttft_seconds, statistic: p42, value: 1}]\n", "p50"},
      {kHead + "measured: [{metric: ttft_seconds, value: 1, unit: hours}]\n", "ms"},
      {kHead + "measured: [{metric: ttft_seconds, value: -1}]\n", "\"-1\""},
      {kHead + "measured: [{metric: ttft_seconds, value: .nan}]\n", "nan"},
      {kHead + "measured: [{metric: ttft_seconds, value: 1e308}]\n", "1e308"},
      {kHead + "measured: [{metric: ttft_seconds}]\n", "missing"},
      {kHead + "measured: [{metric: completed, statistic: mean, value: 1}]\n", "one value"},
      {kHead + "measured: [{metric: hit_ratio, value: 36}]\n", "share over 1"},
      {kHead + "measured: [{metric: failed, value: 1}, {metric: failed, value: 2}]\n", "second time"},
      {kHead + "measured: [{metric: failed, value: 1, nois: 2}]\n", "'nois'"},
      {kHead + one + "compare: [ttft_seconds]\n", "not measured"},
      {kHead + one + "sed: 3\n", "did you mean 'seed'"},
      {"name: x\nsource: {title: t}\nfleet: fleet.yaml\nworkload: workload.jsonl\n" + one, "source.date"},
      {"name: x\nsource: {title: t, date: d}\nfleet: nofleet.yaml\nworkload: workload.jsonl\n" + one,
       "nofleet.yaml"},
      {"name: x\nsource: {title: t, date: d}\nfleet: [1]\nworkload: workload.jsonl\n" + one, "fleet"},
      {"name: x\nsource: {title: t, date: d}\nfleet: {model: Qwen3-8B}\nworkload: workload.jsonl\n" + one,
       "no accelerator"},
      {"name: x\nsource: {title: t, date: d}\nfleet: fleet.yaml\nworkload: none.jsonl\n" + one, "none.jsonl"},
  };
  for (const auto& [yaml, part] : broken) {
    const std::string message = problems_of(yaml);
    EXPECT_FALSE(message.empty()) << yaml;
    EXPECT_NE(message.find(part), std::string::npos) << yaml << message;
  }
}

}  // namespace
}  // namespace kvsim::validation
