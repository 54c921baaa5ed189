// SPDX-License-Identifier: Apache-2.0
// What the tiers of a fleet YAML turn into.
#include <gtest/gtest.h>

#include "models/memory.h"
#include "sim/fabric/fabric.h"
#include "sim/scenario/host_copies.h"
#include "tests/sim/scenario/inputs.h"

namespace kvsim::sim {
namespace {

constexpr double kKiB = 1024;
constexpr double kBytesPerToken = 131072;  // Llama-3.1-8B: 2 * 32 layers * 8 heads * 128 * 2 bytes

std::string version(const std::string& version) { return "engine: {version: \"" + version + "\"}\n"; }

const std::string kScale =
    "storage: [{name: scale, kind: ibm-storage-scale, capacity: 100TB, read_bytes_per_second: 60GB, "
    "write_bytes_per_second: 30GB}]\n";
const std::string kHost = "kv: {host: {capacity: 400GiB}}\n";
const std::string kStorage = "kv: {storage: {system: scale}}\n";
const std::string kBoth = "kv: {host: {capacity: 400GiB}, storage: {system: scale}}\n";

KvTierSettings tiers(const std::string& yaml) { return fleet_of(yaml).pools.front().tiers; }

class StorageTiers : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_simgrid()) GTEST_SKIP() << "storage needs SimGrid";
  }
};

TEST(Tiers, a_pool_without_kv_has_none) {
  const Fleet fleet = fleet_of(pool(""));
  EXPECT_FALSE(fleet.pools[0].tiers.any());
  EXPECT_EQ(effective_yaml(fleet).find("kv:\n"), std::string::npos);
}

TEST(Tiers, a_host_tier_alone_has_blocks_of_the_engine) {
  const KvTierSettings host = tiers(pool(kHost));
  ASSERT_TRUE(host.host);
  EXPECT_FALSE(host.storage);
  EXPECT_EQ(host.host->capacity_bytes, 400ull << 30);
  EXPECT_EQ(host.host->eviction, EvictionPolicy::kLru);
  EXPECT_EQ(host.host->retention.limit, kNever);
  EXPECT_EQ(host.block_tokens, 16u);
  EXPECT_DOUBLE_EQ(host.block_bytes, 16 * kBytesPerToken);
  EXPECT_DOUBLE_EQ(host.copy_bytes, 16 * kBytesPerToken);
  EXPECT_FALSE(host.prompt_only);
  EXPECT_FALSE(host.waits_for_pending);
  EXPECT_TRUE(host.reloads_preempted);
  EXPECT_FALSE(host.private_keys);
}

TEST(Tiers, defaults_follow_the_version) {
  EXPECT_FALSE(tiers(pool(kHost + version("0.13.0"))).reloads_preempted);
  EXPECT_TRUE(tiers(pool(kHost + version("0.14.0"))).reloads_preempted);
  EXPECT_FALSE(tiers(pool(kHost + version("0.21.0"))).waits_for_pending);
  EXPECT_TRUE(tiers(pool(kHost + version("0.22.0"))).waits_for_pending);
  EXPECT_FALSE(tiers(pool(kHost + version("0.22.0"))).prompt_only);  // no storage under it
  EXPECT_DOUBLE_EQ(tiers(pool(kHost + version("0.11.0"))).copy_bytes, 32 * kKiB);
  EXPECT_DOUBLE_EQ(tiers(pool(kHost + version("0.12.0"))).copy_bytes, 2048 * kKiB);
}

TEST(Tiers, ranks_copy_their_own_share) {
  const KvTierSettings two = tiers(pool("tp: 2\n" + kHost));
  EXPECT_EQ(two.ranks, 2u);
  EXPECT_DOUBLE_EQ(two.block_bytes, 16 * kBytesPerToken);
  EXPECT_DOUBLE_EQ(two.copy_bytes, 8 * kBytesPerToken);
}

