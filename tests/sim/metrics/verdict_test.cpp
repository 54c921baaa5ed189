// SPDX-License-Identifier: Apache-2.0
#include "sim/metrics/verdict.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <queue>

#include "base/random.h"

namespace kvsim::sim {
namespace {

struct QueueRun {
  double load = 0.7;
  std::uint64_t requests = 5000;
  double timeout_seconds = 1e9;
  std::int32_t stage = -1;
};

// One server, first come first served, exponential gaps of mean 1 s / load and service of mean 1 s.
void play(Recorder& recorder, const QueueRun& run, std::uint64_t seed) {
  RandomStream random(seed, "verdict queue");
  double arrival = 0;
  double free_at = 0;
  for (std::uint64_t i = 0; i < run.requests; ++i) {
    arrival += random.exponential(1 / run.load);
    const double service = random.exponential(1);
    const double start = std::max(arrival, free_at);
    RequestRecord record;
    record.arrival = record.intended = record.queued = from_seconds(arrival);
    record.stage = run.stage;
    record.input_tokens = record.output_tokens = 1;
    record.scheduled = from_seconds(start);
    record.first_token = record.finished = from_seconds(start + service);
    if (start - arrival > run.timeout_seconds) {
      record.status = RequestStatus::kTimedOut;
      record.scheduled = record.first_token = kNever;
      record.finished = from_seconds(arrival + run.timeout_seconds);
    } else {
      free_at = start + service;
    }
    recorder.on_arrival(record.arrival, 0);
    recorder.on_finished(record);
  }
}

Verdict verdict_of(const QueueRun& run, std::uint64_t seed = 1) {
  PoolInfo pool;
  Recorder recorder({pool});
  play(recorder, run, seed);
  return judge(recorder, recorder.rows()[0].arrival);
}

TEST(Verdict, FindsLoadsBelowCapacitySteady) {
  for (const double load : {0.3, 0.7, 0.9})
    for (std::uint64_t seed = 1; seed <= 20; ++seed)
      EXPECT_EQ(verdict_of({load, 20'000}, seed).state, RunState::kSteady) << load << " seed " << seed;
}

TEST(Verdict, FindsThatTheQueueGrowsAboveCapacity) {
  for (const double load : {1.1, 1.5, 3.0})
    for (std::uint64_t seed = 1; seed <= 20; ++seed)
      EXPECT_EQ(verdict_of({load, 5000}, seed).state, RunState::kQueueGrows) << load << " seed " << seed;
}

// At load 1.5 a third of a request for each second of service stays: 0.5 requests a second.
TEST(Verdict, TellsHowFastTheBacklogGrows) {
  EXPECT_NEAR(verdict_of({1.5, 20'000}).backlog_growth_requests_per_second, 0.5, 0.05);
}

// Timeouts bound the queue, yet the load is not served.
TEST(Verdict, IsNotFooledByTimeouts) { EXPECT_EQ(verdict_of({1.5, 5000, 10}).state, RunState::kQueueGrows); }

TEST(Verdict, FindsTooFewRequestsForP99) {
  const Verdict verdict = verdict_of({0.5, 1500});
  EXPECT_EQ(verdict.state, RunState::kTooShort);
  EXPECT_TRUE(verdict.e2e.mean);
  EXPECT_FALSE(verdict.e2e.p99);
  EXPECT_EQ(judge(Recorder({}), 0).state, RunState::kTooShort);
}

struct EvenRun {
  double gap_seconds = 0.01;
  std::uint64_t requests = 5000;
  double e2e_seconds = 1;
  double e2e_growth = 0;  // of each request over the one before
  RequestStatus status = RequestStatus::kCompleted;
};

void play_even(Recorder& recorder, const EvenRun& run) {
  for (std::uint64_t i = 0; i < run.requests; ++i) {
    const auto n = static_cast<double>(i);
    RequestRecord record;
    record.status = run.status;
    record.arrival = record.intended = record.queued = record.scheduled = from_seconds(n * run.gap_seconds);
    record.input_tokens = record.output_tokens = 1;
    record.first_token = record.finished =
        record.arrival + from_seconds(run.e2e_seconds + n * run.e2e_growth);
    recorder.on_arrival(record.arrival, 0);
    recorder.on_finished(record);
  }
}

Verdict verdict_of_even(const EvenRun& run) {
  PoolInfo pool;
  Recorder recorder({pool});
  play_even(recorder, run);
  return judge(recorder, 0);
}

// 50 s of arrivals; all answers take as long, so that the system is full after one of them.
TEST(Verdict, IsNotFooledByTheTimeInWhichTheSystemFillsUp) {
  EXPECT_EQ(verdict_of_even({0.01, 5000, 5}).state, RunState::kSteady);
  EXPECT_EQ(verdict_of_even({0.01, 5000, 12}).state, RunState::kSteady);
  const Verdict ramp = verdict_of_even({0.01, 5000, 20});
  EXPECT_EQ(ramp.state, RunState::kTooShort);
  EXPECT_NE(ramp.reason.find("less than four E2E times"), std::string::npos) << ramp.reason;
}

// Load 3 of service times of 10 ms: request n waits 20 ms longer than the one before; the last waits 100 s.
TEST(Verdict, FindsAShortHeavyOverload) {
  EXPECT_EQ(verdict_of_even({0.01, 5000, 0.01, 0.02}).state, RunState::kQueueGrows);
  EXPECT_EQ(verdict_of_even({0.01, 5000, 30, 0.02}).state, RunState::kQueueGrows);
}

// No capacity would serve a prompt that is longer than the model's context.
TEST(Verdict, LeavesOutRejectedRequests) {
  PoolInfo pool;
  Recorder recorder({pool});
  play_even(recorder, {0.01, 5000, 1});
  play_even(recorder, {0.1, 500, 0, 0, RequestStatus::kRejectedTooLong});
  const Verdict verdict = judge(recorder, 0);
  EXPECT_EQ(verdict.state, RunState::kSteady);
  EXPECT_NE(verdict.reason.find("500 requests were rejected"), std::string::npos) << verdict.reason;
}

// M/M/1 at load 0.5: mean time in the system 1 / (1 - 0.5) = 2 s.
TEST(Verdict, GivesAnIntervalAroundTheTextbookMean) {
  const Verdict verdict = verdict_of({0.5, 50'000}, 4);
  EXPECT_LT(verdict.e2e.mean->low, 2);
  EXPECT_GT(verdict.e2e.mean->high, 2);
  EXPECT_LT(verdict.e2e.mean->high - verdict.e2e.mean->low, 0.2);
  EXPECT_NEAR(verdict.steady_throughput.requests_per_second, 0.5, 0.02);
}

TEST(Backlog, OfAConstantNumberIsFlat) {
  std::vector<Stay> stays;
  for (Nanoseconds second = 0; second < 1000; ++second)
    stays.push_back(
        {from_seconds(static_cast<double>(second)), from_seconds(static_cast<double>(second) + 5)});
  const Backlog found = backlog(stays, from_seconds(100), from_seconds(900));
  EXPECT_EQ(found.arrivals, 800u);
  EXPECT_NEAR(found.mean_requests, 5, 1e-9);
  EXPECT_NEAR(found.growth_requests, 0, 1e-9);
  EXPECT_FALSE(found.grows);
}

// Nobody leaves: after t seconds t requests are in, so over 800 s the level rises by 800.
TEST(Backlog, OfRequestsThatStayIsTheirNumber) {
  std::vector<Stay> stays;
  for (int second = 0; second < 1000; ++second) stays.push_back({from_seconds(second), kNever});
  const Backlog found = backlog(stays, from_seconds(100), from_seconds(900));
  EXPECT_NEAR(found.growth_requests, 800, 1e-6);
  EXPECT_TRUE(found.grows);
}

}  // namespace
}  // namespace kvsim::sim
