// SPDX-License-Identifier: Apache-2.0
// One engine over host memory and storage, times worked out by hand. Steps take
//   T = 10 ms + 10 us x prefill tokens + 100 us x decodes
// and a block of 16 tokens is 16 bytes: a GPU-host copy takes 1 us + 16 B / (16 MB/s) = 2 us, the storage
// servers move 1 MB/s, so 16 us a block. GPU memory has 110 blocks: a prompt of 1600 tokens takes 100 of them
// and leaves of the one before only its first 10.
#include <gtest/gtest.h>

#include <map>

#include "sim/cluster/simulation.h"
#include "tests/sim/support/event_log.h"
#include "tests/sim/support/fleets.h"
#include "tests/sim/support/scripted_source.h"

namespace kvsim {
namespace {

using sim::RequestRecord;
using testing::plain_request;
using testing::Scripted;

constexpr Nanoseconds kMs = 1'000'000;
constexpr Nanoseconds kUs = 1'000;
constexpr Nanoseconds kSecond = 1'000 * kMs;
constexpr std::uint64_t kPlenty = 1'000'000;

sim::Fleet one_engine() {
  auto times = std::make_shared<testing::LinearStepTime>();
  times->context_token_seconds = 0;
  sim::Pool pool = testing::plain_pool("pool", times);
  pool.kv_blocks = 110;
  pool.tiers.block_tokens = 16;
  pool.tiers.block_bytes = 16;
  pool.tiers.copy_bytes = 16;
  pool.tiers.to_host = pool.tiers.to_gpu = {1e-6, 16e6};
  return testing::plain_fleet(pool);
}

sim::KvTierSettings& tiers(sim::Fleet& fleet) { return fleet.pools[0].tiers; }

void add_host(sim::Fleet& fleet, std::uint64_t bytes) {
  tiers(fleet).host = {bytes, sim::EvictionPolicy::kLru, {}};
}

void add_storage(sim::Fleet& fleet) {
  sim::StorageSystemSettings system;
  system.name = "shared";
  system.capacity_bytes = kPlenty;
  system.read_bytes_per_second = system.write_bytes_per_second = 1e6;
  system.operations_per_second = 1e12;
  fleet.storage = {system};
  fleet.pools[0].nic_bytes_per_second = 1e9;
  tiers(fleet).storage = sim::StorageMountSettings{};
}

struct Played {
  std::map<std::uint64_t, RequestRecord> records;
  testing::EventLog log;
};

Played play(const sim::Fleet& fleet, std::vector<Scripted> script, traces::Names names = {}) {
  Played run;
  testing::ScriptedSource source(std::move(script), names);
  sim::simulate(fleet, source, run.log, {});
  for (const RequestRecord& record : run.log.records) run.records[record.id] = record;
  return run;
}

// Prompt 1 at 0 s, prompt 2 at 1 s, prompt 1 again at 2 s.
std::vector<Scripted> there_and_back(std::uint32_t tokens = 1600) {
  return {{plain_request(0, tokens, 1, 1)},
          {plain_request(kSecond, tokens, 1, 2)},
          {plain_request(2 * kSecond, tokens, 1, 1)}};
}

TEST(Tiers, AHostHitIsLoadedAndItsLastTokenComputed) {
  // Of 100 blocks 10 are in GPU memory, 90 come in 90 x 2 us; then one token is computed: 10.1 ms.
  sim::Fleet fleet = one_engine();
  add_host(fleet, kPlenty);
  const RequestRecord again = play(fleet, there_and_back()).records.at(2);
  EXPECT_EQ(again.hit_tokens, 160u);
  EXPECT_EQ(again.host_hit_tokens, 1440u);
  EXPECT_EQ(again.storage_hit_tokens, 0u);
  EXPECT_EQ(again.load_wait, 180 * kUs);
  EXPECT_EQ(again.first_token, 2 * kSecond + 180 * kUs + 10'100 * kUs);
}

TEST(Tiers, WhatALargerOffloadBlockDoesNotFillIsComputed) {
  // 1650 tokens are 25 offload blocks of 64 and 50 tokens more. GPU memory keeps 6 of the 104 blocks: 96
  // tokens; the block of 64 that these end in is loaded whole. 24 copies of 64 bytes: 24 x (1 us + 4 us).
  sim::Fleet fleet = one_engine();
  add_host(fleet, kPlenty);
  tiers(fleet).block_tokens = 64;
  tiers(fleet).block_bytes = tiers(fleet).copy_bytes = 64;
  const RequestRecord again = play(fleet, there_and_back(1650)).records.at(2);
  EXPECT_EQ(again.hit_tokens, 96u);
  EXPECT_EQ(again.host_hit_tokens, 25u * 64 - 96);
  EXPECT_EQ(again.first_token, 2 * kSecond + 120 * kUs + 10 * kMs + 50 * 10 * kUs);
}

TEST(Tiers, OthersPassARequestThatLoads) {
  // The new prompt of 100 tokens takes its step of 11 ms at once; the load is seen at that step's end.
  sim::Fleet fleet = one_engine();
  add_host(fleet, kPlenty);
  std::vector<Scripted> script = there_and_back();
  script.push_back({plain_request(2 * kSecond, 100, 1, 3)});
  const Played run = play(fleet, script);
  EXPECT_EQ(run.records.at(3).first_token, 2 * kSecond + 11 * kMs);
  EXPECT_EQ(run.records.at(2).load_wait, 11 * kMs);
  EXPECT_EQ(run.records.at(2).first_token, 2 * kSecond + 11 * kMs + 10'100 * kUs);
}

TEST(Tiers, ABlockBeingLoadedIsNotLoadedTwice) {
  // The second one waits for the first's 90 blocks, then finds 99 in GPU memory and loads the last one alone.
  sim::Fleet fleet = one_engine();
  add_host(fleet, kPlenty);
  fleet.pools[0].kv_blocks = 210;
  std::vector<Scripted> script = there_and_back();
  script.insert(script.begin() + 2, {plain_request(kSecond + 500 * kMs, 1600, 1, 4)});
  script.push_back({plain_request(2 * kSecond, 1600, 1, 1)});
  const Played run = play(fleet, script);
  EXPECT_EQ(run.records.at(3).hit_tokens + run.records.at(3).host_hit_tokens, 1600u);
  EXPECT_EQ(run.records.at(4).hit_tokens, 1584u);
  EXPECT_EQ(run.records.at(4).host_hit_tokens, 16u);
}

TEST(Tiers, AFinishedRequestKeepsItsGpuBlocksUntilItsStoreHasEnded) {
  // 100 copies of 1 ms, from 26 ms on: the next prompt has its blocks at 126 ms.
  sim::Fleet fleet = one_engine();
  add_host(fleet, kPlenty);
  tiers(fleet).to_host = {1e-3, 16e12};
  const Played run = play(fleet, {{plain_request(0, 1600, 1, 1)}, {plain_request(50 * kMs, 1600, 1, 2)}});
  EXPECT_EQ(run.records.at(0).finished, 26 * kMs);
  EXPECT_NEAR(static_cast<double>(run.records.at(1).first_token), 126e6 + 26e6, 1e3);
}

TEST(Tiers, AStoreWithoutRoomIsSkipped) {
  sim::Fleet fleet = one_engine();
  add_host(fleet, 99 * 16);
  const Played run = play(fleet, there_and_back());
  EXPECT_EQ(run.records.at(2).host_hit_tokens, 0u);
  EXPECT_EQ(run.records.at(2).first_token, 2 * kSecond + 10 * kMs + 1440 * 10 * kUs);
}

TEST(Tiers, GeneratedTokensAreStoredUnlessThePromptAlone) {
  // 1580 + 40 tokens; the next turn holds the answer. All 101 blocks of 1616 tokens are known but the last
  // token's.
  const auto next_turn_hits = [](bool prompt_only) {
    sim::Fleet fleet = one_engine();
    add_host(fleet, kPlenty);
    tiers(fleet).prompt_only = prompt_only;
    Scripted first{plain_request(0, 1580, 40, 1)}, next{plain_request(2 * kSecond, 1640, 1, 1)};
    next.request.prompt = first.request.prompt;
    traces::append_piece(next.request.prompt, {first.request.output_stream, 0, 40});
    traces::append_piece(next.request.prompt, {99, 0, 20});
    const Played run = play(fleet, {first, {plain_request(kSecond, 1600, 1, 2)}, next});
    return run.records.at(2).hit_tokens + run.records.at(2).host_hit_tokens;
  };
  EXPECT_EQ(next_turn_hits(true), 1568u);
  EXPECT_EQ(next_turn_hits(false), 1616u);
}

TEST(Tiers, ReplicasShareStorageWhereKeysAgree) {
  // The other replica reads 100 blocks of 16 bytes at 1 MB/s: 1.6 ms.
  sim::Fleet fleet = one_engine();
  add_storage(fleet);
  fleet.pools[0].replicas = 2;
  const std::vector<Scripted> script{{plain_request(0, 1600, 1, 1)}, {plain_request(kSecond, 1600, 1, 1)}};
  const RequestRecord shared = play(fleet, script).records.at(1);
  EXPECT_EQ(shared.hit_tokens, 0u);
  EXPECT_EQ(shared.storage_hit_tokens, 1600u);
  EXPECT_NEAR(static_cast<double>(shared.first_token), 1e9 + 1.6e6 + 10.1e6, 10);
  tiers(fleet).private_keys = true;
  EXPECT_EQ(play(fleet, script).records.at(1).storage_hit_tokens, 0u);
}

TEST(Tiers, TenantsWithOwnSaltOrOwnKeysShareNothing) {
  sim::Fleet fleet = one_engine();
  add_storage(fleet);
  fleet.pools[0].replicas = 2;
  traces::Names names;
  names.tenants = {"", "alone"};
  std::vector<Scripted> script{{plain_request(0, 1600, 1, 1)}, {plain_request(kSecond, 1600, 1, 1)}};
  script[1].request.tenant = 1;
  EXPECT_EQ(play(fleet, script, names).records.at(1).storage_hit_tokens, 1600u);
  fleet.storage[0].key_per_tenant = true;
  EXPECT_EQ(play(fleet, script, names).records.at(1).storage_hit_tokens, 0u);
  fleet.storage[0].key_per_tenant = false;
  fleet.tenants.push_back({"alone", sim::Isolation::kOwnSalt, ""});
  EXPECT_EQ(play(fleet, script, names).records.at(1).storage_hit_tokens, 0u);
}

TEST(Tiers, ALookupOfFilesDelaysTheStep) {
  // 100 files of 50 us each are looked up before the read is submitted.
  sim::Fleet fleet = one_engine();
  add_storage(fleet);
  fleet.pools[0].replicas = 2;
  tiers(fleet).storage->lookup_seconds = 50e-6;
  const Played run = play(fleet, {{plain_request(0, 1600, 1, 1)}, {plain_request(kSecond, 1600, 1, 1)}});
  EXPECT_NEAR(static_cast<double>(run.records.at(1).first_token), 1e9 + 5e6 + 1.6e6 + 10.1e6, 10);
}

TEST(Tiers, StorageUnderHostIsPromotedThenLoaded) {
  // The host holds one prompt: the second has driven the first out. This replica wrote the files, so it need
  // not check that they are there: 90 blocks at 16 us, then 90 at 2 us.
  sim::Fleet fleet = one_engine();
  add_storage(fleet);
  add_host(fleet, 100 * 16);
  tiers(fleet).storage->lookup_seconds = 1e-3;
  const RequestRecord again = play(fleet, there_and_back()).records.at(2);
  EXPECT_EQ(again.host_hit_tokens, 0u);
  EXPECT_EQ(again.storage_hit_tokens, 1440u);
  EXPECT_NEAR(static_cast<double>(again.first_token), 2e9 + 1.44e6 + 0.18e6 + 10.1e6, 10);
}

TEST(Tiers, StorageThatAnotherReplicaFilledIsCheckedFirst) {
  // 100 files on 64 threads: two rounds of 1 ms; then 100 blocks at 16 us and at 2 us.
  sim::Fleet fleet = one_engine();
  add_storage(fleet);
  add_host(fleet, kPlenty);
  fleet.pools[0].replicas = 2;
  tiers(fleet).storage->lookup_seconds = 1e-3;
  const RequestRecord other =
      play(fleet, {{plain_request(0, 1600, 1, 1)}, {plain_request(kSecond, 1600, 1, 1)}}).records.at(1);
  EXPECT_EQ(other.storage_hit_tokens, 1600u);
  EXPECT_NEAR(static_cast<double>(other.first_token), 1e9 + 2e6 + 1.6e6 + 0.2e6 + 10.1e6, 10);
}

TEST(Tiers, NothingIsServedPastItsRetention) {
  // Written at 26.2 ms.
  const auto hits_with = [](double seconds, sim::RetentionSince since, Nanoseconds touched) {
    sim::Fleet fleet = one_engine();
    add_host(fleet, kPlenty);
    tiers(fleet).host->retention = {from_seconds(seconds), since};
    std::vector<Scripted> script = there_and_back();
    if (touched > 0) {
      script.insert(script.begin() + 2, {plain_request(touched, 1600, 1, 1)});
      script.insert(script.begin() + 3, {plain_request(touched + 300 * kMs, 1600, 1, 5)});
    }
    return play(fleet, script).records.at(touched > 0 ? 4 : 2).host_hit_tokens;
  };
  EXPECT_EQ(hits_with(2.1, sim::RetentionSince::kWrite, 0), 1440u);
  EXPECT_EQ(hits_with(1.9, sim::RetentionSince::kWrite, 0), 0u);
  EXPECT_EQ(hits_with(1.9, sim::RetentionSince::kLastUse, kSecond + 500 * kMs), 1440u);
  EXPECT_EQ(hits_with(1.9, sim::RetentionSince::kWrite, kSecond + 500 * kMs), 0u);
}

TEST(Tiers, AnErasedTenantFindsNothing) {
  sim::Fleet fleet = one_engine();
  add_host(fleet, kPlenty);
  traces::Names names;
  names.tenants = {"", "leaves"};
  std::vector<Scripted> script = there_and_back();
  script[0].request.tenant = script[2].request.tenant = 1;
  EXPECT_EQ(play(fleet, script, names).records.at(2).host_hit_tokens, 1440u);
  fleet.erasures = {{kSecond + 500 * kMs, "leaves", 0}};
  EXPECT_EQ(play(fleet, script, names).records.at(2).host_hit_tokens, 0u);
}

TEST(Tiers, AnErasedSessionFindsNothing) {
  sim::Fleet fleet = one_engine();
  add_host(fleet, kPlenty);
  std::vector<Scripted> script = there_and_back();
  script[0].request.session = 7;
  fleet.erasures = {{kSecond + 500 * kMs, "", 8}};
  EXPECT_EQ(play(fleet, script).records.at(2).host_hit_tokens, 1440u);
  fleet.erasures = {{kSecond + 500 * kMs, "", 7}};
  EXPECT_EQ(play(fleet, script).records.at(2).host_hit_tokens, 0u);
}

TEST(Tiers, CopiesByKernelTakeTimeFromTheNextStep) {
  // 100 copies of 2 us, half of which the next step loses: 0.1 ms on the first decode.
  const auto finished = [](double interference) {
    sim::Fleet fleet = one_engine();
    add_host(fleet, kPlenty);
    tiers(fleet).copy_interference = interference;
    return play(fleet, {{plain_request(0, 1600, 10, 1)}}).records.at(0).finished;
  };
  EXPECT_EQ(finished(0.5) - finished(0), 100 * kUs);
}

TEST(Tiers, TheFrontEndPassesRequestsOneByOneWhereItIsSerial) {
  // 1000 tokens: 5 ms in all, of which 3 ms keep the one process; prompts of a block each would share a step.
  sim::Fleet fleet = one_engine();
  fleet.pools[0].frontend = {1e-3, 4e-6, 3e-6, 1};
  const Played run = play(fleet, {{plain_request(0, 1000, 1, 1)}, {plain_request(0, 500, 1, 2)}});
  EXPECT_EQ(run.records.at(0).queued, 5 * kMs);
  EXPECT_EQ(run.records.at(1).queued, 3 * kMs + 3 * kMs);
}

}  // namespace
}  // namespace kvsim
