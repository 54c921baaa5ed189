// SPDX-License-Identifier: Apache-2.0
#include "sim/metrics/recorder.h"

#include <gtest/gtest.h>

namespace kvsim::sim {
namespace {

ReplicaSnapshot snapshot(std::uint64_t running, std::uint64_t generated) {
  ReplicaSnapshot replica;
  replica.running = running;
  replica.used_blocks = 50;
  replica.total_blocks = 100;
  replica.generated_tokens = generated;
  return replica;
}

PoolInfo pool_of(std::uint32_t replicas) {
  PoolInfo pool;
  pool.replicas = replicas;
  return pool;
}

TEST(PoolSeries, AddsReplicasUpAndGivesRatesOverTheWidth) {
  Recorder recorder({pool_of(2)});
  const std::vector<ReplicaSnapshot> first{snapshot(3, 100), snapshot(4, 200)};
  const std::vector<ReplicaSnapshot> second{snapshot(5, 150), snapshot(6, 350)};
  recorder.on_sample(from_seconds(2), from_seconds(2), first.data(), 2);
  recorder.on_sample(from_seconds(4), from_seconds(2), second.data(), 2);
  const std::vector<SeriesPoint> points = recorder.series(0).points(recorder.pools()[0]);
  ASSERT_EQ(points.size(), 2u);
  EXPECT_EQ(points[0].running, 7);
  EXPECT_EQ(points[0].output_tokens_per_second, 150);
  EXPECT_EQ(points[1].running, 11);
  EXPECT_EQ(points[1].output_tokens_per_second, 100);
  EXPECT_EQ(points[1].kv_usage, 0.5);
}

TEST(PoolSeries, JoinsNeighboursWhenTheIntervalDoubles) {
  PoolSeries series;
  for (int i = 1; i <= 4; ++i) {
    PoolSample sample;
    sample.time = i * 10;
    sample.width = 10;
    sample.samples = 1;
    sample.running = static_cast<std::uint64_t>(i);
    sample.generated_tokens = static_cast<std::uint64_t>(100 * i);
    series.add(sample);
  }
  PoolSample sample;
  sample.time = 60;
  sample.width = 20;
  sample.samples = 1;
  series.add(sample);
  ASSERT_EQ(series.rows().size(), 3u);
  EXPECT_EQ(series.rows()[0].time, 20);
  EXPECT_EQ(series.rows()[0].width, 20);
  EXPECT_EQ(series.rows()[0].running, 3u);  // summed over 2 samples
  EXPECT_EQ(series.rows()[0].samples, 2u);
  EXPECT_EQ(series.rows()[1].generated_tokens, 400u);
}

TEST(PoolSeries, StaysBoundedWithoutLosingTime) {
  PoolSeries series(16);
  for (int i = 1; i <= 1000; ++i) {
    PoolSample sample;
    sample.time = i;
    sample.width = 1;
    sample.samples = 1;
    series.add(sample);
  }
  EXPECT_LE(series.rows().size(), 16u);
  Nanoseconds width = 0;
  for (const PoolSample& row : series.rows()) width += row.width;
  EXPECT_EQ(width, 1000);
}

TEST(Recorder, KeepsARequestInSixtyFourBytes) { EXPECT_EQ(sizeof(RequestRow), 64u); }

TEST(Recorder, CountsBusyTimeByPool) {
  Recorder recorder({pool_of(2), pool_of(1)});
  recorder.on_steps({1, 100, 400, 3, {}});
  recorder.on_steps({2, 0, from_seconds(1), 3, {}});
  EXPECT_EQ(recorder.busy_seconds(0), to_seconds(300));
  EXPECT_EQ(recorder.busy_seconds(1), 1);
}

TEST(Recorder, GivesGapsToTheStageThatDrained) {
  RecorderOptions options;
  options.staged = true;
  Recorder recorder({pool_of(1)}, options);
  for (std::int32_t stage = 0; stage < 2; ++stage) {
    RequestRecord record;
    record.stage = stage;
    recorder.on_arrival(0, 0);
    recorder.on_arrival(0, 0);
    recorder.on_gaps({0, 0, {0.1 * (stage + 1), 0}, 1, 10, 1});
    recorder.on_finished(record);
    recorder.on_gaps({0, 0, {0.1 * (stage + 1), 0}, 1, 5, 1});
    recorder.on_finished(record);
  }
  EXPECT_EQ(recorder.stage_gaps().at(0).count(), 15u);
  EXPECT_EQ(recorder.stage_gaps().at(0).max_seconds(), 0.1);
  EXPECT_EQ(recorder.stage_gaps().at(1).max_seconds(), 0.2);
}

// Steps that serve two stages at once tell nothing of either, whatever came before and after.
TEST(Recorder, GivesNoGapsToStagesThatOverlap) {
  RecorderOptions options;
  options.staged = true;
  Recorder recorder({pool_of(1)}, options);
  const auto serve = [&](const std::vector<std::int32_t>& stages) {
    for (std::size_t i = 0; i < stages.size(); ++i) recorder.on_arrival(0, 0);
    recorder.on_gaps({0, 0, {0.1, 0}, 1, 10, 1});
    for (const std::int32_t stage : stages) {
      RequestRecord record;
      record.stage = stage;
      recorder.on_finished(record);
    }
  };
  serve({0});
  serve({0, 1});
  serve({1});
  serve({2});
  EXPECT_FALSE(recorder.stage_gaps().contains(0));
  EXPECT_FALSE(recorder.stage_gaps().contains(1));
  EXPECT_EQ(recorder.stage_gaps().at(2).count(), 10u);
}

// A rejected request reached no pool, whatever its record says.
TEST(Recorder, CountsRejectedRequestsForNoPool) {
  Recorder recorder({pool_of(1)});
  RequestRecord record;
  record.status = RequestStatus::kRejectedNoRoute;
  record.scheduled = kNever;
  record.pool = 77;
  recorder.on_arrival(0, 0);
  recorder.on_finished(record);
  EXPECT_EQ(recorder.keys()[0].pool, 1u);
  EXPECT_EQ(recorder.tallies()[0].looked_up_tokens, 0u);
}

}  // namespace
}  // namespace kvsim::sim
