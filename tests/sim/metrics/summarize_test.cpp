// SPDX-License-Identifier: Apache-2.0
#include "sim/metrics/summarize.h"

#include <gtest/gtest.h>

#include <cmath>

#include "sim/metrics/power.h"
#include "sim/metrics/slo.h"

namespace kvsim::sim {
namespace {

struct Served {
  double arrival = 0;
  double ttft = 0.5;
  double decode = 1;
  std::uint32_t output_tokens = 11;
  std::uint32_t group = 0;
  std::uint32_t pool = 0;
  RequestStatus status = RequestStatus::kCompleted;
};

void serve(Recorder& recorder, const Served& served) {
  RequestRecord record;
  record.group = served.group;
  record.pool = record.replica = served.pool;
  record.status = served.status;
  record.input_tokens = 100;
  record.output_tokens = served.output_tokens;
  record.hit_tokens = 64;
  record.arrival = record.routed = from_seconds(served.arrival);
  record.intended = record.arrival - from_seconds(0.25);
  record.queued = record.arrival + from_seconds(0.1);
  record.scheduled = record.arrival + from_seconds(0.3);
  record.first_token = record.arrival + from_seconds(served.ttft);
  record.finished = record.first_token + from_seconds(served.decode);
  recorder.on_arrival(record.arrival, record.group);
  if (served.output_tokens > 1)
    recorder.on_gaps({record.replica,
                      record.group,
                      {served.decode / (served.output_tokens - 1), 0},
                      1,
                      served.output_tokens - 1ull,
                      1});
  recorder.on_finished(record);
}

std::vector<PoolInfo> two_pools() {
  PoolInfo a{"a", "here", "X", "m", "prior", 1, 1, 100, 500, 2.0};
  PoolInfo b{"b", "there", "Y", "m", "prior", 1, 4, 100, 500, 1.0};
  return {a, b};
}

RunFacts facts_of(double end_seconds) {
  RunFacts facts;
  facts.end = from_seconds(end_seconds);
  facts.groups = {{0, 0, 0}, {1, 1, 1}};
  facts.labels = {{"m", "n"}, {"chat", "batch"}, {"t", "u"}};
  return facts;
}

TEST(Summarize, GivesLatenciesByTheirDefinitions) {
  Recorder recorder(two_pools());
  serve(recorder, {});
  const Summary summary = summarize(recorder, facts_of(10));
  const Latency& latency = summary.total.latency;
  EXPECT_EQ(latency.ttft.p50, 0.5);
  EXPECT_EQ(latency.ttft_from_schedule.p50, 0.75);
  EXPECT_EQ(latency.e2e.max, 1.5);
  EXPECT_EQ(latency.tpot.mean, 0.1);  // 1 s over 10 gaps
  EXPECT_EQ(latency.itl.mean, 0.1);
  EXPECT_NEAR(latency.itl.p99, 0.1, 0.0005);
  EXPECT_EQ(latency.queue.p50, 0.2);
  EXPECT_EQ(summary.total.throughput.output_tokens_per_second, 1.1);
  EXPECT_EQ(summary.total.cache.hit_ratio(), 0.64);
}

// 0.1 to the queue + 0.2 in it + 0.2 prefill + 1 decode = 1.5 s.
TEST(Summarize, SplitsTheTimeOfARequestWithoutARest) {
  Recorder recorder(two_pools());
  serve(recorder, {});
  const TimeSplit time = summarize(recorder, facts_of(10)).total.time;
  EXPECT_DOUBLE_EQ(time.before_queue, 0.1);
  EXPECT_DOUBLE_EQ(time.queue, 0.2);
  EXPECT_DOUBLE_EQ(time.prefill, 0.2);
  EXPECT_DOUBLE_EQ(time.decode, 1);
}

TEST(Summarize, LeavesSingleTokensOutOfTpot) {
  Recorder recorder(two_pools());
  Served single;
  single.output_tokens = 1;
  single.decode = 0;
  serve(recorder, single);
  const Latency latency = summarize(recorder, facts_of(10)).total.latency;
  EXPECT_EQ(latency.tpot.count, 0u);
  EXPECT_TRUE(std::isnan(latency.itl.mean));
  EXPECT_EQ(latency.e2e.count, 1u);
}

TEST(Summarize, CountsByModelClassTenantAndPool) {
  Recorder recorder(two_pools());
  Served other;
  other.group = 1;
  other.pool = 1;
  serve(recorder, {});
  serve(recorder, other);
  serve(recorder, other);
  const Summary summary = summarize(recorder, facts_of(10));
  for (const std::vector<GroupSummary>* groups : {&summary.models, &summary.classes, &summary.tenants}) {
    ASSERT_EQ(groups->size(), 2u);
    EXPECT_EQ(groups->at(0).requests.completed, 1u);
    EXPECT_EQ(groups->at(1).requests.completed, 2u);
  }
  EXPECT_EQ(summary.pools[1].requests.completed, 2u);
  EXPECT_EQ(summary.total.requests.completed, 3u);
}

TEST(Summarize, JoinsGroupsOfOneName) {
  Recorder recorder(two_pools());
  Served other;
  other.group = 1;
  serve(recorder, {});
  serve(recorder, other);
  RunFacts facts = facts_of(10);
  facts.labels.models = {"m", "m"};
  EXPECT_EQ(summarize(recorder, facts).models.size(), 1u);
}

// Three are offered: one meets 0.6 s and 0.2 s, one misses TTFT, one timed out.
TEST(Slo, CountsTimeoutsAsMisses) {
  Recorder recorder(two_pools());
  Served slow;
  slow.ttft = 0.7;
  Served failed;
  failed.status = RequestStatus::kTimedOut;
  for (const Served& served : {Served(), slow, failed}) serve(recorder, served);
  RunFacts facts = facts_of(10);
  facts.objectives = {{{SloMetric::kTtft, 0.6}, {SloMetric::kTpot, 0.2}}};
  const Summary summary = summarize(recorder, facts);
  ASSERT_EQ(summary.slo.size(), 1u);
  EXPECT_DOUBLE_EQ(summary.slo[0].attainment, 1.0 / 3);
  EXPECT_DOUBLE_EQ(summary.slo[0].attainment_of_completed, 0.5);
  EXPECT_DOUBLE_EQ(summary.slo[0].goodput_requests_per_second, 0.1);
  EXPECT_DOUBLE_EQ(*summary.tenants[0].slo_attainment, 1.0 / 3);
}

TEST(Slo, TimePerOutputTokenIsOverTheTokensAfterTheFirst) {
  RequestRow row;
  row.output_tokens = 11;
  row.ttft = from_seconds(0.5);
  row.e2e = from_seconds(1.5);
  EXPECT_TRUE(meets(row, RequestStatus::kCompleted, {{SloMetric::kTpot, 0.1}}));
  EXPECT_FALSE(meets(row, RequestStatus::kCompleted, {{SloMetric::kTpot, 0.0999}}));
  row.output_tokens = 1;
  EXPECT_TRUE(meets(row, RequestStatus::kCompleted, {{SloMetric::kTpot, 0}}));
}

TEST(Slo, ALimitReachedIsMet) {
  Recorder recorder(two_pools());
  serve(recorder, {});
  RunFacts facts = facts_of(10);
  facts.objectives = {{{SloMetric::kTtft, 0.5}, {SloMetric::kE2e, 1.5}, {SloMetric::kTpot, 0.1}}};
  EXPECT_EQ(summarize(recorder, facts).slo[0].attainment, 1);
}

// Hour 0: 1 of 1; hour 1 and the 20 minutes after it: 1 of 4.
TEST(Slo, FindsTheWorstHour) {
  Recorder recorder(two_pools());
  const double arrivals[] = {0, 3700, 3800, 7000, 8400};
  const double ttfts[] = {0.5, 0.5, 2, 2, 2};
  for (int i = 0; i < 5; ++i) {
    Served served;
    served.arrival = arrivals[i];
    served.ttft = ttfts[i];
    serve(recorder, served);
  }
  RunFacts facts = facts_of(9000);
  facts.objectives = {{{SloMetric::kTtft, 1}}};
  EXPECT_DOUBLE_EQ(summarize(recorder, facts).slo[0].worst_hour_attainment, 0.25);
}

// Speeds 2 and 1 tokens/s: (2 + 1)^2 / (2 (4 + 1)) = 0.9.
TEST(Fairness, IsJainsIndexOfTheSpeedThatTenantsGet) {
  Recorder recorder(two_pools());
  Served fast{0, 0.5, 9.5, 20};
  Served slow{0, 0.5, 9.5, 10};
  slow.group = 1;
  serve(recorder, fast);
  serve(recorder, slow);
  EXPECT_DOUBLE_EQ(summarize(recorder, facts_of(20)).jain, 0.9);
}

// a: 1 x 2.0 an hour, b: 4 x 1.0: 6 an hour; 11 tokens in 10 s: 6 / 3600 / 1.1 * 10^6.
TEST(Cost, IsOfAllAcceleratorsAndUnknownWithoutAPrice) {
  std::vector<PoolInfo> pools = two_pools();
  Recorder priced(pools);
  serve(priced, {});
  EXPECT_DOUBLE_EQ(*summarize(priced, facts_of(10)).cost_per_hour, 6);
  EXPECT_NEAR(*summarize(priced, facts_of(10)).cost_per_million_output_tokens, 1515.15, 0.01);
  pools[1].price_per_hour = {};
  const Summary summary = summarize(Recorder(pools), facts_of(10));
  EXPECT_FALSE(summary.cost_per_hour);
  EXPECT_EQ(summary.validity[0].what, "pool b: cost");
}

TEST(Power, GoesFromIdleToPeakAndNotBeyond) {
  EXPECT_EQ(accelerator_watts(100, 500, {}), 100);
  EXPECT_EQ(accelerator_watts(100, 500, {1, 1, 1}), 500);
  EXPECT_DOUBLE_EQ(accelerator_watts(100, 500, {1, 0, 0.5}), 260);  // 0.1 + 0.3 of 400 W
}

}  // namespace
}  // namespace kvsim::sim
