// SPDX-License-Identifier: Apache-2.0
// Prefill here, decode there, times worked out by hand. Steps take
//   T = 10 ms + 10 us x prefill tokens + 100 us x decodes
// and a token's KV is 1000 bytes. A rank moves 1 GB/s, so 1600 tokens take 1.6 ms, after 22 ms of start (222
// ms at the first contact of a pair); the hop from prefill to decode replica is 1 ms. A pull ends 1 ns late.
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "sim/cluster/simulation.h"
#include "sim/fabric/fabric.h"
#include "tests/sim/support/event_log.h"
#include "tests/sim/support/fleets.h"
#include "tests/sim/support/near.h"
#include "tests/sim/support/scripted_source.h"

namespace kvsim {
namespace {

using sim::RequestRecord;
using sim::RequestStatus;
using testing::plain_request;
using testing::Scripted;

constexpr Nanoseconds kUs = 1'000;
constexpr Nanoseconds kMs = 1'000'000;
constexpr Nanoseconds kSecond = 1'000 * kMs;
constexpr Nanoseconds kStep = 10'100 * kUs;  // one decode
constexpr Nanoseconds kRounding = 3;         // ns

sim::Pool pool_of(const std::string& name, sim::PoolRole role) {
  auto times = std::make_shared<testing::LinearStepTime>();
  times->context_token_seconds = 0;
  sim::Pool pool = testing::plain_pool(name, times);
  pool.role = role;
  pool.kv_bytes_per_block = 16'000;
  pool.nic_bytes_per_second = 50e9;
  return pool;
}

sim::Fleet prefill_and_decode() {
  sim::Fleet fleet = testing::plain_fleet(pool_of("prefill", sim::PoolRole::kPrefill));
  fleet.pools.push_back(pool_of("decode", sim::PoolRole::kDecode));
  fleet.router.policy = "pd-round-robin";
  fleet.router.disaggregation.rank_bytes_per_second = 1e9;
  return fleet;
}

struct Played {
  std::map<std::uint64_t, RequestRecord> records;
  testing::EventLog log;
};

// Samples see the blocks of each replica, by time.
struct Usage final : sim::Observer {
  std::map<Nanoseconds, std::vector<std::uint64_t>> used;
  sim::ReplicaSnapshot last_decode;
  void on_sample(Nanoseconds time, Nanoseconds, const sim::ReplicaSnapshot* all,
                 std::uint32_t count) override {
    for (std::uint32_t i = 0; i < count; ++i) used[time].push_back(all[i].used_blocks);
    last_decode = all[count - 1];
  }
};

class Disaggregation : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!sim::has_simgrid()) GTEST_SKIP() << "a build without SimGrid";
  }
  static Played play(const sim::Fleet& fleet, std::vector<Scripted> script) {
    Played run;
    testing::ScriptedSource source(std::move(script));
    sim::simulate(fleet, source, run.log, {});
    for (const RequestRecord& record : run.log.records) run.records[record.id] = record;
    EXPECT_EQ(run.records.size(), run.log.records.size()) << "a request ended twice";
    return run;
  }
  static Usage usage(const sim::Fleet& fleet, std::vector<Scripted> script) {
    Usage seen;
    testing::ScriptedSource source(std::move(script));
    sim::RunOptions options;
    options.sample_every = 10 * kMs;
    options.max_samples = 1'000'000;
    sim::simulate(fleet, source, seen, options);
    return seen;
  }
};

