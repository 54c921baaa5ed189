// SPDX-License-Identifier: Apache-2.0
// What is counted of hits in, loads from and traffic between the tiers of the KV cache.
#include <gtest/gtest.h>

#include <cmath>

#include "sim/metrics/summarize.h"

namespace kvsim::sim {
namespace {

RequestRecord request(double load_wait_seconds, std::uint32_t pool = 0) {
  RequestRecord record;
  record.pool = record.replica = pool;
  record.group = pool;
  record.input_tokens = 100;
  record.output_tokens = 11;
  record.hit_tokens = 16;
  if (load_wait_seconds > 0) record.host_hit_tokens = 32;
  if (load_wait_seconds > 0) record.storage_hit_tokens = 48;
  record.load_wait = from_seconds(load_wait_seconds);
  record.queued = from_seconds(0.1);
  record.scheduled = from_seconds(0.5);
  record.first_token = from_seconds(0.75);
  record.finished = from_seconds(1.75);
  return record;
}

Summary summary_of(const std::vector<RequestRecord>& records) {
  Recorder recorder(std::vector<PoolInfo>(2));
  for (const RequestRecord& record : records) {
    recorder.on_arrival(record.arrival, record.group);
    recorder.on_finished(record);
  }
  RunFacts facts;
  facts.end = from_seconds(10);
  facts.groups = {{0, 0, 0}, {1, 1, 1}};
  facts.labels = {{"m", "n"}, {"chat", "batch"}, {"t", "u"}};
  return summarize(recorder, facts);
}

void expect_hits(const CacheUse& cache, std::uint64_t gpu, std::uint64_t host, std::uint64_t storage) {
  EXPECT_EQ(cache.hit_tokens_gpu, gpu);
  EXPECT_EQ(cache.hit_tokens_host, host);
  EXPECT_EQ(cache.hit_tokens_storage, storage);
}

// (16 + 32 + 48) of 100 and 16 of 100: 112 of 200.
TEST(TierUse, CountsHitsByTierAndTheirRatioOverAllTiers) {
  const Summary summary = summary_of({request(0.25, 0), request(0, 1)});
  expect_hits(summary.total.cache, 32, 32, 48);
  EXPECT_DOUBLE_EQ(summary.total.cache.hit_ratio(), 0.56);
  for (const auto* groups : {&summary.models, &summary.classes, &summary.tenants}) {
    expect_hits(groups->at(0).cache, 16, 32, 48);
    expect_hits(groups->at(1).cache, 16, 0, 0);
  }
  expect_hits(summary.pools[0].cache, 16, 32, 48);
  expect_hits(summary.pools[1].cache, 16, 0, 0);
}

TEST(TierUse, CountsNoHitOfARequestThatWasNeverAdmitted) {
  RequestRecord waiting = request(0.25);
  waiting.status = RequestStatus::kTimedOut;
  waiting.scheduled = waiting.first_token = kNever;
  expect_hits(summary_of({waiting}).total.cache, 0, 0, 0);
}

// 0.4 s in the queue, 0.25 of them for loads: 0.1 + 0.15 + 0.25 + 0.25 + 1 = 1.75 s.
TEST(TierUse, PartsTheWaitForLoadsFromTheQueueWithoutARest) {
  const GroupSummary total = summary_of({request(0.25)}).total;
  EXPECT_DOUBLE_EQ(total.time.before_queue, 0.1);
  EXPECT_DOUBLE_EQ(total.time.queue, 0.15);
  EXPECT_DOUBLE_EQ(total.time.load, 0.25);
  EXPECT_DOUBLE_EQ(total.time.prefill, 0.25);
  EXPECT_DOUBLE_EQ(total.time.decode, 1);
  EXPECT_DOUBLE_EQ(total.latency.queue.mean, 0.4);
}

// A request that was preempted after its first token may have waited longer than it queued before it.
TEST(TierUse, CountsNoMoreLoadThanQueue) {
  const TimeSplit time = summary_of({request(3)}).total.time;
  EXPECT_DOUBLE_EQ(time.load, 0.4);
  EXPECT_DOUBLE_EQ(time.queue, 0);
}

TEST(TierUse, GivesLoadWaitsOfThoseThatLoaded) {
  const Distribution wait = summary_of({request(0.25), request(0), request(0.75)}).total.latency.load_wait;
  EXPECT_EQ(wait.count, 2u);
  EXPECT_DOUBLE_EQ(wait.mean, 0.5);
  EXPECT_DOUBLE_EQ(wait.max, 0.75);
  EXPECT_TRUE(std::isnan(summary_of({request(0)}).total.latency.load_wait.mean));
}

ReplicaSnapshot snapshot(std::uint64_t scale) {
  ReplicaSnapshot replica;
  replica.queried_tokens = 100 * scale;
  replica.hit_tokens = 10 * scale;
  replica.evicted_blocks = scale;
  replica.tiers.host_hit_tokens = 20 * scale;
  replica.tiers.storage_hit_tokens = 30 * scale;
  replica.tiers.to_host_bytes = 1e6 * static_cast<double>(scale);
  replica.tiers.host_evicted_blocks = 2 * scale;
  replica.tiers.dropped_write_blocks = 3 * scale;
  replica.tiers.host_used_bytes = 40;
  replica.tiers.host_capacity_bytes = 80;
  return replica;
}

TEST(TierUse, AddsTrafficOfReplicasUpByPoolAndInTotal) {
  std::vector<PoolInfo> pools(2);
  pools[0].replicas = 2;
  Recorder recorder(pools);
  for (const std::uint64_t scale : {1, 5}) {  // counters are totals: the last sample tells them
    const std::vector<ReplicaSnapshot> replicas(3, snapshot(scale));
    recorder.on_sample(from_seconds(static_cast<double>(scale)), from_seconds(1), replicas.data(), 3);
  }
  const Summary summary = summarize(recorder, RunFacts());
  EXPECT_EQ(summary.pools[0].traffic.gpu_evicted_blocks, 10u);
  EXPECT_EQ(summary.pools[0].traffic.tiers.host_evicted_blocks, 20u);
  EXPECT_EQ(summary.pools[1].traffic.tiers.to_host_bytes, 5e6);
  EXPECT_EQ(summary.traffic.tiers.dropped_write_blocks, 45u);
}

TEST(TierUse, GivesHitRatiosByTierOverTime) {
  Recorder recorder(std::vector<PoolInfo>(1));
  const ReplicaSnapshot first = snapshot(1), second = snapshot(3);
  recorder.on_sample(from_seconds(1), from_seconds(1), &first, 1);
  recorder.on_sample(from_seconds(2), from_seconds(1), &second, 1);
  const std::vector<SeriesPoint> points = recorder.series(0).points(recorder.pools()[0]);
  EXPECT_DOUBLE_EQ(points[1].gpu_hit_ratio, 0.1);
  EXPECT_DOUBLE_EQ(points[1].host_hit_ratio, 0.2);
  EXPECT_DOUBLE_EQ(points[1].storage_hit_ratio, 0.3);
  EXPECT_DOUBLE_EQ(points[1].hit_ratio, 0.6);
  EXPECT_DOUBLE_EQ(points[1].host_usage, 0.5);
}

}  // namespace
}  // namespace kvsim::sim