// Sizes of one copy that vLLM's post on its offloading connector (2026-01) lists for models with a card here,
// in KB of 1024. The post gives Qwen3-8B as 2017.3 and 28 KB; by its config.json (36 layers, 8 KV heads of
// 128) it is 2304 and 32.
TEST(Tiers, copies_are_as_large_as_published) {
  struct Row {
    const char* model;
    std::uint32_t tp, block;
    double before, since;
    double rounding;  // of figures printed as MB with two digits
  };
  for (const Row& row : {Row{"Llama-3.1-8B", 1, 16, 32, 2048, 0}, Row{"Llama-3.2-1B", 1, 16, 16, 512, 0},
                         Row{"Llama-3.1-70B", 4, 16, 8, 1280, 0}, Row{"Qwen2.5-7B", 1, 16, 16, 890.9, 5.2},
                         Row{"Qwen3-32B", 2, 16, 16, 2048, 0}, Row{"Qwen3-8B", 1, 16, 32, 2304, 0}}) {
    const models::ModelCard& card = *shipped().models.find(row.model);
    EXPECT_DOUBLE_EQ(copy_bytes(card, NumberType::kBf16, row.tp, row.block, "0.11.2"), row.before * kKiB)
        << row.model;
    EXPECT_NEAR(copy_bytes(card, NumberType::kBf16, row.tp, row.block, "0.12.0"), row.since * kKiB,
                row.rounding * kKiB)
        << row.model;
  }
}

// The post's DeepSeek-V2-Lite with blocks of 64 copied 72 KB a layer; V3's latent vector is as wide.
TEST(Tiers, latent_attention_copied_one_entry_a_layer) {
  const models::ModelCard& card = *shipped().models.find("DeepSeek-V3");
  EXPECT_DOUBLE_EQ(copy_bytes(card, NumberType::kBf16, 1, 64, "0.11.0"), 72 * kKiB);
  EXPECT_DOUBLE_EQ(copy_bytes(card, NumberType::kBf16, 8, 64, "0.12.0"), 72 * kKiB * card.layers);
}

TEST(Tiers, copies_take_the_measured_time) {
  const KvTierSettings dma = tiers(pool(kHost));
  EXPECT_DOUBLE_EQ(dma.to_host.fixed_seconds, 3.1e-6);
  EXPECT_DOUBLE_EQ(dma.to_host.bytes_per_second, 48.5e9);
  EXPECT_DOUBLE_EQ(dma.to_gpu.fixed_seconds, 3.3e-6);
  EXPECT_DOUBLE_EQ(dma.to_gpu.bytes_per_second, 52e9);
  EXPECT_DOUBLE_EQ(dma.copy_interference, 0);
  const KvTierSettings kernel = tiers(pool("kv: {copies: kernel, host: {capacity: 1GiB}}\n"));
  EXPECT_DOUBLE_EQ(kernel.copy_interference, 0.38);
  // 128 KB: 45.5 GB/s to the host and 44.1 to the GPU were measured.
  const auto rate = [](const CopyCurve& curve, double bytes) {
    return bytes / (curve.fixed_seconds + bytes / curve.bytes_per_second);
  };
  EXPECT_NEAR(rate(kernel.to_host, 128 * kKiB), 45.48e9, 0.011 * 45.48e9);
  EXPECT_NEAR(rate(kernel.to_gpu, 128 * kKiB), 44.07e9, 0.011 * 44.07e9);
}

TEST(Tiers, other_accelerators_copy_by_their_host_link_and_that_is_noted) {
  const Fleet fleet = fleet_of("model: Llama-3.1-8B\naccelerator: A100-80-SXM\n" + kHost);  // PCIe 4
  EXPECT_DOUBLE_EQ(fleet.pools[0].tiers.to_gpu.bytes_per_second, 26e9);
  EXPECT_DOUBLE_EQ(fleet.pools[0].tiers.to_gpu.fixed_seconds, 3.3e-6);
  EXPECT_TRUE(notes(fleet, "prior: measured on H100-SXM-80, with 0.5 times its bandwidth"));
}

TEST(Tiers, encryption_takes_its_turn_after_the_copy) {  // 1 / (1/48.5 + 1/48.5) = 24.25
  const KvTierSettings tier =
      tiers(pool("kv: {host: {capacity: 1GiB, encryption_bytes_per_second: 48.5GB}}\n"));
  EXPECT_NEAR(tier.to_host.bytes_per_second, 24.25e9, 1);
  EXPECT_DOUBLE_EQ(tier.to_host.fixed_seconds, 3.1e-6);
}

