// SPDX-License-Identifier: Apache-2.0
#include "sim/metrics/sizing.h"

#include <gtest/gtest.h>

#include <cmath>

#include "sim/metrics/summarize.h"

namespace kvsim::sim {
namespace {

constexpr double kDay = 86400;

struct Storage {  // rates of one made-up system
  double written_per_second = 100;
  double deleted_per_second = 0;
  bool local = false;
  std::optional<double> retention_seconds;
  std::optional<double> endurance_bytes;
};

StorageSnapshot storage_at(double seconds, const Storage& storage) {
  StorageSnapshot now;
  now.capacity_bytes = 1'000'000;
  now.written_bytes = storage.written_per_second * seconds;
  now.used_bytes =
      static_cast<std::uint64_t>((storage.written_per_second - storage.deleted_per_second) * seconds);
  now.written_blocks = static_cast<std::uint64_t>(seconds);
  now.blocks = now.written_blocks;
  now.files = 4 * now.blocks;
  now.operations = static_cast<std::uint64_t>(10 * seconds);
  return now;
}

TierSample sample_at(double seconds, const Storage& storage, std::vector<double> carried = {}) {
  TierSample sample;
  sample.time = from_seconds(seconds);
  sample.width = from_seconds(1);
  sample.storage = {storage_at(seconds, storage)};
  sample.carried_bytes = std::move(carried);
  return sample;
}

RunFacts facts_of(const Storage& storage) {
  RunFacts facts;
  facts.storage = {{"scale", "lustre", "paris", storage.local, 250'000, storage.retention_seconds, false,
                    storage.endurance_bytes}};
  facts.groups = {{0, 0, 0}};
  facts.labels = {{"m"}, {"chat"}, {"t"}};
  facts.source_tenants = {"city", "clinic", "city"};
  return facts;
}

void serve(Recorder& recorder, double arrival_seconds) {
  RequestRecord record;
  record.arrival = record.queued = record.scheduled = from_seconds(arrival_seconds);
  record.first_token = record.finished = record.arrival + 1;
  recorder.on_arrival(record.arrival, 0);
  recorder.on_finished(record);
}

// 100 s of samples; requests arrive at 0 and at 80 s.
Sizing steady_sizing(const Storage& storage) {
  Recorder recorder(std::vector<PoolInfo>(1));
  serve(recorder, 0);
  serve(recorder, 80);
  for (int i = 1; i <= 100; ++i) recorder.on_tiers(sample_at(i, storage));
  return *summarize(recorder, facts_of(storage)).sizing;
}

TEST(Sizing, IsTheirsWhoHaveTiers) { EXPECT_FALSE(summarize(Recorder({}), RunFacts()).sizing); }

TEST(Sizing, GivesADayOfWritingAndOfGrowthInTheWindowOfArrivals) {
  Storage storage;
  storage.deleted_per_second = 40;
  const Sizing sizing = steady_sizing(storage);
  EXPECT_TRUE(sizing.after_warmup);
  EXPECT_DOUBLE_EQ(sizing.to_seconds, 80);
  EXPECT_DOUBLE_EQ(sizing.storage[0].written_bytes_per_day, 100 * kDay);
  EXPECT_DOUBLE_EQ(sizing.storage[0].growth_bytes_per_day, 60 * kDay);
  EXPECT_EQ(sizing.storage[0].end.used_bytes, 6000u);
  EXPECT_EQ(sizing.storage[0].peak_used_bytes, 6000u);
}

TEST(Sizing, LeavesTheWarmUpAndTheDrainOut) {
  Recorder recorder(std::vector<PoolInfo>(1));
  serve(recorder, 20);
  serve(recorder, 60);
  double written = 0;  // 1000 bytes/s until 20 s, 10 until 60 s, then 0
  for (int i = 1; i <= 100; ++i) {
    written += i <= 20 ? 1000 : i <= 60 ? 10 : 0;
    TierSample sample = sample_at(i, {});
    sample.storage[0].written_bytes = written;
    recorder.on_tiers(sample);
  }
  RunFacts facts = facts_of({});
  facts.first_arrival = from_seconds(20);
  const Sizing sizing = *summarize(recorder, facts).sizing;
  EXPECT_DOUBLE_EQ(sizing.from_seconds, 20);
  EXPECT_DOUBLE_EQ(sizing.to_seconds, 60);
  EXPECT_DOUBLE_EQ(sizing.storage[0].written_bytes_per_day, 10 * kDay);
}

TEST(Sizing, TakesTheWholeRunWhereNoRowLiesInTheWindow) {
  Recorder recorder(std::vector<PoolInfo>(1));
  serve(recorder, 0.5);
  recorder.on_tiers(sample_at(1, {}));
  const Sizing sizing = *summarize(recorder, facts_of({})).sizing;
  EXPECT_FALSE(sizing.after_warmup);
  EXPECT_DOUBLE_EQ(sizing.from_seconds, 0);
  EXPECT_DOUBLE_EQ(sizing.to_seconds, 1);
  EXPECT_DOUBLE_EQ(sizing.storage[0].written_bytes_per_day, 100 * kDay);
}

TEST(Sizing, NeedsRoomForARetentionAndAsksForSevenAndThirtyDaysWithoutOne) {
  Storage kept;
  kept.retention_seconds = 3600;
  const std::vector<RetentionNeed> limited = steady_sizing(kept).storage[0].needed;
  ASSERT_EQ(limited.size(), 1u);
  EXPECT_DOUBLE_EQ(limited[0].bytes, 100 * 3600);
  const std::vector<RetentionNeed> unlimited = steady_sizing({}).storage[0].needed;
  ASSERT_EQ(unlimited.size(), 2u);
  EXPECT_DOUBLE_EQ(unlimited[0].bytes, 100 * 7 * kDay);
  EXPECT_DOUBLE_EQ(unlimited[1].bytes, 100 * 30 * kDay);
}

// 100 bytes/s for two years of 365.25 days.
TEST(Sizing, DividesEnduranceByTheBytesOfAYear) {
  Storage storage;
  storage.endurance_bytes = 100 * 2 * 365.25 * kDay;
  EXPECT_DOUBLE_EQ(*steady_sizing(storage).storage[0].years_to_wear_out, 2);
  storage.local = true;  // 1,000,000 bytes in drives of 250,000: four servers
  EXPECT_DOUBLE_EQ(*steady_sizing(storage).storage[0].years_to_wear_out, 8);
  storage.endurance_bytes.reset();
  EXPECT_FALSE(steady_sizing(storage).storage[0].years_to_wear_out);
  storage.endurance_bytes = 1;
  storage.written_per_second = 0;
  EXPECT_FALSE(steady_sizing(storage).storage[0].years_to_wear_out);
}

TEST(Sizing, CountsOperationsAndFilesASecond) {
  const StorageSizing storage = steady_sizing({}).storage[0];
  EXPECT_DOUBLE_EQ(storage.operations_per_second.mean, 10);
  EXPECT_DOUBLE_EQ(storage.operations_per_second.p99, 10);
  EXPECT_DOUBLE_EQ(storage.files_written_per_second.mean, 4);  // a block a second, 4 files a block
}

// Windows of a: 0, 1 ... 100 bytes/s of 200; of b: always 50 of 100.
Sizing link_sizing() {
  Recorder recorder(std::vector<PoolInfo>(1));
  recorder.on_links({{LinkInfo::Kind::kNic, "a", 200},
                     {LinkInfo::Kind::kNic, "b", 100},
                     {LinkInfo::Kind::kStorage, "scale read", 1000}});
  double a = 0;
  for (int i = 1; i <= 101; ++i) recorder.on_tiers(sample_at(i, {}, {a += i - 1, 50.0 * i, 8e9 * i}));
  return *summarize(recorder, facts_of({})).sizing;
}

TEST(Sizing, GivesWhatEachLinkNeeds) {
  const Sizing sizing = link_sizing();
  ASSERT_EQ(sizing.links.size(), 3u);
  EXPECT_DOUBLE_EQ(sizing.links[0].bytes_per_second.mean, 50);
  EXPECT_DOUBLE_EQ(sizing.links[0].bytes_per_second.p50, 50);
  EXPECT_DOUBLE_EQ(sizing.links[0].bytes_per_second.p99, 99);
  EXPECT_DOUBLE_EQ(sizing.links[0].bytes_per_second.max, 100);
  EXPECT_DOUBLE_EQ(sizing.links[0].share_of_capacity_p99, 0.495);
  EXPECT_DOUBLE_EQ(gbit_per_second(sizing.links[2].bytes_per_second.p99), 64);
}

TEST(Sizing, PoolsTheWindowsOfLinksOfOneKind) {
  const Sizing sizing = link_sizing();
  ASSERT_EQ(sizing.link_kinds.size(), 2u);
  const LinkKindSizing& nics = sizing.link_kinds[0];
  EXPECT_EQ(nics.kind, LinkInfo::Kind::kNic);
  EXPECT_EQ(nics.links, 2u);
  EXPECT_DOUBLE_EQ(nics.bytes_per_second.mean, 50);
  EXPECT_DOUBLE_EQ(nics.bytes_per_second.max, 100);
  EXPECT_DOUBLE_EQ(nics.share_of_capacity_p99, 0.5);
  EXPECT_EQ(nics.busiest, "b");
}

TEST(Sizing, LeavesAShortLastWindowOutOfPercentiles) {
  Recorder recorder(std::vector<PoolInfo>(1));
  recorder.on_links({{LinkInfo::Kind::kNic, "a", 200}});
  recorder.on_tiers(sample_at(1, {}, {10}));
  recorder.on_tiers(sample_at(2, {}, {20}));
  TierSample last = sample_at(2.001, {}, {30});
  last.width = from_seconds(0.001);
  recorder.on_tiers(last);
  EXPECT_DOUBLE_EQ(summarize(recorder, facts_of({})).sizing->links[0].bytes_per_second.max, 10);
}

TEST(Sizing, FindsTheOldestKvOfEachTenantByName) {
  Recorder recorder(std::vector<PoolInfo>(1));
  TierSample sample = sample_at(1, {});
  sample.oldest = {{"host", 0, from_seconds(5)}, {"host", 2, from_seconds(7)}, {"scale", 1, from_seconds(9)}};
  recorder.on_tiers(sample);
  sample.oldest = {{"host", 2, from_seconds(3)}};
  recorder.on_tiers(sample);
  const std::vector<OldestSizing> oldest = summarize(recorder, facts_of({})).sizing->oldest;
  ASSERT_EQ(oldest.size(), 2u);
  EXPECT_EQ(oldest[0].tenant, "city");
  EXPECT_EQ(oldest[0].max_age_seconds, 7);
  EXPECT_EQ(*oldest[0].end_age_seconds, 3);
  EXPECT_EQ(oldest[1].tenant, "clinic");
  EXPECT_EQ(oldest[1].max_age_seconds, 9);
  EXPECT_FALSE(oldest[1].end_age_seconds);
}

TEST(TierSeries, StaysBoundedAndKeepsPeaks) {
  TierSeries series(16);
  for (int i = 1; i <= 1000; ++i) {
    TierSample sample = sample_at(i, {});
    sample.storage[0].used_bytes = i == 500 ? 999 : 1;
    series.add(sample);
  }
  EXPECT_LE(series.rows().size(), 16u);
  Nanoseconds width = 0;
  std::uint64_t peak = 0;
  for (const TierRow& row : series.rows()) {
    width += row.width;
    peak = std::max(peak, row.peak_used_bytes[0]);
  }
  EXPECT_EQ(width, from_seconds(1000));
  EXPECT_EQ(peak, 999u);
}

TEST(TierSeries, SumsOfRatesComeToWhatWasCarried) {
  Recorder recorder(std::vector<PoolInfo>(1), {false, 16});
  recorder.on_links({{LinkInfo::Kind::kNic, "a", 200}});
  for (int i = 1; i <= 777; ++i) recorder.on_tiers(sample_at(i, {}, {1.0 * i * i}));
  const Sizing sizing = *summarize(recorder, facts_of({})).sizing;
  double carried = 0;
  for (const TierPoint& point : sizing.series)
    carried += point.link_bytes_per_second[0] * point.width_seconds;
  EXPECT_NEAR(carried, 777.0 * 777.0, 1e-6);
}

}  // namespace
}  // namespace kvsim::sim
