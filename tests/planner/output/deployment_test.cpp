// SPDX-License-Identifier: Apache-2.0
// Do the files that deploy a plan, read back as `kvsim import` reads them, give the plan's pools?
#include "planner/output/deployment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "base/files.h"
#include "planner/output/write_plan.h"
#include "sim/fabric/fabric.h"
#include "sim/scenario/epp_config.h"
#include "sim/scenario/import_fleet.h"
#include "sim/scenario/resolve_pool.h"
#include "tests/planner/output/small_plan.h"
#include "tests/planner/problem_fixture.h"

namespace kvsim::planner {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

const std::string kServers = R"(name: two
servers:
  - {name: hgx, accelerator: H100-SXM-80, accelerators: 8}
  - {name: amd, accelerator: MI325X, accelerators: 8}
  - {name: gaudi, accelerator: Gaudi3, accelerators: 8}
router: {policy: precise}
)";
const std::string kPools = R"(pools:
  - {name: paris-hgx, model: Qwen3-8B, server: hgx, replicas: 16, tp: 2,
     engine: {version: "0.22.0", max_num_seqs: 96, max_model_len: 16384, enable_chunked_prefill: false,
              async_scheduling: false, scheduling_policy: priority, kv_cache_dtype: fp8},
     kv: {host: {capacity: 100GiB, eviction: arc}, block_tokens: 64, prompt_only: true, hash_seed: 7}}
  - {name: lyon-amd, model: Llama-3.1-8B, server: amd, replicas: 8, types: {weights: fp8, matmul: fp8}}
  - {name: lyon-gaudi, model: Llama-3.1-8B, server: gaudi, replicas: 8,
     engine: {gpu_memory_utilization: 0.85, enforce_eager: true, num_gpu_blocks_override: 3000, max_model_len: 32768}}
)";
const std::string kStorage =
    "storage: [{name: scale, kind: ibm-storage-scale, capacity: 100TB, read_bytes_per_second: 60GB, "
    "write_bytes_per_second: 30GB}]\n";
const std::string kStoragePools = R"(pools:
  - {name: files, model: Qwen3-8B, server: hgx, replicas: 8,
     kv: {block_tokens: 512, storage: {system: scale, threads: 48, read_preferring: 0.6, staging: 100GB}}}
  - {name: tiering, model: Qwen3-8B, server: hgx, replicas: 8, engine: {version: "0.22.0"},
     kv: {host: {capacity: 100GB}, storage: {system: scale, threads: 8}, prompt_only: false}}
)";

// What is to be the same: all but the pool's place and name, and assumptions about hardware.
std::string essence(const sim::Fleet& fleet, sim::Pool pool) {
  pool.name = "pool";
  pool.site = "local";
  pool.server.clear();
  return sim::pool_spec_yaml(sim::explicit_spec(pool, fleet.storage));
}

class Deployment : public ::testing::Test {
 protected:
  void SetUp() override { fs::remove_all(folder_); }
  void TearDown() override { fs::remove_all(folder_); }

  std::string written(const DeploymentFile& file) const {
    const std::string path = (folder_ / file.path).string();
    write_file(path, std::string_view(file.text));
    return path;
  }

  // The essence of the only pool that `kvsim import` makes of a file.
  std::string imported(const DeploymentFile& file, const sim::Fleet& fleet, const sim::Pool& pool) const {
    std::vector<std::pair<std::string, std::string>> answers;
    if (pool.tiers.storage)
      answers.emplace_back("kv.storage.system", fleet.storage[pool.tiers.storage->system].name);
    if (file.path.starts_with("vllm/")) {
      answers.emplace_back("accelerator", pool.accelerator.name);
      answers.emplace_back("replicas", std::to_string(pool.replicas));
      answers.emplace_back("engine.version", pool.engine.version);
    }
    const std::string yaml = sim::import_fleet({written(file), "", answers}, shipped());
    EXPECT_EQ(yaml.find("not modelled"), std::string::npos) << yaml;
    const sim::Fleet read = sim::read_fleet(
        parse_yaml((fleet.storage.empty() ? "" : kStorage) + yaml, "imported.yaml"), shipped());
    EXPECT_EQ(read.pools.size(), 1u);
    return essence(read, read.pools[0]);
  }

  void expect_the_same_pools(const std::string& yaml) const {
    const sim::Fleet fleet = sim::read_fleet(parse_yaml(yaml, "fleet.yaml"), shipped());
    const std::vector<DeploymentFile> files = deployment_files(fleet);
    for (std::size_t i = 0; i < fleet.pools.size(); ++i)
      for (const std::size_t file : {i, i + fleet.pools.size()})
        EXPECT_EQ(imported(files.at(file), fleet, fleet.pools[i]), essence(fleet, fleet.pools[i]))
            << files[file].path << "\n"
            << files[file].text;
  }

