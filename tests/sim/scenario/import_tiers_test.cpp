// SPDX-License-Identifier: Apache-2.0
// Tiers out of the arguments and environments of real servers.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "sim/fabric/fabric.h"
#include "sim/scenario/import_fleet.h"
#include "tests/own_folder.h"
#include "tests/sim/scenario/inputs.h"

namespace kvsim::sim {
namespace {

using Answers = std::vector<std::pair<std::string, std::string>>;

const std::string kScale =
    "storage: [{name: scale, kind: ibm-storage-scale, capacity: 100TB, read_bytes_per_second: 60GB, "
    "write_bytes_per_second: 30GB}]\n";

std::string imported(const std::string& source, Answers answers = {}) {
  answers.emplace_back("accelerator", "H200");
  return import_fleet({source, "", answers}, shipped());
}

std::string refusal(const std::string& source, const Answers& answers = {}) {
  try {
    return "no refusal: " + imported(source, answers);
  } catch (const InputError& error) {
    return error.what();
  }
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string serve(const std::string& flags, const std::string& environment = "PYTHONHASHSEED=0") {
  return environment + " vllm serve Qwen3-8B " + flags;
}
std::string offloading(const std::string& extra) {
  return serve(R"(--kv-transfer-config '{"kv_connector":"OffloadingConnector","kv_role":"kv_both",)"
               R"("kv_connector_extra_config":{)" +
               extra + "}}'");
}

const std::string kFiles =
    R"("spec_name":"SharedStorageOffloadingSpec","shared_storage_path":"/mnt/kv","block_size":512,)"
    R"("threads_per_gpu":48,"max_staging_memory_gb":100,"read_preferring_ratio":0.6)";

Pool pool_of(const std::string& yaml) { return fleet_of(yaml).pools.at(0); }

TEST(ImportTiers, a_host_tier_by_its_bytes) {
  const Pool pool = pool_of(imported(offloading(R"("cpu_bytes_to_use":107374182400,"block_size":64)")));
  ASSERT_TRUE(pool.tiers.host);
  EXPECT_EQ(pool.tiers.host->capacity_bytes, 100ull << 30);
  EXPECT_EQ(pool.tiers.block_tokens, 64u);
  EXPECT_FALSE(pool.tiers.private_keys);
}

TEST(ImportTiers, a_host_tier_by_its_blocks) {  // Qwen3-8B: 36 layers * 2 * 8 heads * 128 * 2 bytes a token
  const Pool pool = pool_of(imported(offloading(R"("num_cpu_blocks":1000,"eviction_policy":"arc")")));
  EXPECT_EQ(pool.tiers.host->capacity_bytes, 1000ull * 16 * 147456);
  EXPECT_EQ(pool.tiers.host->eviction, EvictionPolicy::kArc);
}

TEST(ImportTiers, the_short_flag_counts_gib) {
  for (const char* flags :
       {"--kv-offloading-size 40", "--kv_offloading_size=40 --kv-offloading-backend native"}) {
    EXPECT_EQ(pool_of(imported(serve(flags))).tiers.host->capacity_bytes, 40ull << 30) << flags;
  }
  const std::string other = imported(serve("--kv-offloading-size 40 --kv-offloading-backend lmcache"));
  EXPECT_TRUE(contains(other, "--kv-offloading-size with the backend lmcache")) << other;
  EXPECT_FALSE(pool_of(other).tiers.any());
  EXPECT_TRUE(contains(refusal(serve("--kv-offloading-size $SIZE")), "kv.host.capacity is not known: $SIZE"));
  EXPECT_TRUE(contains(refusal(serve("--kv-offloading-size lots")), "lotsGiB"));
}

TEST(ImportTiers, a_connector_without_size_is_asked_about) {
  EXPECT_TRUE(contains(refusal(offloading("")), "kv.host.capacity is not known"));
  EXPECT_EQ(pool_of(imported(offloading(""), {{"kv.host.capacity", "2GiB"}})).tiers.host->capacity_bytes,
            2ull << 30);
}

TEST(ImportTiers, a_path_does_not_tell_the_storage_system) {
  const std::string message = refusal(offloading(kFiles));
  EXPECT_TRUE(contains(message, "kv.storage.system is not known: /mnt/kv")) << message;
  EXPECT_TRUE(contains(message, "--set kv.storage.system=")) << message;
  EXPECT_TRUE(contains(imported(offloading(kFiles), {{"kv.storage.system", "scale"}}),
                       "# - storage: declare scale under `storage`"));
}

TEST(ImportTiers, llm_ds_backend_comes_whole) {
  if (!has_simgrid()) GTEST_SKIP() << "storage needs SimGrid";
  const std::string yaml = imported(offloading(kFiles), {{"kv.storage.system", "scale"}});
  EXPECT_TRUE(contains(problems_of(yaml), "unknown storage system 'scale'")) << problems_of(yaml);
  const Pool pool = pool_of(kScale + yaml);
  EXPECT_FALSE(pool.tiers.host);
  EXPECT_EQ(pool.tiers.block_tokens, 512u);
  EXPECT_EQ(pool.tiers.storage->threads, 48u);
  EXPECT_DOUBLE_EQ(pool.tiers.storage->read_preferring, 0.6);
  EXPECT_EQ(pool.tier_choices.staging_bytes, 100'000'000'000u);
}

TEST(ImportTiers, vllms_tiering_comes_whole) {
  if (!has_simgrid()) GTEST_SKIP() << "storage needs SimGrid";
  const std::string source =
      offloading(R"("spec_name":"TieringOffloadingSpec","cpu_bytes_to_use":1e11,"offload_prompt_only":false,)"
                 R"("secondary_tiers":[{"type":"fs","root_dir":"/mnt/kv","n_threads":8},{"type":"s3"}])");
  const std::string yaml = imported(source, {{"kv.storage.system", "scale"}, {"engine.version", "0.22.0"}});
  const Pool pool = pool_of(kScale + yaml);
  EXPECT_EQ(pool.tiers.host->capacity_bytes, 100'000'000'000u);
  EXPECT_EQ(pool.tiers.storage->threads, 8u);
  EXPECT_FALSE(pool.tiers.prompt_only);
  EXPECT_TRUE(contains(yaml, "the secondary tier s3 is not modelled")) << yaml;
}

TEST(ImportTiers, several_connectors_are_read_one_by_one) {
  const std::string yaml = imported(serve(
      R"(--kv-transfer-config '{"kv_connector":"MultiConnector","kv_connector_extra_config":{"connectors":[)"
      R"({"kv_connector":"NixlConnector"},{"kv_connector":"OffloadingConnector",)"
      R"("kv_connector_extra_config":{"cpu_bytes_to_use":1e10}}]}}')"));
  EXPECT_EQ(pool_of(yaml).tiers.host->capacity_bytes, 10'000'000'000u);
  EXPECT_TRUE(contains(yaml, "NixlConnector (kv_both): KV is handed over")) << yaml;
}

TEST(ImportTiers, what_is_not_known_is_listed) {
  const std::string yaml = imported(offloading(R"("cpu_bytes_to_use":1e10,"store_threshold":2,"gds":true)"));
  EXPECT_TRUE(contains(yaml, "not modelled or not known: store_threshold, gds")) << yaml;
  EXPECT_TRUE(contains(imported(offloading(R"("spec_name":"MySpec")")), "the spec MySpec is not known"));
  EXPECT_TRUE(contains(refusal(offloading(R"("cpu_bytes_to_use":[1])")), "no plain value"));
  EXPECT_TRUE(contains(refusal(offloading(R"("cpu_bytes_to_use":-1)")), "\"-1\""));
}

TEST(ImportTiers, the_hash_seed_comes_from_the_environment) {
  const std::string size = "--kv-offloading-size 4";
  const auto seed = [](const std::string& source) {
    return pool_of(imported(source)).tier_choices.hash_seed;
  };
  EXPECT_EQ(seed(serve(size, "PYTHONHASHSEED=7")), 7u);
  EXPECT_EQ(seed("export PYTHONHASHSEED=8; " + serve(size, "")), 8u);
  EXPECT_EQ(seed("docker run -e PYTHONHASHSEED=9 vllm/vllm-openai:v0.19.0 --model Qwen3-8B " + size), 9u);
  EXPECT_EQ(seed("docker run --env=PYTHONHASHSEED=9 vllm/vllm-openai:v0.19.0 --model Qwen3-8B " + size), 9u);
  EXPECT_EQ(seed("export PYTHONHASHSEED=6; docker run -e PYTHONHASHSEED vllm/vllm-openai:v0.19.0 --model "
                 "Qwen3-8B " +
                 size),
            6u);
  EXPECT_FALSE(seed("export PYTHONHASHSEED=6; docker run vllm/vllm-openai:v0.19.0 --model Qwen3-8B " + size));
  EXPECT_FALSE(seed(serve(size, "")));
  EXPECT_TRUE(contains(imported(serve(size, "")), "PYTHONHASHSEED is not set"));
  EXPECT_FALSE(contains(imported(serve("", "")), "PYTHONHASHSEED"));
  EXPECT_TRUE(contains(refusal(serve(size, "PYTHONHASHSEED=$SEED")), "kv.hash_seed is not known"));
  EXPECT_TRUE(contains(refusal(serve(size, "PYTHONHASHSEED=soon")), "'soon'"));
}

TEST(ImportTiers, helm_values_carry_the_same_flags) {
  const auto values = [](const std::string& env) {
    const auto folder = own_folder("kvsim_import_tiers_test");
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "values.yaml")
        << "modelArtifacts: {name: Qwen3-8B}\ndecode:\n  replicas: 2\n  containers:\n    - name: vllm\n      "
           "args: [\"--kv-offloading-size\", \"40\"]\n"
        << env;
    return (folder / "values.yaml").string();
  };
  const Pool pool = pool_of(imported(values("      env: [{name: PYTHONHASHSEED, value: \"42\"}]\n")));
  EXPECT_EQ(pool.tiers.host->capacity_bytes, 40ull << 30);
  EXPECT_EQ(pool.tier_choices.hash_seed, 42u);
  EXPECT_TRUE(pool_of(imported(values(""))).tiers.private_keys);
  const std::string message = refusal(
      values("      env: [{name: PYTHONHASHSEED, valueFrom: {configMapKeyRef: {name: a, key: b}}}]\n"));
  EXPECT_TRUE(contains(message, "kv.hash_seed is not known: PYTHONHASHSEED is not told")) << message;
}

TEST(ImportTiers, a_fleet_answers_beside_from) {
  if (!has_simgrid()) GTEST_SKIP() << "storage needs SimGrid";
  const auto folder = own_folder("kvsim_import_tiers_test");
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "serve.sh") << offloading(kFiles) << "\n";
  const Pool pool =
      pool_of(kScale + "pools:\n  - from: " + (folder / "serve.sh").string() +
              "\n    set: {accelerator: H200, kv.storage.system: scale, kv.block_tokens: 256}\n");
  EXPECT_EQ(pool.tiers.block_tokens, 256u);
  EXPECT_EQ(pool.tiers.storage->threads, 48u);
}

}  // namespace
}  // namespace kvsim::sim
