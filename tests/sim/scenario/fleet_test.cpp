// SPDX-License-Identifier: Apache-2.0
// What a fleet YAML turns into.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/files.h"
#include "models/memory.h"
#include "tests/own_folder.h"
#include "tests/sim/scenario/inputs.h"

namespace kvsim::sim {
namespace {

TEST(Fleet, one_pool_can_stand_in_the_fleet_itself) {
  const Fleet fleet = fleet_of("name: small\nmodel: Llama-3.1-8B\naccelerator: H100-SXM-80\nreplicas: 3\n");
  ASSERT_EQ(fleet.pools.size(), 1u);
  const Pool& pool = fleet.pools[0];
  EXPECT_EQ(fleet.name, "small");
  EXPECT_EQ(pool.name, "h100-sxm-80");
  EXPECT_EQ(pool.site, "local");
  EXPECT_EQ(pool.replicas, 3u);
  EXPECT_EQ(pool.tp, 1u);
  EXPECT_EQ(pool.engine.max_model_len, pool.model.max_context_tokens);
  EXPECT_EQ(fleet.router.policy, "round-robin");
  ASSERT_NE(pool.step_time, nullptr);
  EXPECT_GT(pool.kv_blocks, 10'000u);
  EXPECT_DOUBLE_EQ(pool.kv_bytes_per_block,
                   16 * 131072.0);  // 2 * 32 layers * 8 heads * 128 * 2 bytes * 16 tokens
}

TEST(Fleet, a_step_time_without_measurement_is_noted) {
  const Fleet fleet = fleet_of("{model: Llama-3.1-8B, accelerator: H100-SXM-80, profile: prior}");
  EXPECT_TRUE(notes(fleet, "prior"));
}

TEST(Fleet, an_unverified_figure_of_the_catalog_is_noted) {
  EXPECT_TRUE(notes(fleet_of("{model: granite-4.1-8b, accelerator: H100-NVL-94}"), "unverified"));
}

TEST(Fleet, accelerators_and_models_answer_to_their_aliases) {
  const Fleet fleet = fleet_of("{model: meta-llama/llama-3.1-8b, accelerator: nvidia-h100-80gb-hbm3}");
  EXPECT_EQ(fleet.pools[0].accelerator.name, "H100-SXM-80");
  EXPECT_EQ(fleet.pools[0].model.name, "Llama-3.1-8B");
}

TEST(Fleet, engine_flags_go_by_either_spelling) {
  const Fleet fleet = fleet_of(R"(
model: Llama-3.1-8B
accelerator: H100-SXM-80
engine:
  --max-num-batched-tokens: 4K
  max_num_seqs: 64
  --max-model-len: 32k
  scheduling_policy: priority
  enable_prefix_caching: false
)");
  const EngineSettings& engine = fleet.pools[0].engine;
  EXPECT_EQ(engine.max_num_batched_tokens, 4096u);  // K is 1024, k is 1000
  EXPECT_EQ(engine.max_num_seqs, 64u);
  EXPECT_EQ(engine.max_model_len, 32000u);
  EXPECT_EQ(engine.policy, QueuePolicy::kPriority);
  EXPECT_FALSE(engine.prefix_caching);
}

TEST(Fleet, a_given_block_count_wins_over_memory_and_loses_the_null_block) {
  const Fleet fleet = fleet_of(
      "{model: Llama-3.1-8B, accelerator: H100-SXM-80, engine: {num_gpu_blocks_override: 20001, "
      "gpu_memory_utilization: 0.5}}");
  EXPECT_EQ(fleet.pools[0].engine.num_gpu_blocks, 20001u);
  EXPECT_EQ(fleet.pools[0].kv_blocks, 20000u);
}

TEST(Fleet, more_blocks_than_the_memory_holds_are_noted) {
  EXPECT_TRUE(
      notes(fleet_of("{model: Llama-3.1-8B, accelerator: L40S, engine: {num_gpu_blocks_override: 900000}}"),
            "more than it has"));
}

TEST(Fleet, fp8_kv_doubles_the_tokens_of_the_pool) {
  const Fleet wide = fleet_of("{model: Llama-3.1-8B, accelerator: H100-SXM-80}");
  const Fleet narrow =
      fleet_of("{model: Llama-3.1-8B, accelerator: H100-SXM-80, engine: {kv_cache_dtype: fp8}}");
  EXPECT_NEAR(static_cast<double>(narrow.pools[0].kv_blocks),
              2.0 * static_cast<double>(wide.pools[0].kv_blocks), 4);
}

TEST(Fleet, quantization_changes_weights_and_arithmetic) {
  const Pool pool =
      fleet_of("{model: Llama-3.1-8B, accelerator: H100-SXM-80, engine: {quantization: fp8}}").pools[0];
  EXPECT_EQ(pool.types.weights, NumberType::kFp8);
  EXPECT_EQ(pool.types.matmul, NumberType::kFp8);
  EXPECT_EQ(pool.types.kv, NumberType::kBf16);
}

TEST(Fleet, automatic_length_is_as_long_as_the_kv_pool_allows) {
  const Pool pool = fleet_of(
                        "{model: Llama-3.1-8B, accelerator: L40S, engine: {max_model_len: auto, "
                        "num_gpu_blocks_override: 101}}")
                        .pools[0];
  EXPECT_EQ(pool.engine.max_model_len, 100u * 16);
}

TEST(Fleet, without_chunked_prefill_a_step_holds_the_longest_prompt) {
  const Pool pool =
      fleet_of(
          "{model: Llama-3.1-8B, accelerator: H100-SXM-80, engine: {enable_chunked_prefill: false, "
          "max_model_len: 20000}}")
          .pools[0];
  EXPECT_EQ(pool.engine.max_num_batched_tokens, 20000u);
}

TEST(Fleet, a_server_brings_its_accelerator) {
  const Fleet fleet = fleet_of(R"(
servers: [{name: box, accelerator: H200, accelerators: 8, host_memory: 2TiB, nics: 8, nic_bytes_per_second: 50GB}]
pools: [{model: Llama-3.1-70B, server: box, tp: 4}]
)");
  EXPECT_EQ(fleet.pools[0].accelerator.name, "H200-SXM");
  EXPECT_EQ(fleet.servers[0].host_memory_bytes, 2ull << 40);
  EXPECT_DOUBLE_EQ(fleet.servers[0].nic_bytes_per_second, 50e9);
}

TEST(Fleet, tp_beyond_the_interconnect_is_noted) {
  EXPECT_TRUE(notes(fleet_of("{model: Llama-3.1-8B, accelerator: L40S, tp: 2}"), "tensor parallelism"));
}

TEST(Fleet, windows_of_attention_are_noted) {
  EXPECT_TRUE(notes(fleet_of("{model: gpt-oss-120b, accelerator: H200}"), "attend to a window"));
}

TEST(Fleet, a_round_trip_between_sites_holds_both_ways) {
  const Fleet fleet = fleet_of(R"(
sites:
  - {name: a, client_rtt: 5ms, rtt: {b: 20ms}}
  - {name: b, labels: {country: FI}}
  - {name: c, rtt: {a: 30ms}}
pools: [{site: b, model: Llama-3.1-8B, accelerator: H100-SXM-80}]
)");
  EXPECT_DOUBLE_EQ(fleet.sites[1].site_rtt_seconds.at("a"), 0.02);
  EXPECT_DOUBLE_EQ(fleet.sites[0].site_rtt_seconds.at("c"), 0.03);
  EXPECT_DOUBLE_EQ(fleet.sites[0].client_rtt_seconds, 0.005);
  EXPECT_EQ(fleet.sites[1].labels.at("country"), "FI");
  EXPECT_TRUE(notes(fleet, "sites b and c"));
}

TEST(Fleet, classes_and_tenants_refer_to_each_other) {
  const Fleet fleet = fleet_of(R"(
model: Llama-3.1-8B
accelerator: H100-SXM-80
slo_classes: [{name: chat, ttft: 500ms, tpot: 0.05, priority: -2}, {name: batch, e2e: 1h}]
tenants: [{name: health, isolation: salt, slo_class: chat}, {name: other}]
)");
  ASSERT_EQ(fleet.slo_classes[0].objectives.size(), 2u);
  EXPECT_EQ(fleet.slo_classes[0].objectives[0].metric, "ttft");
  EXPECT_DOUBLE_EQ(fleet.slo_classes[0].objectives[0].limit_seconds, 0.5);
  EXPECT_EQ(fleet.slo_classes[0].priority, -2);
  EXPECT_DOUBLE_EQ(fleet.slo_classes[1].objectives[0].limit_seconds, 3600);
  EXPECT_EQ(fleet.tenants[0].isolation, Isolation::kOwnSalt);
  EXPECT_EQ(fleet.tenants[1].isolation, Isolation::kSharedCache);
}

TEST(Fleet, a_model_comes_from_its_config_json) {
  const auto folder = own_folder("kvsim_fleet_test") / "my-model";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "config.json") << R"({"architectures": ["LlamaForCausalLM"], "model_type": "llama",
    "hidden_size": 1024, "intermediate_size": 4096, "num_attention_heads": 8, "num_key_value_heads": 4,
    "num_hidden_layers": 6, "vocab_size": 32000, "max_position_embeddings": 8192, "torch_dtype": "bfloat16"})";
  std::ofstream(folder / "fleet.yaml") << "models: [{name: ours, config: config.json}]\npools:\n"
                                          "  - {name: a, model: ours, accelerator: L40S}\n"
                                          "  - {name: b, model: config.json, accelerator: L40S}\n";
  const Fleet fleet = load_fleet((folder / "fleet.yaml").string(), shipped());
  EXPECT_EQ(fleet.pools[0].model.name, "ours");
  EXPECT_EQ(fleet.pools[1].model.name, "my-model");
  EXPECT_EQ(fleet.pools[1].model.layers, 6u);
  const std::string text = effective_yaml(fleet);
  EXPECT_EQ(effective_yaml(fleet_of(text)), text);
}