TEST(Tiers,
     ranks_share_the_bandwidth_of_host_memory) {  // 60 GB/s over 4 ranks; 400 GB/s are more than 4 links
  const auto rate = [](const char* memory) {
    return tiers(pool(std::string("tp: 4\nkv: {host: {capacity: 1GiB, bytes_per_second: ") + memory + "}}\n"))
        .to_gpu.bytes_per_second;
  };
  EXPECT_DOUBLE_EQ(rate("60GB"), 15e9);
  EXPECT_DOUBLE_EQ(rate("400GB"), 52e9);
}

TEST(Tiers, whoever_may_share_has_the_same_keys) {
  const auto key = [](const std::string& yaml) { return tiers(yaml).key_space; };
  const std::uint64_t plain = key(pool(kHost));
  EXPECT_EQ(plain, key(pool("name: x\nreplicas: 3\nkv: {hash_seed: 0, host: {capacity: 1GiB}}\n")));
  EXPECT_NE(plain, key(pool("kv: {hash_seed: 1, host: {capacity: 1GiB}}\n")));
  EXPECT_NE(plain, key(pool("kv: {block_tokens: 32, host: {capacity: 1GiB}}\n")));
  EXPECT_NE(plain, key(pool("tp: 2\n" + kHost)));
  EXPECT_NE(plain, key(pool("types: {kv: fp8}\n" + kHost)));
  EXPECT_NE(plain, key("model: Qwen3-8B\naccelerator: H100-SXM-80\n" + kHost));
  const KvTierSettings random = tiers(pool("kv: {hash_seed: random, host: {capacity: 1GiB}}\n"));
  EXPECT_TRUE(random.private_keys);
  EXPECT_NE(plain, random.key_space);
}

TEST(Tiers, the_host_side_of_a_request_may_cost_by_the_token) {
  const Frontend frontend =
      fleet_of(pool("frontend: {seconds: 20ms, seconds_per_token: 4e-6, serial_seconds_per_token: 2e-6, "
                    "processes: 2}\n"))
          .pools[0]
          .frontend;
  EXPECT_DOUBLE_EQ(frontend.seconds, 0.02);
  EXPECT_DOUBLE_EQ(frontend.seconds_per_token, 4e-6);
  EXPECT_DOUBLE_EQ(frontend.serial_seconds_per_token, 2e-6);
  EXPECT_EQ(frontend.processes, 2u);
  EXPECT_DOUBLE_EQ(fleet_of(pool("frontend_seconds: 0.03\n")).pools[0].frontend.seconds, 0.03);
}

TEST(Tiers, servers_hold_as_many_replicas_as_their_accelerators_allow) {
  const auto of = [](const std::string& yaml) { return fleet_of(yaml).pools[0].replicas_per_server; };
  EXPECT_EQ(of(pool("")), 8u);
  EXPECT_EQ(of(pool("tp: 4\n")), 2u);
  EXPECT_EQ(of("servers: [{name: s, accelerator: L40S, accelerators: 4}]\npools: [{model: Qwen3-8B, server: "
               "s, tp: 2, engine: {max_model_len: 8192}}]\n"),
            2u);
}

TEST_F(StorageTiers, storage_alone_is_llm_ds_backend) {
  const Fleet fleet = fleet_of(pool(kScale + kStorage));
  const Pool& only = fleet.pools[0];
  ASSERT_TRUE(only.tiers.storage);
  const StorageMountSettings& mount = *only.tiers.storage;
  EXPECT_EQ(only.tiers.block_tokens, 256u);
  EXPECT_EQ(mount.threads, 64u);
  EXPECT_DOUBLE_EQ(mount.read_preferring, 0.75);
  EXPECT_DOUBLE_EQ(mount.queue_limit_seconds, 30);
  EXPECT_FALSE(mount.job_is_one_task);
  EXPECT_DOUBLE_EQ(only.nic_bytes_per_second, 50e9);
  EXPECT_TRUE(notes(fleet, "2 x 25000000000 bytes/s are taken"));
  EXPECT_TRUE(notes(fleet, "unverified default of ibm-storage-scale"));
}