  fs::path folder_ = own_folder("kvsim_deployment");
};

TEST_F(Deployment, EnginesOfThreeVendorsAndAHostTierComeBack) { expect_the_same_pools(kServers + kPools); }

TEST_F(Deployment, StorageTiersComeBack) {
  if (!sim::has_simgrid()) GTEST_SKIP() << "storage needs SimGrid";
  expect_the_same_pools(kServers + kStorage + kStoragePools);
}

TEST_F(Deployment, DefaultsAreNotSaid) {
  const sim::Fleet fleet = sim::read_fleet(
      parse_yaml("model: Llama-3.1-8B\naccelerator: H100-SXM-80\nreplicas: 4\n", "f.yaml"), shipped());
  const std::vector<DeploymentFile> files = deployment_files(fleet);
  ASSERT_EQ(files.size(), 2u);  // round-robin is no endpoint picker
  EXPECT_THAT(files[0].text, HasSubstr("args: []"));
  EXPECT_THAT(files[0].text, HasSubstr("limits: {nvidia.com/gpu: \"1\"}"));
  EXPECT_THAT(files[1].text, ::testing::EndsWith("\nvllm serve meta-llama/Llama-3.1-8B\n"));
}

TEST_F(Deployment, TheEndpointPickerComesBack) {
  const sim::Fleet fleet = sim::read_fleet(parse_yaml(kServers + kPools, "fleet.yaml"), shipped());
  const std::vector<DeploymentFile> files = deployment_files(fleet);
  ASSERT_EQ(files.size(), 8u);
  EXPECT_EQ(files[6].path, "epp/Qwen3-8B.yaml");
  Problems problems;
  std::vector<sim::Validity> validity;
  sim::EppContext context{sim::kNewestRouter, problems, validity};
  const auto config =
      sim::read_epp_config({parse_yaml(files[6].text, files[6].path)}, files[6].path, context);
  problems.throw_if_any();
  ASSERT_TRUE(config);
  EXPECT_EQ(sim::epp_yaml(config->settings, ""), sim::epp_yaml(*fleet.router.epp, ""));
}

TEST_F(Deployment, NamesOfModelsBecomeNamesOfFiles) {
  sim::Fleet fleet = sim::read_fleet(parse_yaml(kServers + kPools, "fleet.yaml"), shipped());
  fleet.pools.resize(1);
  fleet.pools[0].name = "../x y";
  fleet.pools[0].model.name = "../../etc";
  for (const DeploymentFile& file : deployment_files(fleet)) {
    EXPECT_EQ(std::count(file.path.begin(), file.path.end(), '/'), 1) << file.path;
  }
}

// --- the whole folder ---
std::set<std::string> files_in(const fs::path& folder) {
  std::set<std::string> names;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) names.insert(fs::relative(entry.path(), folder).string());
  return names;
}

const std::set<std::string> kAlways{"bill_of_materials.csv", "cash_flow.csv", "cost_per_tenant.csv",
                                    "evaluated.csv",         "plan.html",     "plan.json",
                                    "rejected.csv"};

TEST_F(Deployment, AFolderHoldsOnePlanAndNothingOfThePlanBefore) {
  SmallPlan small = small_plan();
  add_fleet(small.plan, kServers + kPools);
  write_file((folder_ / "store" / "kept").string(), "");
  const std::vector<std::string> written = write_plan(folder_.string(), small.plan, small.what_if);
  EXPECT_EQ(written.back(), (folder_ / "plan.json").string());
  std::set<std::string> expected = kAlways;
  expected.insert({"fleet.yaml", "store/kept", "helm/paris-hgx.values.yaml", "helm/lyon-amd.values.yaml",
                   "helm/lyon-gaudi.values.yaml", "vllm/paris-hgx.sh", "vllm/lyon-amd.sh",
                   "vllm/lyon-gaudi.sh", "epp/Qwen3-8B.yaml", "epp/Llama-3.1-8B.yaml"});
  EXPECT_EQ(files_in(folder_), expected);
  const SmallPlan none = infeasible_plan();
  write_plan(folder_.string(), none.plan, none.what_if);
  expected = kAlways;
  expected.insert("store/kept");
  EXPECT_EQ(files_in(folder_), expected);
}

TEST_F(Deployment, TheFleetOfAPlanIsReadAsItIs) {
  SmallPlan small = small_plan();
  add_fleet(small.plan, kServers + kPools);
  write_plan(folder_.string(), small.plan, small.what_if);
  EXPECT_EQ(sim::load_fleet((folder_ / "fleet.yaml").string(), shipped()).digest, small.plan.fleet->digest);
}

}  // namespace
}  // namespace kvsim::planner
