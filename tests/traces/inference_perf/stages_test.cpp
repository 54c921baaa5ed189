// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "tests/traces/generators/drive.h"

namespace kvsim::traces {
namespace {

using testing::drive;
using testing::Driven;
using testing::open_text;

std::string ladder(const std::string& type, const std::string& data, const std::string& load = "") {
  return "load: {type: " + type + ", " + load +
         "stages: [{rate: 4, duration: 30}, {rate: 8, duration: 20}]}\n" + "data: " + data + "\n";
}

const std::string kShared =
    "{type: shared_prefix, shared_prefix: {num_groups: 3, num_prompts_per_group: 5, system_prompt_len: 900, "
    "question_len: 120, output_len: 64}}";

std::vector<Request> of_stage(const Driven& driven, std::int32_t stage) {
  std::vector<Request> found;
  for (const Request& request : driven.requests) {
    if (request.stage == stage) found.push_back(request);
  }
  return found;
}

// Stage 0: lead second, then 30 s; its last request ends 7 s after it was sent, then 1 s pause, then stage
// 1's lead second and 20 s.
TEST(Stages, DrainThenPauseThenLead) {
  const auto source = open_text(ladder("constant", kShared));
  const Driven driven = drive(*source, 7.0);
  const auto first = of_stage(driven, 0), second = of_stage(driven, 1);
  ASSERT_EQ(first.size(), 120u);
  ASSERT_EQ(second.size(), 160u);
  EXPECT_GT(first.front().arrival, from_seconds(1));
  EXPECT_EQ(first.back().arrival, from_seconds(31));
  EXPECT_GT(second.front().arrival, from_seconds(31 + 7 + 1 + 1));
  EXPECT_EQ(second.back().arrival, from_seconds(31 + 7 + 1 + 1 + 20));
  EXPECT_TRUE(source->exhausted());
}

TEST(Stages, AStageWaitsForItsSlowestRequest) {
  const auto source = open_text(ladder("constant", kShared, "interval: 5, "));
  const Driven driven = drive(*source, [](const Request& r) { return from_seconds(r.id == 3 ? 250 : 1); });
  EXPECT_GT(of_stage(driven, 1).front().arrival, driven.ends[3] + from_seconds(6));
  EXPECT_LT(of_stage(driven, 1).front().arrival, driven.ends[3] + from_seconds(8));
}

TEST(Stages, AreReportedWithTheirRates) {
  const auto stages = open_text(ladder("poisson", kShared))->stages();
  ASSERT_EQ(stages.size(), 2u);
  EXPECT_EQ(stages[1].index, 1);
  EXPECT_EQ(stages[1].requested_rate, 8);
  EXPECT_EQ(stages[1].duration_seconds, 20);
  EXPECT_EQ(stages[1].num_requests, 160u);
}

TEST(Stages, TimeoutIs300SecondsUnlessSaid) {
  EXPECT_EQ(open_text(ladder("constant", kShared))->take().timeout, from_seconds(300));
  EXPECT_EQ(open_text(ladder("constant", kShared, "request_timeout: 20, "))->take().timeout,
            from_seconds(20));
}

TEST(Stages, CapInFlightDelaysTheSchedule) {
  const auto source = open_text(ladder("constant", kShared, "num_workers: 2, worker_max_concurrency: 5, "));
  const Driven driven = drive(*source, 6.0);
  EXPECT_EQ(driven.most_in_flight, 10u);
  ASSERT_EQ(driven.requests.size(), 280u);
  std::size_t late = 0;
  Nanoseconds before = 0;
  for (const Request& request : driven.requests) {
    ASSERT_GE(request.arrival, request.intended);
    ASSERT_GE(request.arrival, before);
    before = request.arrival;
    late += request.arrival > request.intended ? 1 : 0;
  }
  EXPECT_GT(late, 200u);  // 10 in 6 s go through of 4 and 8 a second
}

TEST(Stages, WithoutWorkersTheCapIsOffAndSaid) {
  const auto source = open_text(ladder("constant", kShared));
  bool said = false;
  for (const auto& [what, reason] : source->notes()) said |= what.find("num_workers") != std::string::npos;
  EXPECT_TRUE(said);
  for (const Request& request : drive(*source, 100.0).requests) EXPECT_EQ(request.arrival, request.intended);
}

// 5 in flight, 2 s each: rounds of 5 at 1 s, 3 s, 5 s, ...
TEST(Stages, ConcurrentKeepsExactlySoMany) {
  const auto source = open_text(
      "load: {type: concurrent, stages: [{num_requests: 40, concurrency_level: 5}]}\ndata: " + kShared);
  const Driven driven = drive(*source, 2.0);
  ASSERT_EQ(driven.requests.size(), 40u);
  EXPECT_EQ(driven.most_in_flight, 5u);
  for (const Request& r : driven.requests) {
    EXPECT_EQ(r.arrival, from_seconds(1 + 2.0 * static_cast<double>(r.id / 5)));
  }
  EXPECT_EQ(source->stages().front().concurrency, 5u);
}

TEST(SharedPrefix, EveryStageRestartsAtTheFirstPrompt) {
  const Driven driven = drive(*open_text(ladder("poisson", kShared)), 1.0);
  const auto first = of_stage(driven, 0), second = of_stage(driven, 1);
  for (std::size_t i = 0; i < first.size(); ++i) {
    ASSERT_EQ(first[i].prompt, second[i].prompt);      // the list starts again
    ASSERT_EQ(first[i].prompt, first[i % 15].prompt);  // and wraps around
    ASSERT_NE(first[i].output_stream, second[i].output_stream);
  }
}

TEST(SharedPrefix, EachGroupSharesItsSystemPrompt) {
  const Driven driven = drive(*open_text(ladder("constant", kShared)), 1.0);
  std::map<std::uint64_t, std::set<std::uint64_t>> questions;
  for (std::size_t i = 0; i < 15; ++i) {
    const Request& request = driven.requests[i];
    ASSERT_EQ(request.prompt.size(), 2u);
    EXPECT_EQ(request.prompt[0].tokens, 900u);
    EXPECT_EQ(request.prompt[1].tokens, 120u);
    EXPECT_EQ(request.output_tokens, 64u);
    questions[request.prompt[0].stream].insert(request.prompt[1].stream);
  }
  ASSERT_EQ(questions.size(), 3u);
  for (const auto& [group, own] : questions) EXPECT_EQ(own.size(), 5u);
}

TEST(SharedPrefix, OrderIsShuffledOnce) {
  std::set<std::vector<std::uint64_t>> orders;
  for (const std::uint64_t seed : {1, 2, 3}) {
    std::vector<std::uint64_t> order;
    const Driven driven = drive(*open_text(ladder("constant", kShared), seed), 1.0);
    for (std::size_t i = 0; i < 15; ++i) order.push_back(driven.requests[i].prompt[1].stream);
    EXPECT_FALSE(std::is_sorted(order.begin(), order.end()));
    orders.insert(order);
  }
  EXPECT_EQ(orders.size(), 3u);
}

TEST(SharedPrefix, LengthsMayBeDistributions) {
  const std::string data =
      "{type: shared_prefix, shared_prefix: {num_groups: 20, num_prompts_per_group: 20, system_prompt_len: "
      "100, "
      "question_distribution: {type: uniform, min: 50, max: 150}, output_len: {type: normal, mean: 80, "
      "std_dev: 10, "
      "min: 60, max: 100}}}";
  std::set<std::uint32_t> questions;
  for (const Request& request : drive(*open_text(ladder("constant", data)), 1.0).requests) {
    questions.insert(request.prompt[1].tokens);
    EXPECT_GE(request.output_tokens, 60u);
    EXPECT_LE(request.output_tokens, 100u);
  }
  EXPECT_GT(questions.size(), 50u);
}

std::string chat(const std::string& load) {
  return "load: " + load +
         "\ndata: {type: shared_prefix, shared_prefix: {num_groups: 2, num_prompts_per_group: 3, "
         "system_prompt_len: "
         "900, question_len: 120, output_len: 64, enable_multi_turn_chat: true}}\n";
}

// Request i belongs to user i mod 6; a round holds all earlier rounds, question and answer, and starts after
// them.
TEST(MultiTurn, RoundsOfAUserGoOneAfterTheOther) {
  const auto source =
      open_text(chat("{type: constant, stages: [{rate: 3, duration: 20}, {rate: 6, duration: 10}]}"));
  const Driven driven = drive(*source, 5.0);
  ASSERT_EQ(driven.requests.size(), 120u);
  std::map<std::uint64_t, std::vector<const Request*>> users;
  for (const Request& request : driven.requests) users[request.session].push_back(&request);
  ASSERT_EQ(users.size(), 6u);
  for (const auto& [user, rounds] : users) {
    ASSERT_EQ(rounds.size(), 20u);
    for (std::size_t k = 1; k < rounds.size(); ++k) {
      EXPECT_GE(rounds[k]->arrival, driven.ends[rounds[k - 1]->id]);
      EXPECT_EQ(rounds[k]->input_tokens, rounds[k - 1]->input_tokens + 64 + 120);
      std::vector<Piece> expected = rounds[k - 1]->prompt;
      append_piece(expected, {rounds[k - 1]->output_stream, 0, 64});
      append_piece(expected, rounds[k]->prompt.back());
      EXPECT_EQ(rounds[k]->prompt, expected);
    }
  }
}

TEST(MultiTurn, AWaitingRoundHoldsItsPlaceInFlight) {
  const auto source = open_text(
      chat("{type: constant, num_workers: 1, worker_max_concurrency: 4, stages: [{rate: 30, duration: 2}]}"));
  const Driven driven = drive(*source, 1.0);
  EXPECT_EQ(driven.requests.size(), 60u);
  EXPECT_LE(driven.most_in_flight, 4u);
  EXPECT_TRUE(source->exhausted());
}

TEST(MultiTurn, AFailedRoundLeavesTheContextAsItWas) {
  const auto source = open_text(chat("{type: constant, stages: [{rate: 3, duration: 20}]}"));
  const Driven driven = drive(
      *source, [](const Request&) { return from_seconds(1); },
      [](const Request&) { return Outcome::kRejected; });
  for (const Request& request : driven.requests) EXPECT_EQ(request.input_tokens, 1020u);
}

TEST(Data, RandomIsNewEachTimeSyntheticStartsAlike) {
  const std::string lengths =
      "input_distribution: {type: fixed, mean: 300, max: 400}, output_distribution: {type: "
      "fixed, mean: 20}}";
  const Driven random = drive(*open_text(ladder("constant", "{type: random, " + lengths)), 1.0);
  const Driven synthetic = drive(*open_text(ladder("constant", "{type: synthetic, " + lengths)), 1.0);
  std::set<std::uint64_t> texts;
  for (const Request& request : random.requests) texts.insert(request.prompt[0].stream);
  EXPECT_EQ(texts.size(), random.requests.size());
  for (const Request& request : synthetic.requests) EXPECT_EQ(request.prompt, synthetic.requests[0].prompt);
  EXPECT_EQ(random.requests[0].input_tokens, 300u);
}

TEST(Data, TotalCountMakesLengthsRepeat) {
  const auto driven = drive(*open_text(ladder("constant",
                                              "{type: random, input_distribution: {total_count: 7}, "
                                              "output_distribution: {total_count: 7}}")),
                            1.0);
  for (std::size_t i = 7; i < 120; ++i) {
    EXPECT_EQ(driven.requests[i].input_tokens, driven.requests[i - 7].input_tokens);
  }
}

TEST(TraceReplay, KeepsTheTracesTimesAndLengths) {
  const testing::TemporaryFile file(
      "load: {type: trace_replay, trace: {file: azure.csv, format: AzurePublicDataset}}\n"
      "data: {type: random, trace: {file: azure.csv}}\n");
  std::ofstream(file.folder() / "azure.csv") << "TIMESTAMP,ContextTokens,GeneratedTokens\n"
                                                "2023-11-16 18:17:03.9799600,374,44\n"
                                                "2023-11-16 18:17:04.0799600,396,109\n"
                                                "2023-11-16 18:17:06.9799600,879,55\n";
  const auto source = open_workload(file.path(), 1);
  const Driven driven = drive(*source, 1.0);
  ASSERT_EQ(driven.requests.size(), 3u);
  EXPECT_EQ(driven.requests[0].arrival, from_seconds(1));
  EXPECT_EQ(driven.requests[1].arrival, from_seconds(1.1));
  EXPECT_EQ(driven.requests[2].arrival, from_seconds(4));
  EXPECT_EQ(driven.requests[2].input_tokens, 879u);
  EXPECT_EQ(driven.requests[2].output_tokens, 55u);
}

TEST(Conversations, RunTurnByTurnAsManyAtOnceAsAllowed) {
  const auto source = open_text(
      "load: {type: trace_session_replay, stages: [{concurrent_sessions: 4, num_sessions: 10}]}\n"
      "data: {type: conversation_replay, conversation_replay: {num_conversations: 5, "
      "shared_system_prompt_len: 1000, "
      "dynamic_system_prompt_len: 50, turns_per_conversation: 3, input_tokens_per_turn: 100, "
      "output_tokens_per_turn: 20, tool_call_latency_sec: 2}}\n");
  const Driven driven = drive(*source, 1.0);
  ASSERT_EQ(driven.requests.size(), 30u);
  EXPECT_EQ(driven.most_in_flight, 4u);
  EXPECT_TRUE(source->exhausted());
  std::map<std::uint64_t, std::vector<const Request*>> sessions;
  for (const Request& request : driven.requests) sessions[request.session].push_back(&request);
  for (const auto& [session, turns] : sessions) {
    ASSERT_EQ(turns.size(), 3u);
    EXPECT_EQ(turns[0]->input_tokens, 1150u);
    EXPECT_EQ(turns[2]->input_tokens, 1150u + 2 * 120);
    EXPECT_EQ(turns[1]->arrival, driven.ends[turns[0]->id] + from_seconds(2));
  }
}

TEST(Connections, AreReusedWhileTheyAreWarm) {
  const auto ids = [](double service) {
    std::set<std::uint64_t> found;
    const auto source = open_text(
        "load: {type: concurrent, stages: [{num_requests: 40, concurrency_level: 5}, {num_requests: 40, "
        "concurrency_level: 5}], interval: 60}\ndata: {type: mock}\n");
    for (const Request& request : drive(*source, service).requests) found.insert(request.connection);
    return found.size();
  };
  EXPECT_EQ(ids(1.0), 10u);  // five in each stage: the pause between them is longer than the keep-alive
}

}  // namespace
}  // namespace kvsim::traces
