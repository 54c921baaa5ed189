// SPDX-License-Identifier: Apache-2.0
// How many KV blocks follow from the memory of a device.
#include "sim/scenario/kv_capacity.h"

#include <gtest/gtest.h>

namespace kvsim::sim {
namespace {

constexpr double kGiB = 1024.0 * 1024 * 1024;

class KvCapacityTest : public ::testing::Test {
 protected:
  KvCapacityTest() {
    accelerator.memory_bytes.value = 80 * kGiB;
    card.layers = 32;
    card.hidden = 4096;
    card.heads = 32;
    card.kv_heads = 8;
    card.head_dim = 128;
    card.intermediate = 14336;
    card.vocabulary = 128256;
    engine.gpu_memory_utilization = 0.9;
    engine.block_size_tokens = 16;
  }
  DeviceMemory memory(double activation, double non_torch) {
    return {accelerator, card, types, engine, activation, non_torch};
  }
  Accelerator accelerator;
  models::ModelCard card;
  models::Types types;
  EngineSettings engine;
};

TEST_F(KvCapacityTest, is_what_utilisation_leaves_after_weights_and_activation) {
  // block = 2 * 32 layers * 8 heads * 128 * 2 bytes * 16 tokens = 2 MiB
  // room  = 0.9 * 80 GiB - weights - 5.5 GiB - 0.5 GiB
  const KvCapacity capacity = kv_capacity(memory(5.5 * kGiB, 0.5 * kGiB), 1);
  const double room = 72 * kGiB - models::weight_bytes_per_rank(card, types, 1) - 6 * kGiB;
  EXPECT_DOUBLE_EQ(capacity.block_bytes, 2.0 * 1024 * 1024);
  EXPECT_DOUBLE_EQ(capacity.kv_bytes, room);
  EXPECT_EQ(capacity.num_gpu_blocks, static_cast<std::uint64_t>(room / (2.0 * 1024 * 1024)));
  EXPECT_EQ(capacity.usable_tokens(16), (capacity.num_gpu_blocks - 1) * 16);
}

TEST_F(KvCapacityTest, smaller_steps_need_less_activation_and_larger_ones_no_more) {
  engine.max_num_batched_tokens = 8192;
  const double at_reference = kv_capacity(memory(4 * kGiB, 0), 1).kv_bytes;
  engine.max_num_batched_tokens = 2048;
  EXPECT_DOUBLE_EQ(kv_capacity(memory(4 * kGiB, 0), 1).kv_bytes, at_reference + 3 * kGiB);
  engine.max_num_batched_tokens = 65536;
  EXPECT_DOUBLE_EQ(kv_capacity(memory(4 * kGiB, 0), 1).kv_bytes, at_reference);
}

TEST_F(KvCapacityTest, is_nothing_where_the_weights_do_not_fit) {
  accelerator.memory_bytes.value = 10 * kGiB;
  const KvCapacity capacity = kv_capacity(memory(0, 0), 1);
  EXPECT_LT(capacity.kv_bytes, 0);
  EXPECT_EQ(capacity.num_gpu_blocks, 0u);
  EXPECT_EQ(capacity.usable_tokens(16), 0u);
}

TEST_F(KvCapacityTest, the_smallest_tp_that_fits_is_advised) {
  accelerator.memory_bytes.value = 10 * kGiB;
  EXPECT_EQ(smallest_fitting_tp(memory(0, 0), 1000, 1), 0u);
  EXPECT_EQ(smallest_fitting_tp(memory(0, 0), 1000, 8), 2u);
  // tp 2 leaves 9 - 7.5 GiB = 1.5 GiB at 64 KiB a token: 24.6k tokens; tp 4 leaves 5.3 GiB at 32 KiB: 172k.
  EXPECT_EQ(smallest_fitting_tp(memory(0, 0), 100'000, 8), 4u);
}

}  // namespace
}  // namespace kvsim::sim
