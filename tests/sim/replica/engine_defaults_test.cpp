// SPDX-License-Identifier: Apache-2.0
// Which defaults an engine starts with.
#include "sim/replica/engine_defaults.h"

#include <gtest/gtest.h>

namespace kvsim::sim {
namespace {

Accelerator device(const std::string& name, const std::string& vendor, double gib) {
  Accelerator accelerator;
  accelerator.name = name;
  accelerator.vendor = vendor;
  accelerator.memory_bytes.value = gib * 1024 * 1024 * 1024;
  return accelerator;
}

models::ModelCard dense() {
  models::ModelCard card;
  card.max_context_tokens = 40960;
  return card;
}

TEST(EngineDefaults, the_budget_goes_by_memory_and_name) {
  struct Row {
    Accelerator accelerator;
    std::uint64_t tokens;
    std::uint32_t sequences;
  };
  for (const Row& row :
       {Row{device("H100-SXM-80", "NVIDIA", 79.6), 8192, 1024},
        Row{device("A100-80-SXM", "NVIDIA", 79.3), 2048, 256}, Row{device("L40S", "NVIDIA", 45), 2048, 256},
        Row{device("MI300X", "AMD", 191), 8192, 1024}, Row{device("Almost", "NVIDIA", 69.99), 2048, 256},
        Row{device("Just", "NVIDIA", 70), 8192, 1024}, Row{device("TPU-v6e", "Google", 32), 1024, 256},
        Row{device("TPU-v5e", "Google", 16), 512, 256}}) {
    const EngineSettings settings = default_engine_settings(row.accelerator, dense(), "0.19.0");
    EXPECT_EQ(settings.max_num_batched_tokens, row.tokens) << row.accelerator.name;
    EXPECT_EQ(settings.max_num_seqs, row.sequences) << row.accelerator.name;
  }
}

TEST(EngineDefaults, the_block_size_goes_by_the_kernels) {
  EXPECT_EQ(default_block_size(device("H100-SXM-80", "NVIDIA", 80), dense(), 40960), 16u);
  EXPECT_EQ(default_block_size(device("Gaudi3", "Intel", 126), dense(), 40960), 128u);
  EXPECT_EQ(default_block_size(device("Ascend-910B", "Huawei", 64), dense(), 40960), 128u);
  EXPECT_EQ(default_block_size(device("Arc-Pro-B60", "Intel", 24), dense(), 40960), 64u);
  models::ModelCard latent = dense();
  latent.mla = models::LatentAttention{};
  EXPECT_EQ(default_block_size(device("H200-SXM", "NVIDIA", 140), latent, 40960), 64u);
  // A sixteenth of the next power of two, between 16 and 256.
  EXPECT_EQ(default_block_size(device("TPU-v6e", "Google", 32), dense(), 100), 16u);
  EXPECT_EQ(default_block_size(device("TPU-v6e", "Google", 32), dense(), 2000), 128u);
  EXPECT_EQ(default_block_size(device("TPU-v6e", "Google", 32), dense(), 100000), 256u);
}

TEST(EngineDefaults, behaviour_changes_at_its_version) {
  const Accelerator h100 = device("H100-SXM-80", "NVIDIA", 79.6);
  const auto at = [&](const char* version) { return default_engine_settings(h100, dense(), version); };
  EXPECT_FALSE(at("0.13.9").async_scheduling);
  EXPECT_TRUE(at("0.14.0").async_scheduling);
  EXPECT_FALSE(at("0.18.1").reserve_full_sequence);
  EXPECT_TRUE(at("0.19.0").reserve_full_sequence);
  EXPECT_FALSE(at("0.23.0").unhashed_blocks_first);
  EXPECT_TRUE(at("0.24.0").unhashed_blocks_first);
  EXPECT_DOUBLE_EQ(at("0.24.9").gpu_memory_utilization, 0.90);
  EXPECT_DOUBLE_EQ(at("0.25.0").gpu_memory_utilization, 0.92);
}

TEST(EngineDefaults, length_and_switches) {
  const EngineSettings settings = default_engine_settings(device("L4", "NVIDIA", 22), dense(), "0.19.0");
  EXPECT_EQ(settings.max_model_len, 40960u);
  EXPECT_TRUE(settings.chunked_prefill);
  EXPECT_TRUE(settings.prefix_caching);
  EXPECT_EQ(settings.policy, QueuePolicy::kFcfs);
  EXPECT_EQ(settings.num_gpu_blocks, 0u);
}

TEST(EngineDefaults, versions_are_told_from_names) {
  for (const char* good :
       {"0.19.0", "v0.19.0", "0.9", "0.11.0rc2", "0.10.1+rocm", "v0.7.0-rc.4", "0.19.0.post1"}) {
    EXPECT_TRUE(is_engine_version(good)) << good;
  }
  for (const char* bad : {"", "v", "19", "latest", "llm-d-cuda v0.6.0", "0.19.", "0..1", "0.19.0 (main)",
                          "v0,6", "99999999999.1.1"}) {
    EXPECT_FALSE(is_engine_version(bad)) << bad;
  }
}

}  // namespace
}  // namespace kvsim::sim
