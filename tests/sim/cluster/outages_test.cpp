// SPDX-License-Identifier: Apache-2.0
// What becomes of requests when replicas fail, are drained and come back; times worked out by hand. Step
// time:
//   T = 10 ms + 10 us x prefill tokens + 100 us x decodes
// so that a prompt of 1000 tokens takes 20 ms and each further token 10.1 ms.
#include <gtest/gtest.h>

#include <map>

#include "sim/cluster/outages.h"
#include "sim/cluster/simulation.h"
#include "tests/sim/support/event_log.h"
#include "tests/sim/support/fleets.h"
#include "tests/sim/support/scripted_source.h"

namespace kvsim {
namespace {

using sim::OutageScope;
using sim::OutageSpec;
using sim::RequestRecord;
using sim::RequestStatus;
using testing::plain_request;
using testing::Scripted;

constexpr Nanoseconds kMs = 1'000'000;
constexpr Nanoseconds kSecond = 1'000'000'000;

sim::Fleet fleet_of(std::uint32_t replicas) {
  auto times = std::make_shared<testing::LinearStepTime>();
  times->context_token_seconds = 0;
  sim::Fleet fleet = testing::plain_fleet(testing::plain_pool("pool", times));
  fleet.pools[0].replicas = replicas;
  fleet.pools[0].startup_seconds = 2;
  fleet.recovery.waits_for_replica = true;
  fleet.recovery.detection = 100 * kMs;
  return fleet;
}

OutageSpec outage(std::vector<std::uint32_t> replicas, Nanoseconds at, Nanoseconds lasts) {
  return {OutageScope::kReplicas, "pool", std::move(replicas), {}, sim::ScheduledOutage{at, lasts}};
}

std::map<std::uint64_t, RequestRecord> play(const sim::Fleet& fleet, std::vector<Scripted> script,
                                            testing::EventLog* log = {}) {
  testing::EventLog own;
  testing::EventLog& used = log != nullptr ? *log : own;
  testing::ScriptedSource source(std::move(script));
  sim::simulate(fleet, source, used, {});
  std::map<std::uint64_t, RequestRecord> records;
  for (const RequestRecord& record : used.records) records[record.id] = record;
  return records;
}

std::size_t lines_that_begin(const testing::EventLog& log, const std::string& beginning) {
  std::size_t found = 0;
  for (const std::string& line : log.lines) found += line.starts_with(beginning);
  return found;
}

TEST(Outages, ALoneReplicaThatFailsServesItsRequestAfterOutageStartUpAndPrefill) {
  // Sent at 0, in its decodes at 50 ms; back at 50 ms + 1 s + 2 s; then a prefill of 20 ms from the start.
  sim::Fleet fleet = fleet_of(1);
  fleet.outages = {outage({0}, 50 * kMs, kSecond)};
  const auto records = play(fleet, {{plain_request(0, 1000, 10, 7)}});
  EXPECT_EQ(records.at(0).status, RequestStatus::kCompleted);
  EXPECT_EQ(records.at(0).first_token, 50 * kMs + 3 * kSecond + 20 * kMs);
  EXPECT_EQ(records.at(0).arrival, 0);
  EXPECT_EQ(records.at(0).output_tokens, 10u);
}

TEST(Outages, AnotherReplicaTakesOverWhenTheFailureIsNoticed) {
  // Lost at 50 ms, noticed 100 ms later, computed by the other replica from there on.
  sim::Fleet fleet = fleet_of(2);
  fleet.outages = {outage({0}, 50 * kMs, kSecond)};
  const auto records = play(fleet, {{plain_request(0, 1000, 10, 7)}});
  EXPECT_EQ(records.at(0).replica, 1u);
  EXPECT_EQ(records.at(0).first_token, 150 * kMs + 20 * kMs);
}

TEST(Outages, ARequestThatIsSentToADeadReplicaIsLostUntilThatIsNoticed) {
  // Round robin: the first request goes to replica 0, which is dead since 10 ms and noticed at 110 ms.
  sim::Fleet fleet = fleet_of(2);
  fleet.outages = {outage({0}, 10 * kMs, kSecond)};
  testing::EventLog log;
  const auto records = play(fleet, {{plain_request(20 * kMs, 1000, 1, 7)}}, &log);
  EXPECT_EQ(records.at(0).first_token, 110 * kMs + 20 * kMs);
  EXPECT_EQ(lines_that_begin(log, "lost at 110000000 with 0: 1"), 1u);
}

TEST(Outages, AnOutageThatIsOverBeforeItIsNoticedIsNoticedThen) {
  sim::Fleet fleet = fleet_of(1);
  fleet.pools[0].startup_seconds = 0;
  fleet.outages = {outage({0}, 10 * kMs, 30 * kMs)};
  const auto records = play(fleet, {{plain_request(0, 1000, 1, 7)}});
  EXPECT_EQ(records.at(0).first_token, 40 * kMs + 20 * kMs);
}

TEST(Outages, LostRequestsFailWhereNobodySendsThemAgain) {
  sim::Fleet fleet = fleet_of(2);
  fleet.recovery.retries_lost = false;
  fleet.outages = {outage({0}, 45 * kMs, kSecond)};
  const auto records = play(fleet, {{plain_request(0, 1000, 10, 7)}});
  EXPECT_EQ(records.at(0).status, RequestStatus::kLost);
  EXPECT_EQ(records.at(0).finished, 145 * kMs);
  EXPECT_EQ(records.at(0).output_tokens, 3u);  // at 20, 30.1 and 40.2 ms
}

TEST(Outages, WithoutAnyReplicaRequestsAreRejectedWhereSoSet) {
  sim::Fleet fleet = fleet_of(1);
  fleet.recovery.waits_for_replica = false;
  fleet.outages = {outage({0}, 0, kSecond)};
  const auto records = play(fleet, {{plain_request(500 * kMs, 1000, 1, 7)}});
  EXPECT_EQ(records.at(0).status, RequestStatus::kRejectedNoRoute);
  EXPECT_EQ(records.at(0).finished, 500 * kMs);
}

TEST(Outages, ARequestThatWaitsForAReplicaGivesUpAfterItsTimeout) {
  sim::Fleet fleet = fleet_of(1);
  fleet.outages = {outage({0}, 0, kSecond)};
  traces::Request request = plain_request(500 * kMs, 1000, 1, 7);
  request.timeout = 700 * kMs;
  const auto records = play(fleet, {{request}});
  EXPECT_EQ(records.at(0).status, RequestStatus::kTimedOut);
  EXPECT_EQ(records.at(0).finished, 1200 * kMs);
}

TEST(Outages, AReplicaComesBackWithAnEmptyCache) {
  sim::Fleet fleet = fleet_of(1);
  const std::vector<Scripted> script = {{plain_request(0, 1000, 1, 7)},
                                        {plain_request(10 * kSecond, 1000, 1, 7)}};
  EXPECT_EQ(play(fleet, script).at(1).hit_tokens, 992u);
  fleet.outages = {outage({0}, kSecond, kSecond)};
  EXPECT_EQ(play(fleet, script).at(1).hit_tokens, 0u);
}

TEST(Outages, CountersOfAReplicaGoOn) {
  sim::Fleet fleet = fleet_of(1);
  fleet.outages = {outage({0}, kSecond, kSecond)};
  testing::EventLog log;
  play(fleet, {{plain_request(0, 1000, 1, 7)}, {plain_request(10 * kSecond, 1000, 1, 7)}}, &log);
  const auto sample = std::find_if(log.lines.rbegin(), log.lines.rend(),
                                   [](const std::string& line) { return line.starts_with("sample 10"); });
  ASSERT_NE(sample, log.lines.rend());
  EXPECT_NE(sample->find("p=2000 g=2 "), std::string::npos) << *sample;
}

TEST(Outages, ADrainedServerFinishesWhatItHasAndTakesNothingNew) {
  // Drained at 50 ms: the first request ends undisturbed at 20 ms + 99 x 10.1 ms, then the server is down for
  // 1 s and starts up for 2 s. The second one goes to the other server, and so does the third.
  sim::Fleet fleet = fleet_of(2);
  fleet.outages = {
      {OutageScope::kServers, "pool", {0, 1}, {}, sim::Drains{50 * kMs, 1000 * kSecond, kSecond, 2}}};
  testing::EventLog log;
  const auto records = play(fleet,
                            {{plain_request(0, 1000, 100, 7)},
                             {plain_request(60 * kMs, 1000, 1, 17)},
                             {plain_request(2 * kSecond, 1000, 1, 27)},
                             {plain_request(10 * kSecond, 1000, 1, 37)}},
                            &log);
  const Nanoseconds end = 20 * kMs + 99 * (10 * kMs + 100'000);
  EXPECT_EQ(records.at(0).finished, end);
  EXPECT_EQ(records.at(1).replica, 1u);
  EXPECT_EQ(records.at(2).replica, 1u);
  EXPECT_EQ(lines_that_begin(log, "replica 0 at 50000000: 1"), 1u);
  EXPECT_EQ(lines_that_begin(log, "replica 0 at " + std::to_string(end) + ": 2"), 1u);
  EXPECT_EQ(lines_that_begin(log, "replica 0 at " + std::to_string(end + 3 * kSecond) + ": 0"), 1u);
  EXPECT_EQ(lines_that_begin(log, "lost "), 0u);
}

TEST(Outages, AllReplicasOfAServerFailWithIt) {
  sim::Fleet fleet = fleet_of(5);
  fleet.pools[0].replicas_per_server = 2;
  fleet.outages = {{OutageScope::kServers, "pool", {1}, {}, sim::ScheduledOutage{kMs, kSecond}}};
  testing::EventLog log;
  play(fleet, {{plain_request(10 * kSecond, 10, 1, 7)}}, &log);
  for (std::uint32_t replica = 0; replica < 5; ++replica)
    EXPECT_EQ(lines_that_begin(log, "replica " + std::to_string(replica) + " at 1000000: 2"),
              replica == 2 || replica == 3 ? 1u : 0u);
}

// The timeline alone, without a fleet at work.
double up_fraction(const sim::Fleet& fleet, std::uint32_t replica, Nanoseconds until) {
  const sim::Directory directory(fleet);
  sim::Outages outages(fleet, directory, 1);
  Nanoseconds up_since = 0, up = 0;
  for (Nanoseconds now = outages.next(); now < until; now = outages.next()) {
    while (const auto change = outages.take(now)) {
      if (change->index != replica) continue;
      if (change->what == sim::OutageChange::What::kFails) up += now - up_since;
      if (change->what == sim::OutageChange::What::kServes) up_since = now;
    }
  }
  return to_seconds(up) / to_seconds(until);
}

TEST(Outages, AvailabilityIsMtbfOverMtbfAndMttrAndStartUp) {
  // 1000 / (1000 + 60 + 40); over 20,000 cycles the relative error is about 1 / sqrt(20,000) of the down
  // time.
  sim::Fleet fleet = fleet_of(1);
  fleet.pools[0].startup_seconds = 40;
  fleet.outages = {
      {OutageScope::kReplicas, "pool", {0}, {}, sim::RandomOutages{1000 * kSecond, 60 * kSecond}}};
  EXPECT_NEAR(up_fraction(fleet, 0, 20'000 * 1100 * kSecond / 3), 1000.0 / 1100, 0.002);
}

TEST(Outages, TheDrawsOfAnElementAreItsOwn) {
  sim::Fleet alone = fleet_of(3), together = fleet_of(3);
  alone.outages = {{OutageScope::kReplicas, "pool", {1}, {}, sim::RandomOutages{10 * kSecond, kSecond}}};
  together.outages = {
      outage({2}, kSecond, kSecond),
      {OutageScope::kReplicas, "pool", {0, 1}, {}, sim::RandomOutages{10 * kSecond, kSecond}}};
  EXPECT_EQ(up_fraction(alone, 1, 10'000 * kSecond), up_fraction(together, 1, 10'000 * kSecond));
}

TEST(Outages, OverlappingOutagesEndWithTheLast) {
  sim::Fleet fleet = fleet_of(1);
  fleet.outages = {outage({0}, kSecond, 5 * kSecond),
                   {OutageScope::kPool, "pool", {}, {}, sim::ScheduledOutage{2 * kSecond, kSecond}}};
  testing::EventLog log;
  play(fleet, {{plain_request(20 * kSecond, 10, 1, 7)}}, &log);
  EXPECT_EQ(lines_that_begin(log, "replica 0 at 1000000000: 2"), 1u);
  EXPECT_EQ(lines_that_begin(log, "replica 0 at 8000000000: 0"), 1u);
  EXPECT_EQ(lines_that_begin(log, "replica 0 "), 3u);
}

}  // namespace
}  // namespace kvsim
