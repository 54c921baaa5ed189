// SPDX-License-Identifier: Apache-2.0
// One engine, small cases, times worked out by hand. Step time in all of them:
//   T = 10 ms + 10 us x prefill tokens + 100 us x decodes     (context costs nothing unless a test says so)
#include <gtest/gtest.h>

#include <map>

#include "sim/cluster/simulation.h"
#include "tests/sim/support/event_log.h"
#include "tests/sim/support/fleets.h"
#include "tests/sim/support/scripted_source.h"

namespace kvsim {
namespace {

using sim::RequestRecord;
using sim::RequestStatus;
using testing::plain_request;
using testing::Scripted;

constexpr Nanoseconds kMs = 1'000'000;
constexpr Nanoseconds kUs = 1'000;

sim::Pool pool_with(double context_token_seconds = 0) {
  auto times = std::make_shared<testing::LinearStepTime>();
  times->context_token_seconds = context_token_seconds;
  return testing::plain_pool("pool", times);
}

// Records by request id.
std::map<std::uint64_t, RequestRecord> play(sim::Pool pool, std::vector<Scripted> script,
                                            testing::EventLog* log = {}) {
  testing::EventLog own;
  testing::EventLog& used = log != nullptr ? *log : own;
  testing::ScriptedSource source(std::move(script));
  const sim::Fleet fleet = testing::plain_fleet(std::move(pool));
  sim::simulate(fleet, source, used, {});
  std::map<std::uint64_t, RequestRecord> records;
  for (const RequestRecord& record : used.records) records[record.id] = record;
  return records;
}

TEST(Engine, OneRequestTakesItsPrefillAndItsDecodes) {
  // TTFT = 10 ms + 1000 x 10 us = 20 ms; nine more tokens at 10.1 ms each.
  const auto records = play(pool_with(), {{plain_request(0, 1000, 10, 7)}});
  EXPECT_EQ(records.at(0).first_token, 20 * kMs);
  EXPECT_EQ(records.at(0).finished, 20 * kMs + 9 * (10 * kMs + 100 * kUs));
  EXPECT_EQ(records.at(0).output_tokens, 10u);
}

TEST(Engine, DecodeStepsGrowWithTheContext) {
  // The j-th decode attends to 1000 + j tokens at 1 us each: sum over j = 1..9 of (10.1 ms + (1000 + j) us)
  //   = 9 x 11.1 ms + 45 us.
  const auto records = play(pool_with(1e-6), {{plain_request(0, 1000, 10, 7)}});
  EXPECT_EQ(records.at(0).finished - records.at(0).first_token, 9 * (11 * kMs + 100 * kUs) + 45 * kUs);
}

TEST(Engine, LongPromptIsCutIntoChunksOfTheBudget) {
  // 5000 tokens at 2048 a step: 10 + 20.48, 10 + 20.48, 10 + 9.04 ms.
  sim::Pool pool = pool_with();
  pool.engine.max_num_batched_tokens = 2048;
  const auto records = play(pool, {{plain_request(0, 5000, 1, 7)}});
  EXPECT_EQ(records.at(0).finished, 30 * kMs + 50 * kMs);
}

TEST(Engine, WithoutChunkingAPromptWaitsForAWholeBudget) {
  // The 500 left over of the first step are not given to the second prompt.
  sim::Pool pool = pool_with();
  pool.engine.max_num_batched_tokens = 2048;
  pool.engine.chunked_prefill = false;
  const auto records = play(pool, {{plain_request(0, 1548, 1, 7)}, {plain_request(0, 1000, 1, 9)}});
  EXPECT_EQ(records.at(0).finished, 10 * kMs + 15'480 * kUs);
  EXPECT_EQ(records.at(1).finished, records.at(0).finished + 20 * kMs);
}

TEST(Engine, PromptsShareAStepWithinTheBudget) {
  const auto records = play(pool_with(), {{plain_request(0, 1000, 1, 7)}, {plain_request(0, 500, 1, 9)}});
  EXPECT_EQ(records.at(0).finished, 25 * kMs);
  EXPECT_EQ(records.at(1).finished, 25 * kMs);
}

TEST(Engine, RunningDecodesComeBeforeWaitingPrompts) {
  // Request 1 comes in the first decode step of request 0 (20 .. 30.1 ms), joins at 30.1 ms:
  // 10 ms + 1000 x 10 us + one decode 0.1 ms.
  const auto records =
      play(pool_with(), {{plain_request(0, 1000, 10, 7)}, {plain_request(25 * kMs, 1000, 1, 9)}});
  EXPECT_EQ(records.at(1).scheduled, 30 * kMs + 100 * kUs);
  EXPECT_EQ(records.at(1).finished, 50 * kMs + 200 * kUs);
}

TEST(Engine, AsyncSchedulingSeesAnArrivalOneStepLater) {
  // At 20 ms the step to 30.1 ms starts and the one to 40.2 ms is planned. Request 1 comes at 25 ms: the plan
  // made at 30.1 ms takes it into the step that starts at 40.2 ms.
  sim::Pool pool = pool_with();
  pool.engine.async_scheduling = true;
  const auto records = play(pool, {{plain_request(0, 1000, 10, 7)}, {plain_request(25 * kMs, 1000, 1, 9)}});
  EXPECT_EQ(records.at(1).scheduled, 30 * kMs + 100 * kUs);
  EXPECT_EQ(records.at(1).finished, 40 * kMs + 200 * kUs + 20 * kMs + 100 * kUs);
}

TEST(Engine, AsyncSchedulingWastesASlotOnAnUnannouncedStop) {
  // Request 0 asks for 50 tokens and stops after 3: tokens at 20, 30.1, 40.2 ms, and one more step in vain,
  // which request 1, waiting for the only seat, does not see: it is planned at 40.2 ms for 50.3 ms.
  sim::Pool pool = pool_with();
  pool.engine.async_scheduling = true;
  pool.engine.max_num_seqs = 1;
  Scripted first{plain_request(0, 1000, 3, 7)};
  const Nanoseconds planned_stop = play(pool, {first, {plain_request(0, 1000, 1, 9)}}).at(1).finished;
  first.request.max_output_tokens = 50;
  const auto records = play(pool, {first, {plain_request(0, 1000, 1, 9)}});
  EXPECT_EQ(records.at(0).finished, 40 * kMs + 200 * kUs);
  EXPECT_EQ(planned_stop, 40 * kMs + 200 * kUs + 20 * kMs);
  EXPECT_EQ(records.at(1).finished, 50 * kMs + 300 * kUs + 20 * kMs);
}

TEST(Engine, SeatsAreLimited) {
  sim::Pool pool = pool_with();
  pool.engine.max_num_seqs = 1;
  const auto records = play(pool, {{plain_request(0, 1000, 2, 7)}, {plain_request(0, 1000, 2, 9)}});
  EXPECT_EQ(records.at(1).scheduled, records.at(0).finished);
}

TEST(Engine, RepeatedPromptHitsAllFullBlocksButTheLastToken) {
  // 1000 tokens are 62 full blocks of 16 and 8 tokens: 992 hit. 1024 tokens are 64 blocks, the last computed
  // again.
  for (const auto& [tokens, hit] : {std::pair<std::uint32_t, std::uint32_t>{1000, 992}, {1024, 1008}}) {
    const auto records =
        play(pool_with(), {{plain_request(0, tokens, 1, 7)}, {plain_request(1000 * kMs, tokens, 1, 7)}});
    EXPECT_EQ(records.at(0).hit_tokens, 0u);
    EXPECT_EQ(records.at(1).hit_tokens, hit);
    EXPECT_EQ(records.at(1).finished - records.at(1).arrival, 10 * kMs + (tokens - hit) * 10 * kUs);
  }
}

TEST(Engine, SamePromptInTheSameStepHitsWhatIsBeingComputed) {
  const auto records = play(pool_with(), {{plain_request(0, 1000, 1, 7)}, {plain_request(0, 1000, 1, 7)}});
  EXPECT_EQ(records.at(1).hit_tokens, 992u);
}

TEST(Engine, NextTurnHitsTheAnswer) {
  Scripted child{plain_request(0, 1000 + 64 + 36, 1, 9), 0};
  child.request.prompt = {{7, 0, 1000}, {8, 0, 64}, {9, 0, 36}};
  const auto records = play(pool_with(), {{plain_request(0, 1000, 64, 7)}, child});
  // KV exists for 1063 tokens (the last sampled one was never computed): 66 full blocks.
  EXPECT_EQ(records.at(1).hit_tokens, 66u * 16);
}

TEST(Engine, ShortageOfBlocksPreemptsTheLastAdmitted) {
  // 12 blocks of 16: both prompts of 80 tokens take 5 each. Growing by up to 40 tokens, they need 16 in all:
  // the later one gives way, keeps its output, and comes back when the first is done.
  sim::Pool pool = pool_with();
  pool.kv_blocks = 12;
  pool.engine.prefix_caching = false;
  testing::EventLog log;
  const auto records = play(pool, {{plain_request(0, 80, 40, 7)}, {plain_request(0, 80, 40, 9)}}, &log);
  EXPECT_EQ(records.at(0).preemptions, 0u);
  EXPECT_EQ(records.at(1).preemptions, 1u);
  EXPECT_GT(records.at(1).scheduled, records.at(0).finished - 11 * kMs);
  EXPECT_GT(records.at(1).recomputed_tokens, 80u);
  EXPECT_EQ(records.at(1).output_tokens, 40u);
}

TEST(Engine, ReservingTheWholeSequenceKeepsALongPromptOut) {
  // 20 free blocks of 16 = 320 tokens; a prompt of 400 with a budget of 100 a step would start by its first
  // chunk.
  sim::Pool pool = pool_with();
  pool.kv_blocks = 40;
  pool.engine.max_num_batched_tokens = 100;
  const std::vector<Scripted> script = {{plain_request(0, 310, 30, 7)}, {plain_request(kMs, 400, 1, 9)}};
  pool.engine.reserve_full_sequence = true;
  auto records = play(pool, script);
  EXPECT_GE(records.at(1).scheduled, records.at(0).finished);
  EXPECT_EQ(records.at(1).preemptions, 0u);
  pool.engine.reserve_full_sequence = false;
  records = play(pool, script);
  EXPECT_GT(records.at(1).preemptions, 0u);
}

TEST(Engine, PriorityOvertakesInTheQueueButNeverEvictsForAdmission) {
  sim::Pool pool = pool_with();
  pool.engine.max_num_seqs = 1;
  pool.engine.policy = sim::QueuePolicy::kPriority;
  std::vector<Scripted> script = {
      {plain_request(0, 100, 5, 7)}, {plain_request(kMs, 100, 5, 9)}, {plain_request(2 * kMs, 100, 5, 11)}};
  script[1].request.priority = 5;
  script[2].request.priority = -1;
  const auto records = play(pool, script);
  EXPECT_LT(records.at(0).finished, records.at(2).scheduled + 1);
  EXPECT_LT(records.at(2).finished, records.at(1).scheduled + 1);
}

TEST(Engine, TimeoutFreesTheSeatAtTheNextBoundary) {
  sim::Pool pool = pool_with();
  pool.engine.max_num_seqs = 1;
  std::vector<Scripted> script = {{plain_request(0, 1000, 100, 7)}, {plain_request(0, 1000, 1, 9)}};
  script[0].request.timeout = 35 * kMs;  // in the second decode step, which ends at 40.2 ms
  const auto records = play(pool, script);
  EXPECT_EQ(records.at(0).status, RequestStatus::kTimedOut);
  EXPECT_EQ(records.at(0).finished, 35 * kMs);
  EXPECT_EQ(records.at(0).output_tokens, 2u);
  EXPECT_EQ(records.at(1).scheduled, 40 * kMs + 200 * kUs);
}

TEST(Engine, TimeoutAtABoundaryIsSeenByItsPlanInBothModes) {
  for (const bool async : {false, true}) {
    std::vector<Scripted> script = {{plain_request(0, 1000, 100, 7)}, {plain_request(kMs, 1000, 1, 9)}};
    script[0].request.timeout = 20 * kMs + 4 * (10 * kMs + 100 * kUs);  // the end of the fourth decode step
    sim::Pool pool = pool_with();
    pool.engine.max_num_seqs = 1;
    pool.engine.async_scheduling = async;
    const sim::Fleet fleet = testing::plain_fleet(pool);
    std::vector<std::vector<std::string>> told;
    for (const bool reference : {false, true}) {
      testing::ScriptedSource source(script);
      testing::EventLog log;
      sim::RunOptions options;
      options.reference = reference;
      sim::simulate(fleet, source, log, options);
      told.push_back(log.lines);
    }
    EXPECT_EQ(told[0], told[1]);
  }
}

TEST(Engine, RequestInTheMemoryOfADroppedOneStartsFromNothing) {
  // Request 0 leaves at 40.2 ms while the step to 50.3 ms still has it; request 1 comes at 41 and gives up
  // at 45.
  std::vector<Scripted> script = {{plain_request(0, 1000, 100, 7)}, {plain_request(41 * kMs, 1000, 5, 9)}};
  script[0].request.timeout = 35 * kMs;
  script[1].request.timeout = 4 * kMs;
  sim::Pool pool = pool_with();
  pool.engine.async_scheduling = true;
  EXPECT_EQ(play(pool, script).at(1).output_tokens, 0u);
}

TEST(Engine, RequestBeyondTheModelLengthIsRejected) {
  sim::Pool pool = pool_with();
  pool.engine.max_model_len = 1000;
  const auto records = play(pool, {{plain_request(0, 990, 10, 7)}, {plain_request(0, 991, 10, 9)}});
  EXPECT_EQ(records.at(0).status, RequestStatus::kCompleted);
  EXPECT_EQ(records.at(1).status, RequestStatus::kRejectedTooLong);
}

TEST(Engine, FrontEndAndNetworkDelayAddToBothEnds) {
  // 40 ms round trip: 20 ms there, 20 ms back; 5 ms in the front end.
  sim::Pool pool = pool_with();
  pool.frontend.seconds = 0.005;
  pool.site = "far";
  sim::Fleet fleet = testing::plain_fleet(pool);
  fleet.sites.push_back({"far", {}, 0.040, {}});
  testing::ScriptedSource source({{plain_request(0, 1000, 1, 7)}});
  testing::EventLog log;
  sim::simulate(fleet, source, log, {});
  EXPECT_EQ(log.records.at(0).queued, 25 * kMs);
  EXPECT_EQ(log.records.at(0).first_token, 25 * kMs + 20 * kMs + 20 * kMs);
}

TEST(Engine, TenantWithItsOwnSaltSharesNothing) {
  sim::Fleet fleet = testing::plain_fleet(pool_with());
  fleet.tenants = {{"a", sim::Isolation::kOwnSalt, ""}, {"b", sim::Isolation::kSharedCache, ""}};
  std::vector<Scripted> script;
  for (const std::uint32_t tenant : {2u, 1u, 1u, 2u}) {
    script.push_back({plain_request(static_cast<Nanoseconds>(script.size()) * 1000 * kMs, 1000, 1, 7)});
    script.back().request.tenant = tenant;
  }
  traces::Names names;
  names.tenants = {"", "a", "b"};
  testing::ScriptedSource source(script, names);
  testing::EventLog log;
  sim::simulate(fleet, source, log, {});
  std::vector<std::uint32_t> hits;
  for (const RequestRecord& record : log.records) hits.push_back(record.hit_tokens);
  EXPECT_EQ(hits, (std::vector<std::uint32_t>{0, 0, 992, 992}));
}

TEST(Engine, ModelThatNobodyServesIsAnInputError) {
  traces::Names names;
  names.models = {"", "unknown-model"};
  std::vector<Scripted> script = {{plain_request(0, 10, 1, 7)}};
  script[0].request.model = 1;
  testing::ScriptedSource source(script, names);
  testing::EventLog log;
  EXPECT_THROW(sim::simulate(testing::plain_fleet(pool_with()), source, log, {}), InputError);
}

}  // namespace
}  // namespace kvsim
