// SPDX-License-Identifier: Apache-2.0
// What becomes of requests that wait in the router, and where rules of preference send them. A request of 100
// tokens and 11 answers takes a prefill of 10 + 1 ms and 10 steps of 10.1 ms, with nothing for context.
#include <gtest/gtest.h>

#include <map>

#include "sim/cluster/simulation.h"
#include "tests/sim/support/event_log.h"
#include "tests/sim/support/fleets.h"
#include "tests/sim/support/flow_settings.h"
#include "tests/sim/support/scripted_source.h"

namespace kvsim {
namespace {

using sim::RequestStatus;
using testing::Scripted;

constexpr Nanoseconds kMs = 1'000'000;

sim::Pool pool(const std::string& name, std::uint32_t replicas) {
  auto times = std::make_shared<testing::LinearStepTime>();
  times->context_token_seconds = 0;
  sim::Pool made = testing::plain_pool(name, times);
  made.replicas = replicas;
  return made;
}

sim::Fleet fleet_of(std::vector<sim::Pool> pools) {
  sim::Fleet fleet;
  fleet.pools = std::move(pools);
  fleet.router.policy = "least-request";
  fleet.slo_classes = {{"batch", {}, 0, -1}, {"premium", {}, 0, 5}};
  return fleet;
}

const traces::Names kNames = [] {
  traces::Names names;
  names.slo_classes = {"", "batch", "premium"};
  return names;
}();

Scripted request(Nanoseconds arrival, std::uint32_t slo_class = 0) {
  Scripted one{testing::plain_request(arrival, 100, 11, 2 * static_cast<std::uint64_t>(arrival) + 2), -1};
  one.request.slo_class = slo_class;
  return one;
}

// By id, which counts arrivals.
std::map<std::uint64_t, sim::RequestRecord> play(const sim::Fleet& fleet, std::vector<Scripted> script) {
  testing::ScriptedSource source(std::move(script), kNames);
  testing::EventLog log;
  sim::RunOptions options;
  options.make_router = testing::make_router_behind_flow_control;
  sim::simulate(fleet, source, log, options);
  std::map<std::uint64_t, sim::RequestRecord> records;
  for (const sim::RequestRecord& record : log.records) records[record.id] = record;
  return records;
}

TEST(FlowControlInACluster, AnOpenGateCostsNoTime) {
  sim::Fleet fleet = fleet_of({pool("only", 1)});
  fleet.router.epp = testing::flow_settings();
  const auto records = play(fleet, {request(0), request(300'000)});
  EXPECT_EQ(records.at(0).routed, 0);
  EXPECT_EQ(records.at(1).routed, 300'000);
  EXPECT_EQ(records.at(0).first_token, 11 * kMs);
}

// TTL 40 ms. The first came at 0.3 ms: it expires at 40.3 ms, which the tick at 41 ms notices; the second at
// 1.0 ms, which the tick at 41 ms finds expired to the nanosecond. The third finds the first two expired.
TEST(FlowControlInACluster, RequestsExpireAtTheFirstTickAfterTheirTtl) {
  sim::Fleet fleet = fleet_of({pool("only", 1)});
  fleet.router.epp = testing::flow_settings();
  fleet.router.epp->plugins[6].parameters.numbers["threshold"] = 0;  // static: nobody ever leaves
  fleet.router.epp->flow_control.request_ttl_seconds = 0.04;
  const auto records = play(fleet, {request(300'000), request(kMs), request(50 * kMs + 1)});
  for (const auto& [id, record] : records) EXPECT_EQ(record.status, RequestStatus::kShed);
  EXPECT_EQ(records.at(0).finished, 41 * kMs);
  EXPECT_EQ(records.at(1).finished, 41 * kMs);
  EXPECT_EQ(records.at(2).finished, 91 * kMs);
}

TEST(FlowControlInACluster, AFullBandTurnsAwayAtOnceAndAClientThatLeavesMakesRoom) {
  sim::Fleet fleet = fleet_of({pool("only", 1)});
  fleet.router.epp = testing::flow_settings();
  fleet.router.epp->plugins[6].parameters.numbers["threshold"] = 0;
  fleet.router.epp->flow_control.default_band.max_requests = 1;
  std::vector<Scripted> script = {request(0), request(10 * kMs), request(20 * kMs)};
  script[0].request.timeout = 15 * kMs;
  const auto records = play(fleet, script);
  EXPECT_EQ(records.at(0).status, RequestStatus::kTimedOut);
  EXPECT_EQ(records.at(0).finished, 15 * kMs);
  EXPECT_EQ(records.at(1).finished, 10 * kMs) << "full";
  EXPECT_EQ(records.at(2).finished, 20 * kMs + 60'000 * kMs) << "had room, and expired";
}

// Ceilings 0 for what matters and 1 for batch: batch runs, premium is stopped. The premium request of 30 ms
// evicts the newest batch request then, that of 31 ms the other one.
TEST(FlowControlInACluster, EvictsRunningSheddableRequestsForThoseThatWait) {
  sim::Fleet fleet = fleet_of({pool("only", 1)});
  fleet.router.epp = testing::flow_settings();
  sim::FlowControlSettings& flow = fleet.router.epp->flow_control;
  flow.usage_limit = "priority-holdback-policy";
  fleet.router.epp->plugins[7].parameters.numbers = {{"minCeiling", 1}, {"maxCeiling", 0}};
  for (const std::int32_t priority : {5, -1}) {
    flow.bands.push_back(flow.default_band);
    flow.bands.back().priority = priority;
  }
  const std::vector<Scripted> script = {request(0, 1), request(2 * kMs, 1), request(30 * kMs, 2),
                                        request(31 * kMs, 2)};
  EXPECT_EQ(play(fleet, script).at(1).status, RequestStatus::kCompleted) << "eviction is off";
  flow.eviction = true;
  const auto records = play(fleet, script);
  EXPECT_EQ(records.at(1).status, RequestStatus::kShed);
  EXPECT_EQ(records.at(1).finished, 30 * kMs);
  EXPECT_EQ(records.at(0).status, RequestStatus::kShed);
  EXPECT_EQ(records.at(0).finished, 31 * kMs);
  EXPECT_GT(records.at(0).output_tokens, 0u) << "what it got until then";
}

// Fast has two replicas, full at one request each; the third premium request spills over to cheap, and once
// the first is answered, fast has room again. Batch only ever uses cheap.
TEST(PoolRulesInACluster, PremiumTrafficSpillsOverAndComesBack) {
  sim::Fleet fleet = fleet_of({pool("fast", 2), pool("cheap", 1)});
  fleet.router.rules = {{"premium", "", {"fast", "cheap"}, 1}, {"batch", "", {"cheap"}}};
  const auto records = play(fleet, {request(0, 2), request(1 * kMs, 2), request(2 * kMs, 2),
                                    request(3 * kMs, 1), request(500 * kMs, 2), request(501 * kMs, 1)});
  const std::uint32_t expected[] = {0, 0, 1, 1, 0, 1};
  for (std::uint64_t id = 0; id < 6; ++id) EXPECT_EQ(records.at(id).pool, expected[id]) << id;
}

TEST(PoolRulesInACluster, TheClassOfATenantCounts) {
  sim::Fleet fleet = fleet_of({pool("fast", 1), pool("cheap", 1)});
  fleet.tenants.push_back({"", sim::Isolation::kSharedCache, "batch"});
  fleet.router.rules = {{"batch", "", {"cheap"}}};
  EXPECT_EQ(play(fleet, {request(0)}).at(0).pool, 1u);
}

TEST(PoolRulesInACluster, ARuleWhosePoolsServeAnotherModelRefuses) {
  sim::Fleet fleet = fleet_of({pool("fast", 1), pool("other", 1)});
  fleet.pools[1].model.name = "another";
  fleet.router.rules = {{"premium", "", {"other"}}};
  std::vector<Scripted> script = {request(0, 2), request(kMs, 0)};
  testing::ScriptedSource source(script, [] {
    traces::Names names = kNames;
    names.models = {"model"};
    return names;
  }());
  testing::EventLog log;
  sim::simulate(fleet, source, log, {});
  EXPECT_EQ(log.records[0].status, RequestStatus::kRejectedNoRoute);
  EXPECT_EQ(log.records[1].status, RequestStatus::kCompleted);
}

}  // namespace
}  // namespace kvsim