TEST_F(StorageTiers, host_over_storage_is_vllms_tiering) {
  const KvTierSettings both = tiers(pool(kScale + kBoth + version("0.22.0")));
  EXPECT_EQ(both.block_tokens, 256u);
  EXPECT_TRUE(both.prompt_only);
  EXPECT_TRUE(both.waits_for_pending);
  EXPECT_EQ(both.storage->threads, 32u);
  EXPECT_DOUBLE_EQ(both.storage->read_preferring, 0.5);
  EXPECT_GE(both.storage->queue_limit_seconds, 1e9);  // no write is dropped
}

TEST_F(StorageTiers, a_system_says_all_of_itself) {
  const StorageSystemSettings system = fleet_of(pool(R"(
storage:
  - name: scale
    kind: nfs
    capacity: 100TB
    read_bytes_per_second: 60GB
    write_bytes_per_second: 30GB
    operations_per_second: 1000
    latency: 2ms
    eviction: {by: evictor, policy: lfu, above: 0.7, below: 0.5, every: 30s}
    retention: {limit: 24h, since: last-use}
    encryption: {bytes_per_second: 2GB, keys: tenant}
    endurance: 14PB
)"))
                                           .storage.at(0);
  EXPECT_EQ(system.site, "local");
  EXPECT_EQ(system.capacity_bytes, 100'000'000'000'000u);
  EXPECT_DOUBLE_EQ(system.write_bytes_per_second, 30e9);
  EXPECT_DOUBLE_EQ(system.operations_per_second, 1000);
  EXPECT_DOUBLE_EQ(system.latency_seconds, 0.002);
  EXPECT_EQ(system.eviction.by, StorageEviction::By::kEvictor);
  EXPECT_EQ(system.eviction.policy, EvictionPolicy::kLfu);
  EXPECT_EQ(system.eviction.every, 30 * kNanosecondsPerSecond);
  EXPECT_EQ(system.retention.limit, 86400 * kNanosecondsPerSecond);
  EXPECT_EQ(system.retention.since, RetentionSince::kLastUse);
  EXPECT_TRUE(system.key_per_tenant);
  EXPECT_DOUBLE_EQ(system.encryption_bytes_per_second, 2e9);
  EXPECT_DOUBLE_EQ(system.endurance_bytes, 14e15);
}

TEST_F(StorageTiers, a_thread_encrypts_after_it_copies) {  // 1 / (1/2 + 1/2) = 1 GB/s
  const std::string system =
      "storage: [{name: s, kind: local-nvme, capacity: 8TB, read_bytes_per_second: 24GB, "
      "write_bytes_per_second: 10GB, encryption: {bytes_per_second: 2GB}}]\n";
  const Pool own =
      fleet_of(pool(system + "kv: {storage: {system: s, thread_bytes_per_second: 2GB}}\n")).pools[0];
  EXPECT_DOUBLE_EQ(own.tiers.storage->thread_bytes_per_second, 1e9);
  EXPECT_DOUBLE_EQ(own.nic_bytes_per_second, 0);  // drives of its own server
}

TEST_F(StorageTiers, staging_memory_bounds_the_threads) {  // a file: 256 * 131072 = 33554432 bytes
  const Fleet fleet = fleet_of(pool(kScale + "kv: {storage: {system: scale, staging: 100000000}}\n"));
  EXPECT_EQ(fleet.pools[0].tiers.storage->threads, 2u);
  EXPECT_TRUE(notes(fleet, "so 2 of 64 threads run"));
}

TEST_F(StorageTiers, pools_that_share_nothing_on_one_system_are_noted) {
  const std::string entry = "accelerator: H200, kv: {storage: {system: scale}}}\n";
  EXPECT_TRUE(notes(fleet_of(kScale + "pools:\n  - {name: a, model: Llama-3.1-8B, " + entry +
                             "  - {name: b, model: Qwen3-8B, " + entry),
                    "nothing is shared between them"));
  EXPECT_FALSE(notes(fleet_of(kScale + "pools:\n  - {name: a, model: Qwen3-8B, " + entry +
                              "  - {name: b, model: Qwen3-8B, " + entry),
                     "nothing is shared between them"));
  EXPECT_TRUE(notes(fleet_of(pool(kScale + "kv: {hash_seed: random, storage: {system: scale}}\n")),
                    "its replicas share nothing on storage scale"));
}

TEST_F(StorageTiers, the_example_has_each_stack) {
  const std::string folder = std::string(KVSIM_SOURCE_DIR) + "/examples/kv-tiers/";
  const auto tiers_of = [&](const std::string& stack) {
    return load_fleet(folder + stack + "/fleet.yaml", shipped()).pools.at(0).tiers;
  };
  EXPECT_FALSE(tiers_of("gpu-only").any());
  EXPECT_TRUE(tiers_of("host").host && !tiers_of("host").storage);
  EXPECT_TRUE(!tiers_of("storage").host && tiers_of("storage").storage);
  EXPECT_TRUE(tiers_of("host-over-storage").host && tiers_of("host-over-storage").storage);
}

TEST_F(StorageTiers, what_is_written_back_is_read_as_the_same) {
  const std::string yaml = R"(
sites: [{name: a, rtt: {b: 3ms}}, {name: b}]
servers: [{name: box, accelerator: H200, accelerators: 8, host_memory: 2TiB, nics: 8, nic_bytes_per_second: 50GB}]
storage:
  - {name: scale, kind: ibm-storage-scale, site: b, capacity: 100TB, read_bytes_per_second: 60GB, write_bytes_per_second: 30GB,
     retention: {limit: 90d, since: write}, encryption: {keys: tenant}, endurance: 14PB}
  - {name: drive, kind: local-nvme, capacity: 8TB, read_bytes_per_second: 24GB, write_bytes_per_second: 10GB,
     encryption: {bytes_per_second: 2.1GB}, eviction: {by: store, policy: arc}}
network: {leaf: {servers: 16, oversubscription: 2.5}, site_links: [{from: a, to: b, bytes_per_second: 12.5GB}]}
tenants: [{name: acme}]
erasures: [{at: 3h, session: 17}, {at: 2h, tenant: acme}]
pools:
  - {name: host, site: a, model: Llama-3.1-70B, server: box, tp: 4,
     kv: {hash_seed: 7, copies: kernel, host: {capacity: 900GiB, eviction: arc, retention: {limit: 0.1s, since: last-use}, bytes_per_second: 100GB, encryption_bytes_per_second: 5GB}}}
  - {name: files, site: a, model: Llama-3.1-70B, server: box, tp: 4, frontend: {seconds_per_token: 4e-6, serial_seconds_per_token: 1e-6},
     kv: {hash_seed: random, storage: {system: scale, lookup: 20us, staging: 5GB}}}
  - {name: both, site: a, model: Llama-3.1-70B, server: box, tp: 4, engine: {version: "0.22.1"},
     kv: {block_tokens: 512, host: {capacity: 1TB}, storage: {system: drive, job_is_one_task: true}}}
)";
  const Fleet fleet = fleet_of(yaml);
  const std::string text = effective_yaml(fleet);
  const Fleet again = fleet_of(text);
  EXPECT_EQ(effective_yaml(again), text);
  EXPECT_EQ(again.digest, fleet.digest);
  ASSERT_EQ(again.erasures.size(), 2u);
  EXPECT_EQ(again.erasures[0].tenant, "acme");
  EXPECT_EQ(again.erasures[1].session, 17u);
  EXPECT_EQ(again.network.leaf->servers_per_leaf, 16u);
  for (std::size_t i = 0; i < fleet.pools.size(); ++i) {
    const KvTierSettings& before = fleet.pools[i].tiers;
    const KvTierSettings& after = again.pools[i].tiers;
    EXPECT_EQ(before.key_space, after.key_space);
    EXPECT_EQ(before.private_keys, after.private_keys);
    EXPECT_EQ(before.to_host.bytes_per_second, after.to_host.bytes_per_second);
    EXPECT_EQ(fleet.pools[i].nic_bytes_per_second, again.pools[i].nic_bytes_per_second);
    ASSERT_EQ(before.host.has_value(), after.host.has_value());
    if (before.host) {
      EXPECT_EQ(before.host->retention.limit, after.host->retention.limit);
    }
    ASSERT_EQ(before.storage.has_value(), after.storage.has_value());
    if (!before.storage) continue;
    EXPECT_EQ(before.storage->threads, after.storage->threads);
    EXPECT_EQ(before.storage->thread_bytes_per_second, after.storage->thread_bytes_per_second);
  }
}

}  // namespace
}  // namespace kvsim::sim