TEST(Fleet, a_price_of_the_fleet_wins_over_the_catalog) {
  const Fleet fleet =
      fleet_of("{model: Llama-3.1-8B, accelerator: H100-SXM-80, accelerator_price_per_hour: 1.25}");
  EXPECT_EQ(fleet.pools[0].accelerator_price_per_hour, 1.25);
  const Fleet other = fleet_of("{model: Llama-3.1-8B, accelerator: H100-SXM-80, currency: EUR}");
  EXPECT_FALSE(other.pools[0].accelerator_price_per_hour.has_value());
  EXPECT_TRUE(notes(other, "EUR"));
}

TEST(Fleet, its_digest_changes_with_any_setting) {
  const std::string base = "{model: Llama-3.1-8B, accelerator: H100-SXM-80";
  EXPECT_EQ(fleet_of(base + "}").digest, fleet_of(base + ", replicas: 1}").digest);
  EXPECT_NE(fleet_of(base + "}").digest, fleet_of(base + ", engine: {max_num_seqs: 7}}").digest);
}

TEST(Fleet, the_effective_file_of_each_example_reads_back_to_itself) {
  for (const auto& example :
       std::filesystem::directory_iterator(std::string(KVSIM_SOURCE_DIR) + "/examples")) {
    const std::string path = (example.path() / "fleet.yaml").string();
    if (!std::filesystem::exists(path)) continue;
    const Fleet fleet = load_fleet(path, shipped());
    const std::string text = effective_yaml(fleet);
    const Fleet again = fleet_of(text);
    EXPECT_EQ(effective_yaml(again), text) << path;
    EXPECT_EQ(again.digest, fleet.digest) << path;
    for (std::size_t i = 0; i < fleet.pools.size(); ++i) {
      EXPECT_EQ(again.pools[i].kv_blocks, fleet.pools[i].kv_blocks) << path;
      EXPECT_EQ(again.pools[i].profile, fleet.pools[i].profile) << path;
    }
  }
}

TEST(Fleet, the_quickstart_fits_on_one_screen) {
  const std::string text = read_file(std::string(KVSIM_SOURCE_DIR) + "/examples/quickstart/fleet.yaml");
  EXPECT_LT(std::count(text.begin(), text.end(), '\n'), 24);
}

}  // namespace
}  // namespace kvsim::sim