TEST_F(Disaggregation, TimeToFirstTokenIsTheSumOfItsParts) {
  // Prefill 10 + 16 ms, hop 1 ms, handshake and start 222 ms, pull 1.6 ms, one step of the decode replica.
  const RequestRecord record = play(prefill_and_decode(), {{plain_request(0, 1600, 3, 1)}}).records.at(0);
  EXPECT_EQ(record.prefill_replica, 0u);
  EXPECT_EQ(record.replica, 1u);
  EXPECT_EQ(record.pulled_tokens, 1600u);
  EXPECT_EQ(record.prefill_ended, 26 * kMs);
  EXPECT_EQ(record.queued, 27 * kMs);
  EXPECT_TRUE(kvsim::testing::near(record.load_wait, 223'600 * kUs, kRounding));
  EXPECT_TRUE(kvsim::testing::near(record.first_token, 27 * kMs + 223'600 * kUs + kStep, kRounding));
  EXPECT_EQ(record.finished - record.first_token, 2 * kStep)
      << "the first token is not the prefill replica's";
  EXPECT_EQ(record.output_tokens, 3u);
}

TEST_F(Disaggregation, OnlyTheFirstPullOfAPairShakesHands) {
  const Played run =
      play(prefill_and_decode(), {{plain_request(0, 1600, 1, 1)}, {plain_request(kSecond, 1600, 1, 2)}});
  EXPECT_TRUE(
      kvsim::testing::near(run.records.at(0).load_wait - run.records.at(1).load_wait, 200 * kMs, kRounding));
}

TEST_F(Disaggregation, ConcurrentPullsShareTheGiver) {
  // Both prompts are one step of the prefill replica; then each decode replica gets half of its 1 GB/s.
  sim::Fleet fleet = prefill_and_decode();
  fleet.pools[1].replicas = 2;
  const Played run = play(fleet, {{plain_request(0, 1600, 1, 1)}, {plain_request(0, 1600, 1, 2)}});
  for (const std::uint64_t id : {0, 1})
    EXPECT_TRUE(kvsim::testing::near(run.records.at(id).load_wait, 222 * kMs + 3'200 * kUs, kRounding)) << id;
}

TEST_F(Disaggregation, ATakersRanksReadSideBySide) {
  sim::Fleet fleet = prefill_and_decode();
  fleet.pools[0].tp = fleet.pools[1].tp = 2;
  const Played run = play(fleet, {{plain_request(0, 1600, 1, 1)}});
  EXPECT_TRUE(kvsim::testing::near(run.records.at(0).load_wait, 222 * kMs + 800 * kUs, kRounding));
}

TEST_F(Disaggregation, TheServersNicsMayBeTheBottleneck) {
  sim::Fleet fleet = prefill_and_decode();
  fleet.pools[1].nic_bytes_per_second = 0.1e9;
  const Played run = play(fleet, {{plain_request(0, 1600, 1, 1)}});
  EXPECT_TRUE(kvsim::testing::near(run.records.at(0).load_wait, 222 * kMs + 16 * kMs, kRounding));
}

TEST_F(Disaggregation, ALinkBetweenSitesMayBeTheBottleneck) {
  // The decode pool is 4 ms away from its clients and 10 ms from the prefill pool: the request goes 4 + 10
  // ms, the answer of the prefill 10 ms, the first token 4 ms. 1.6 MB take 160 ms at 10 MB/s.
  sim::Fleet fleet = prefill_and_decode();
  fleet.sites = {{"near", {}, 8e-3, {{"far", 20e-3}}}, {"far", {}, 0, {{"near", 20e-3}}}};
  fleet.pools[0].site = "far";
  fleet.pools[1].site = "near";
  fleet.network.site_links = {{"far", "near", 10e6}};
  const RequestRecord record = play(fleet, {{plain_request(0, 1600, 1, 1)}}).records.at(0);
  EXPECT_EQ(record.prefill_queued, 14 * kMs);
  EXPECT_EQ(record.queued, 14 * kMs + 26 * kMs + 11 * kMs);
  EXPECT_TRUE(kvsim::testing::near(record.load_wait, 222 * kMs + 160 * kMs, kRounding));
  EXPECT_TRUE(kvsim::testing::near(record.first_token, record.queued + record.load_wait + kStep + 4 * kMs,
                                   kRounding));
}

TEST_F(Disaggregation, ALocalHitShrinksThePull) {
  // 99 of 100 blocks are in the decode replica's cache: the last token is computed anyway.
  const Played run =
      play(prefill_and_decode(), {{plain_request(0, 1600, 1, 1)}, {plain_request(kSecond, 1600, 1, 1)}});
  EXPECT_EQ(run.records.at(1).pulled_tokens, 16u);
  EXPECT_EQ(run.records.at(1).hit_tokens, 1584u) << "of the prefill replica";
  EXPECT_TRUE(kvsim::testing::near(run.records.at(1).load_wait, 22 * kMs + 16 * kUs, kRounding));
}

TEST_F(Disaggregation, AWaitingDecodePoolBacksUpKvOnThePrefillPool) {
  // The first request fills the decode replica for 20 steps of 10.1 ms, from 1.2606 s on; the second one's
  // blocks wait on the prefill replica until then, heartbeats or a long lease keeping them.
  sim::Fleet fleet = prefill_and_decode();
  fleet.pools[1].kv_blocks = 150;
  const std::vector<Scripted> script = {{plain_request(0, 1600, 100, 1)}, {plain_request(kMs, 1600, 1, 2)}};
  const Usage seen = usage(fleet, script);
  EXPECT_EQ(seen.used.at(1000 * kMs)[0], 100u);
  EXPECT_EQ(seen.used.rbegin()->second[0], 0u);
  const Played run = play(fleet, script);
  EXPECT_EQ(run.records.at(1).pulled_tokens, 1600u);
  EXPECT_EQ(run.records.at(1).prefill_replica, 0u);
  EXPECT_GT(run.records.at(1).scheduled, run.records.at(0).finished);
}

class LostLease : public Disaggregation {
 protected:
  void SetUp() override {
    Disaggregation::SetUp();
    fleet_ = prefill_and_decode();
    fleet_.pools[1].kv_blocks = 150;
    fleet_.router.disaggregation.lease_renewed = false;
    fleet_.router.disaggregation.lease_seconds = 0.5;
  }
  // The second prompt's prefill ends at 26 + 26 ms, its lease at 552 ms; the decode replica has no room until
  // 1.2 s.
  std::vector<Scripted> script_ = {{plain_request(0, 1600, 100, 1)}, {plain_request(kMs, 1600, 1, 2)}};
  sim::Fleet fleet_;
};

TEST_F(LostLease, IsPrefilledByTheDecodeReplica) {
  const Played run = play(fleet_, script_);
  const RequestRecord &first = run.records.at(0), &second = run.records.at(1);
  EXPECT_FALSE(second.prefill_replica.has_value());
  EXPECT_EQ(second.pulled_tokens, 0u);
  EXPECT_EQ(second.scheduled, first.finished);
  EXPECT_EQ(second.first_token, first.finished + 26 * kMs);
  EXPECT_EQ(usage(fleet_, script_).used.at(560 * kMs)[0], 0u) << "freed with the lease";
}

TEST_F(LostLease, FailsWhereThatIsSet) {
  fleet_.router.disaggregation.local_prefill_on_failure = false;
  const RequestRecord second = play(fleet_, script_).records.at(1);
  EXPECT_EQ(second.status, RequestStatus::kHandOverFailed);
  EXPECT_EQ(second.finished, 552 * kMs);
}

TEST_F(LostLease, MayEndOnTheWay) {
  fleet_.router.disaggregation.lease_seconds = 0.0005;
  EXPECT_EQ(play(fleet_, script_).records.at(0).pulled_tokens, 0u);
  fleet_.router.disaggregation.local_prefill_on_failure = false;
  const RequestRecord first = play(fleet_, script_).records.at(0);
  EXPECT_EQ(first.status, RequestStatus::kHandOverFailed);
  EXPECT_EQ(first.finished, 27 * kMs);
}

TEST_F(Disaggregation, AClientMayLeaveAtAnyStage) {
  // Prefill until 26 ms, hop until 27 ms, pull until 250.6 ms, decode afterwards.
  struct Case {
    Nanoseconds patience;
    std::uint64_t prefill_blocks, decode_blocks;  // 10 ms later
  };
  // While it is on the way nobody tells the prefill replica: the lease has to end. The pull ends in any case.
  for (const Case& c :
       {Case{5 * kMs, 0, 0}, Case{26'500 * kUs, 100, 0}, Case{100 * kMs, 100, 100}, Case{270 * kMs, 0, 0}}) {
    SCOPED_TRACE(c.patience);
    sim::Fleet fleet = prefill_and_decode();
    fleet.router.disaggregation.lease_seconds = 2;
    traces::Request leaves = plain_request(0, 1600, 100, 1);
    leaves.timeout = c.patience;
    const std::vector<Scripted> script = {{leaves}, {plain_request(3 * kSecond, 16, 1, 9)}};
    const Played run = play(fleet, script);
    EXPECT_EQ(run.records.at(0).status, RequestStatus::kTimedOut);
    EXPECT_EQ(run.records.at(0).finished, c.patience);
    const Usage seen = usage(fleet, script);
    const Nanoseconds later = (c.patience / (10 * kMs) + 3) * 10 * kMs;
    EXPECT_EQ(seen.used.at(later), (std::vector<std::uint64_t>{c.prefill_blocks, c.decode_blocks}));
    EXPECT_EQ(seen.used.at(2'900 * kMs), (std::vector<std::uint64_t>{0, 0}));
  }
}

TEST_F(Disaggregation, OneThatIsStillWaitingFreesBothSidesAtOnce) {
  sim::Fleet fleet = prefill_and_decode();
  fleet.pools[1].kv_blocks = 150;
  traces::Request leaves = plain_request(kMs, 1600, 1, 2);
  leaves.timeout = 400 * kMs;
  const Usage seen = usage(fleet, {{plain_request(0, 1600, 100, 1)}, {leaves}});
  EXPECT_EQ(seen.used.at(400 * kMs)[0], 100u);
  EXPECT_EQ(seen.used.at(410 * kMs)[0], 0u);
}

TEST_F(Disaggregation, PulledBytesAreCounted) {
  const Usage seen =
      usage(prefill_and_decode(), {{plain_request(0, 1600, 1, 1)}, {plain_request(kSecond, 1600, 1, 1)}});
  EXPECT_EQ(seen.last_decode.tiers.pulls, 2u);
  EXPECT_EQ(seen.last_decode.tiers.pulled_bytes, 1616e3);
}

// Pulls of gpt-oss-120b between two H200 (llm-d's blog, 2026-08-15), 73,728 bytes a token (36 layers, 8 KV
// heads of 64, bf16): defaults within 12 % at each length, 5 % in the mean.
TEST_F(Disaggregation, DefaultsGiveThePublishedPulls) {
  const std::map<std::uint32_t, double> published_ms = {
      {2048, 34.6}, {8192, 56.5}, {16384, 85.9}, {32768, 165.2}, {49152, 235.0}};
  sim::Fleet fleet = prefill_and_decode();
  fleet.router.disaggregation = {};
  fleet.router.disaggregation.handshake_seconds = 0;
  for (sim::Pool& pool : fleet.pools) pool.kv_bytes_per_block = 16 * 73'728.0;
  double sum = 0;
  for (const auto& [tokens, published] : published_ms) {
    const Played run = play(fleet, {{plain_request(0, tokens, 1, 1)}});
    const double pull_ms = static_cast<double>(run.records.at(0).load_wait) / static_cast<double>(kMs);
    EXPECT_NEAR(pull_ms / published, 1, 0.12) << tokens;
    sum += std::abs(pull_ms / published - 1);
  }
  EXPECT_LT(sum / static_cast<double>(published_ms.size()), 0.05);
}

TEST_F(Disaggregation, APromptTooLongForThePrefillPoolIsPrefilledWhereItDecodes) {
  sim::Fleet fleet = prefill_and_decode();
  fleet.pools[0].engine.max_model_len = 1600;  // one token less than prompt and answer of the prefill
  const RequestRecord record = play(fleet, {{plain_request(0, 1600, 1, 1)}}).records.at(0);
  EXPECT_EQ(record.first_token, 26 * kMs);
  EXPECT_FALSE(record.prefill_replica.has_value());
}

TEST_F(Disaggregation, PlainPoliciesLeavePrefillPoolsAlone) {
  sim::Fleet fleet = prefill_and_decode();
  for (const char* policy : {"round-robin", "random", "least-request", "power-of-two", "session-hash"}) {
    fleet.router.policy = policy;
    const RequestRecord record = play(fleet, {{plain_request(0, 1600, 1, 1)}}).records.at(0);
    EXPECT_EQ(record.replica, 1u) << policy;
    EXPECT_EQ(record.first_token, 26 * kMs) << policy;
  }
}

TEST_F(Disaggregation, ReplicasOfBothRolesServeAlone) {
  sim::Fleet fleet = prefill_and_decode();
  fleet.pools.push_back(pool_of("both", sim::PoolRole::kBoth));
  const Played run = play(fleet, {{plain_request(0, 1600, 1, 1)}, {plain_request(kSecond, 1600, 1, 2)}});
  EXPECT_EQ(run.records.at(0).prefill_replica, 0u);
  EXPECT_EQ(run.records.at(1).replica, 2u);
  EXPECT_FALSE(run.records.at(1).prefill_replica.has_value());
}

}  // namespace
}  // namespace kvsim
