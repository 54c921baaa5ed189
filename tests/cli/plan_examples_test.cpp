// SPDX-License-Identifier: Apache-2.0
// Does each example of a plan still give what its expected.json says? Run with KVSIM_UPDATE_EXPECTED=1 to
// write the files anew after a change of behaviour, and say so in CHANGELOG.md.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <sstream>

#include "base/document.h"
#include "base/files.h"
#include "base/json_writer.h"
#include "planner/summary_parts.h"
#include "tests/cli/command_line.h"
#include "tests/own_folder.h"
#include "tests/random_cases.h"
#include "tests/schema_faults.h"

namespace kvsim {
namespace {

namespace fs = std::filesystem;
using planner::number;
using testing::CommandResult;

const std::string kInSource = std::string("cd ") + KVSIM_SOURCE_DIR + " && " + KVSIM_BINARY;

std::string text_at(const Node& node, const char* key) {
  const Node* text = node.find(key);
  return text == nullptr ? "" : text->scalar;
}

struct ExamplePlan {
  const char* name;
  int status;
  const char* options;
};

std::ostream& operator<<(std::ostream& out, const ExamplePlan& example) { return out << example.name; }

// plan.json of an example, made in a folder that goes again.
Document plan_of(const ExamplePlan& example) {
  const fs::path out = own_folder(std::string("kvsim_plan_") + example.name);
  const CommandResult result =
      testing::run_command(fmt::format("{} plan examples/plan/{}/problem.yaml --out {} {} 2>/dev/null",
                                       kInSource, example.name, out.string(), example.options));
  EXPECT_EQ(result.status, example.status);
  Document plan = load_json((out / "plan.json").string());
  fs::remove_all(out);
  return plan;
}

void add_answer(JsonWriter& json, const Node& plan) {
  const Node& recommended = *plan.find("recommended");
  if (recommended.is_null()) return;
  const Node& best = plan.find("evaluated")->items.at(std::stoul(text_at(plan, "best")));
  json.member("fleet", text_at(recommended, "fleet"));
  json.member("objective", number(recommended, "cost.objective"));
  json.member("attainment", number(best, "normal.attainment"));
}

// What a change of the planner must not change by accident.
std::string gist_of(const Node& plan) {
  std::ostringstream text;
  JsonWriter json(text);
  json.begin_object().member("state", text_at(plan, "state"));
  add_answer(json, plan);
  json.member("proven", text_at(*plan.find("certainty"), "closed") == "true");
  json.key("conflicts").begin_array();
  for (const Node& path : plan.find("conflicts")->items) json.value(path.scalar);
  json.end_array().key("scenarios").begin_object();
  for (const Node& scenario : plan.find("what_if")->find("scenarios")->items)
    json.member(text_at(scenario, "name"), text_at(scenario, "fleet"));
  json.end_object().end_object();
  return text.str();
}

class PlanExamples : public ::testing::TestWithParam<ExamplePlan> {};

// Sanitizers make minutes of the larger ones; the smaller ones pass through the same code.
bool is_too_long(const std::string& name) {
  return random_cases(10) < 10 && name != "first" && name != "infeasible";
}

TEST_P(PlanExamples, GiveTheExpectedPlan) {
  if (is_too_long(GetParam().name)) GTEST_SKIP() << "takes minutes";
  const Document plan = plan_of(GetParam());
  const Document schema = load_json(std::string(KVSIM_SOURCE_DIR) + "/schemas/plan.schema.json");
  EXPECT_EQ(testing::faults_of(plan, schema), std::vector<std::string>());
  const std::string gist = gist_of(*plan.root);
  const std::string expected =
      fmt::format("{}/examples/plan/{}/expected.json", KVSIM_SOURCE_DIR, GetParam().name);
  if (std::getenv("KVSIM_UPDATE_EXPECTED") != nullptr) write_file(expected, gist);
  EXPECT_EQ(gist, read_file(expected)) << GetParam().name;
}

INSTANTIATE_TEST_SUITE_P(All, PlanExamples,
                         ::testing::Values(ExamplePlan{"first", 0, ""},
                                           ExamplePlan{"national-cloud", 0, "--no-what-if"},
                                           ExamplePlan{"refresh", 0, ""}, ExamplePlan{"offload", 0, ""},
                                           ExamplePlan{"disaggregated", 0, "--no-what-if"},
                                           ExamplePlan{"infeasible", 3, ""}));

// --- offload: what single runs of one kind of fleet say ---

// Of a fleet of one kind of an example, by `kvsim run`.
double attainment(const std::string& example, const std::string& kind, const std::string& settings) {
  const CommandResult result =
      testing::run_command(fmt::format("{0} run --json --fleet examples/plan/{1}/fleets/{2}.yaml --trace "
                                       "examples/plan/{1}/workload.yaml {3} 2>/dev/null",
                                       kInSource, example, kind, settings));
  EXPECT_EQ(result.status, 0);
  return number(parse_json(result.output, "summary").root->find("slo")->items.at(0), "attainment");
}

// Fewest servers that keep 95 %; 99: not even 7 do.
int fewest_servers(const std::string& kind, const std::string& settings = "") {
  for (int servers = 2; servers < 8; ++servers)
    if (attainment("offload", kind, fmt::format("--set pools.0.replicas={} {}", 2 * servers, settings)) >=
        0.95)
      return servers;
  return 99;
}

struct Prices {
  double node, node_1t, storage;
};

std::string cheapest(const std::map<std::string, int>& servers, const Prices& prices) {
  const std::map<double, std::string> kinds{
      {servers.at("plain") * prices.node, "plain"},
      {servers.at("host") * prices.node_1t, "host"},
      {servers.at("storage") * prices.node + prices.storage, "storage"}};
  return kinds.begin()->second;
}

std::string kind_of(const std::string& fleet) {
  if (fleet.find("with filer") != std::string::npos) return "storage";
  return fleet.find("node-1t") != std::string::npos ? "host" : "plain";
}

// 20 TB at 300 each, and 40 GB/s of reads.
double filer(double price_per_gb_per_second) { return 20 * 300 + 40 * price_per_gb_per_second; }

TEST(PlanOffload, ChoosesTheKindThatRunsOfEachKindSayIsTheCheapest) {
  if (is_too_long("offload")) GTEST_SKIP() << "takes minutes";
  // The other test holds it against the planner.
  const Document plan = load_json(std::string(KVSIM_SOURCE_DIR) + "/examples/plan/offload/expected.json");
  const auto chosen = [&plan](const char* scenario) {
    return kind_of(text_at(*plan.root->find("scenarios"), scenario));
  };
  std::map<std::string, int> servers{{"plain", fewest_servers("plain")},
                                     {"host", fewest_servers("host")},
                                     {"storage", fewest_servers("storage")}};
  EXPECT_EQ(kind_of(text_at(*plan.root, "fleet")), cheapest(servers, {75e3, 85e3, filer(1500)}));
  EXPECT_EQ(chosen("storage at 4000 a GB/s"), cheapest(servers, {75e3, 85e3, filer(4000)}));
  EXPECT_EQ(chosen("storage at 6000 a GB/s"), cheapest(servers, {75e3, 85e3, filer(6000)}));
  EXPECT_EQ(chosen("storage at 8000 a GB/s and 55000 more for memory"),
            cheapest(servers, {75e3, 130e3, filer(8000)}));
  servers["storage"] = fewest_servers("storage", "--set servers.0.nic_bytes_per_second=3.125GB");
  EXPECT_EQ(chosen("NICs of 2 x 25 Gbit/s"), cheapest(servers, {75e3, 85e3, filer(1500)}));
}

// --- disaggregated: the same ---

constexpr double kH100 = 75e3, kL40s = 24e3;  // prices of the example

TEST(PlanDisaggregated, ChoosesTheKindThatRunsOfEachKindSayIsTheCheapest) {
  const Document plan =
      load_json(std::string(KVSIM_SOURCE_DIR) + "/examples/plan/disaggregated/expected.json");
  const auto fewest = [](const char* kind, int pool) {
    int servers = 1;
    while (servers < 9 && attainment("disaggregated", kind,
                                     fmt::format("--set pools.{}.replicas={}", pool, 2 * servers)) < 0.95)
      ++servers;
    return servers;
  };
  const double whole = fewest("whole", 0) * kH100, split = kH100 + fewest("split", 1) * kL40s;
  const bool is_split = text_at(*plan.root, "fleet").find("prefill") != std::string::npos;
  EXPECT_EQ(is_split, split < whole) << split << " " << whole;
}

}  // namespace
}  // namespace kvsim
