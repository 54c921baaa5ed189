// SPDX-License-Identifier: Apache-2.0
// Warm-up and scored stage of a generated workload, and users with prompts of their own.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/traces/generators/drive.h"

namespace kvsim::traces {
namespace {

using testing::drive;
using testing::Driven;
using testing::open_text;

constexpr const char* kUsers = R"(
kind: generate
warmup: 8
requests: 80
arrivals: {process: closed, clients: 8}
shared_prompts: [{count: 8, tokens: 100, popularity: in-turn}]
input_tokens: 1
output_tokens: 1
sessions: {think_seconds: 3}
)";

std::vector<Request> of_stage(const Driven& driven, std::int32_t stage) {
  std::vector<Request> requests;
  for (const Request& request : driven.requests)
    if (request.stage == stage) requests.push_back(request);
  return requests;
}

// Server of one place: answers take 2 s, one after the other.
testing::Service one_by_one() {
  return [free = Nanoseconds{0}](const Request& request) mutable {
    free = std::max(free, request.arrival) + from_seconds(2);
    return free - request.arrival;
  };
}

// Below saturation U users of service s and think z give U / (s + z) requests a second: 8 / (2 + 3).
TEST(WarmedSource, ClosedLoopHasItsClosedForm) {
  const auto source = open_text(kUsers);
  const Driven driven = drive(*source, 2.0);
  const std::vector<Request> scored = of_stage(driven, 1);
  ASSERT_EQ(scored.size(), 80u);
  const Nanoseconds span = scored.back().arrival - scored.front().arrival;  // 10 rounds: 9 cycles
  EXPECT_DOUBLE_EQ(72 / to_seconds(span), 8 / (2.0 + 3.0));
  EXPECT_TRUE(source->exhausted());
}

// Saturated by 8 users who think 3 s, a server of one place gives 1 / s whatever they think.
TEST(WarmedSource, SaturatedTheServerDecides) {
  const Driven driven = drive(*open_text(kUsers), one_by_one());
  const std::vector<Request> scored = of_stage(driven, 1);
  const Nanoseconds span = driven.ends.back() - scored.front().arrival;
  EXPECT_EQ(span, from_seconds(2 * 80));
}

TEST(WarmedSource, TheScoredStageBeginsWhenTheWarmUpHasEnded) {
  const Driven driven = drive(*open_text(kUsers), one_by_one());
  ASSERT_EQ(driven.requests.size(), 88u);
  for (std::size_t i = 0; i < 88; ++i) {
    EXPECT_EQ(driven.requests[i].id, i);
    EXPECT_EQ(driven.requests[i].stage, i < 8 ? 0 : 1);
  }
  EXPECT_EQ(driven.requests[8].arrival, driven.ends[7]);
}

// What a cyclic LRU meets: users come round in order, each with its own text, which the warm-up has sent.
TEST(WarmedSource, UsersComeRoundWithTheirOwnTexts) {
  const Driven driven = drive(*open_text(kUsers), one_by_one());
  std::set<std::uint64_t> answers;
  for (std::size_t i = 0; i < driven.requests.size(); ++i) {
    EXPECT_EQ(driven.requests[i].prompt.front(), driven.requests[i % 8].prompt.front()) << i;
    EXPECT_EQ(driven.requests[i].input_tokens, 101u);
    answers.insert(driven.requests[i].output_stream);
  }
  EXPECT_EQ(answers.size(), 88u);
}

// A client keeps its text however the answers overtake each other.
TEST(WarmedSource, ASlowUserKeepsItsText) {
  const auto source = open_text(kUsers);
  std::uint64_t slow = 0;
  const Driven driven = drive(*source, [&](const Request& request) {
    if (slow == 0) slow = request.prompt.front().stream;
    return from_seconds(request.prompt.front().stream == slow ? 47 : 2);
  });
  std::map<std::uint64_t, Nanoseconds> last;  // by text
  for (const Request& request : of_stage(driven, 1)) {
    const std::uint64_t text = request.prompt.front().stream;
    const bool again = last.contains(text);
    EXPECT_TRUE(!again || request.arrival - last[text] == from_seconds(text == slow ? 50 : 5));
    last[text] = request.arrival;
  }
  EXPECT_EQ(last.size(), 8u);
}

// All 1000 at once, 300 of them sent before: as many hits, in front or among the others.
TEST(WarmedSource, AKnownShareWasSentBefore) {
  for (const std::string popularity : {"in-turn", "shuffled"}) {
    const auto source = open_text(
        "kind: generate\nwarmup: 300\nrequests: 1000\n"
        "arrivals: {process: constant, rate: 1000000}\n"
        "shared_prompts: [{count: 1000, tokens: 511, popularity: " +
        popularity + "}]\ninput_tokens: 1\noutput_tokens: 1\n");
    const Driven driven = drive(*source, 1.0);
    std::set<std::uint64_t> before;
    for (const Request& request : of_stage(driven, 0)) before.insert(request.prompt.front().stream);
    EXPECT_EQ(before.size(), 300u);
    int hits = 0, early_hits = 0, index = 0;
    for (const Request& request : of_stage(driven, 1)) {
      const bool hit = before.contains(request.prompt.front().stream);
      hits += hit;
      early_hits += hit && index < 300;
      ++index;
    }
    EXPECT_EQ(hits, 300);
    EXPECT_NEAR(early_hits, popularity == "in-turn" ? 300 : 90, popularity == "in-turn" ? 0 : 40);
  }
}

TEST(WarmedSource, NoWarmUpLeavesAnEmptyStage) {
  std::string text = kUsers;
  text.replace(text.find("warmup: 8"), 9, "warmup: 0");
  const auto source = open_text(text);
  ASSERT_EQ(source->stages().size(), 2u);
  const Driven driven = drive(*source, 2.0);
  EXPECT_EQ(driven.requests.size(), 80u);
  EXPECT_EQ(driven.requests.front().stage, 1);
}

TEST(WarmedSource, FailedWarmUpsEndItToo) {
  const auto source = open_text(kUsers);
  const Driven driven = drive(
      *source, [](const Request&) { return from_seconds(2); },
      [](const Request& request) { return request.stage == 0 ? Outcome::kTimedOut : Outcome::kCompleted; });
  EXPECT_EQ(of_stage(driven, 1).size(), 80u);
}

// The scored stage of a file is the file without its warm-up, later.
TEST(WarmedSource, TheScoredStageIsTheFileWithoutItsWarmUp) {
  const std::string text =
      "kind: generate\nrequests: 200\narrivals: {rate: 5}\n"
      "shared_prompts: [{count: 9, tokens: {distribution: uniform, min: 1, max: 99}}]\n"
      "input_tokens: {distribution: uniform, min: 1, max: 99}\noutput_tokens: 3\nsessions: {turns: 2}\n";
  const std::vector<Request> scored = of_stage(drive(*open_text(text + "warmup: 40\n"), 1.0), 1);
  const std::vector<Request> plain = drive(*open_text(text), 1.0).requests;
  ASSERT_EQ(scored.size(), plain.size());
  for (std::size_t i = 0; i < plain.size(); ++i) {
    EXPECT_EQ(scored[i].prompt, plain[i].prompt);
    EXPECT_EQ(scored[i].arrival - scored[0].arrival, plain[i].arrival - plain[0].arrival);
  }
}

}  // namespace
}  // namespace kvsim::traces
