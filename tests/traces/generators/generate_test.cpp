// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "base/errors.h"
#include "tests/traces/generators/drive.h"

namespace kvsim::traces {
namespace {

using testing::drive;
using testing::Driven;
using testing::open_text;
using testing::TemporaryFile;

constexpr const char* kPlain = R"(
kind: generate
requests: 20000
arrivals: {process: poisson, rate: 32}
input_tokens: {distribution: normal, mean: 1000, deviation: 200}
output_tokens: {distribution: normal, mean: 200, deviation: 50}
)";

constexpr const char* kChat = R"(
kind: generate
requests: 3000
arrivals: {rate: 5}
shared_prompts: [{tokens: 100}]
input_tokens: {distribution: uniform, min: 10, max: 50}
output_tokens: {distribution: uniform, min: 5, max: 20}
reasoning_tokens: 7
sessions:
  turns: {distribution: geometric, mean: 4}
  think_seconds: 3
)";

bool same(const Request& a, const Request& b) {
  return a.id == b.id && a.arrival == b.arrival && a.input_tokens == b.input_tokens &&
         a.output_tokens == b.output_tokens && a.prompt == b.prompt && a.output_stream == b.output_stream;
}

TEST(Generate, PlainStreamHasTheRateAndLengthsAskedFor) {
  const auto source = open_text(kPlain);
  const Driven driven = drive(*source, 1.0);
  ASSERT_EQ(driven.requests.size(), 20'000u);
  double input = 0, output = 0;
  for (const Request& request : driven.requests) {
    input += request.input_tokens / 20'000.0;
    output += request.output_tokens / 20'000.0;
    ASSERT_EQ(total_tokens(request.prompt), request.input_tokens);
  }
  EXPECT_NEAR(input, 1000, 5 * 200 / std::sqrt(20'000));
  EXPECT_NEAR(output, 200, 5 * 50 / std::sqrt(20'000));
  EXPECT_NEAR(to_seconds(driven.requests.back().arrival), 625, 5 * std::sqrt(20'000) / 32);
  EXPECT_TRUE(source->exhausted());
}

TEST(Generate, SameSeedSameRequests) {
  for (const char* text : {kPlain, kChat}) {
    const Driven one = drive(*open_text(text, 4), 0.5);
    const Driven other = drive(*open_text(text, 4), 0.5);
    const Driven different = drive(*open_text(text, 5), 0.5);
    ASSERT_EQ(one.requests.size(), other.requests.size());
    for (std::size_t i = 0; i < one.requests.size(); ++i) {
      ASSERT_TRUE(same(one.requests[i], other.requests[i])) << i;
    }
    EXPECT_NE(one.requests.front().arrival, different.requests.front().arrival);
  }
}

// Turn k's prompt is turn k-1's prompt, its answer without the reasoning, and new text; it comes 3 s after
// the end.
TEST(Generate, NextTurnWaitsForTheAnswerAndHoldsIt) {
  const auto source = open_text(kChat);
  const Driven driven = drive(*source, [](const Request& r) { return from_seconds(0.1 * r.output_tokens); });
  ASSERT_EQ(driven.requests.size(), 3000u);
  std::map<std::uint64_t, std::uint64_t> last;
  std::size_t later_turns = 0;
  for (const Request& request : driven.requests) {
    const auto [before, first] = last.try_emplace(request.session, request.id);
    if (!first) {
      const Request& earlier = driven.requests[before->second];
      EXPECT_EQ(request.arrival, driven.ends[earlier.id] + from_seconds(3));
      std::vector<Piece> expected = earlier.prompt;
      expected.push_back({earlier.output_stream, 7, earlier.output_tokens - 7});
      expected.push_back(request.prompt.back());
      EXPECT_EQ(request.prompt, expected);
      before->second = request.id;
      ++later_turns;
    }
  }
  EXPECT_GT(later_turns, 1500u);
}

// What sessions ask does not depend on how fast they are answered.
TEST(Generate, SlowAnswersChangeTimesOnly) {
  const auto lengths_by_session = [](double service) {
    std::map<std::uint64_t, std::vector<std::uint32_t>> found;
    std::string text = kChat;
    text.replace(text.find("requests: 3000"), 14, "duration: 100000s\nrequests: 100000");
    for (const Request& request : drive(*open_text(text), service).requests) {
      found[request.session].push_back(request.output_tokens);
    }
    return found;
  };
  const auto fast = lengths_by_session(0.1);
  const auto slow = lengths_by_session(30);
  std::size_t compared = 0;
  for (const auto& [session, lengths] : fast) {
    const auto other = slow.find(session);
    if (other == slow.end()) continue;
    const std::size_t both = std::min(lengths.size(), other->second.size());
    for (std::size_t i = 0; i < both; ++i) ASSERT_EQ(lengths[i], other->second[i]);
    compared += both;
  }
  EXPECT_GT(compared, 50'000u);
}

TEST(Generate, AFailedTurnEndsItsSession) {
  const auto source = open_text(kChat);
  std::map<std::uint64_t, int> turns;
  const Driven driven = drive(
      *source, [](const Request&) { return from_seconds(1); },
      [](const Request&) { return Outcome::kTimedOut; });
  for (const Request& request : driven.requests) EXPECT_EQ(++turns[request.session], 1);
}

TEST(Generate, ContextCapDropsTheOldestTurns) {
  const std::string text = std::string(kChat) + "  context_cap_tokens: 300\n";
  std::size_t full = 0;
  for (const Request& request : drive(*open_text(text), 1.0).requests) {
    ASSERT_LE(request.input_tokens + request.output_tokens, 300u);
    ASSERT_EQ(request.prompt.front().tokens, 100u);
    full += request.input_tokens > 220 ? 1 : 0;
  }
  EXPECT_GT(full, 100u);
}

TEST(Generate, ContextCapMayEndTheSession) {
  const std::string text = std::string(kChat) + "  context_cap_tokens: 200\n  at_cap: end\n";
  std::map<std::uint64_t, std::uint32_t> before;
  for (const Request& request : drive(*open_text(text), 1.0).requests) {
    ASSERT_LE(request.input_tokens + request.output_tokens, 200u);
    ASSERT_GT(request.input_tokens, before[request.session]);  // nothing was dropped
    before[request.session] = request.input_tokens;
  }
}

// Each of 8 clients takes 2 s of service and 3 s of thought: one request in 5 s.
TEST(Generate, ClosedClientsKeepTheirNumber) {
  const auto source = open_text(R"(
kind: generate
requests: 800
arrivals: {process: closed, clients: 8}
input_tokens: 10
output_tokens: 10
sessions: {think_seconds: 3}
)");
  const Driven driven = drive(*source, 2.0);
  EXPECT_EQ(driven.most_in_flight, 8u);
  EXPECT_EQ(driven.requests.size(), 800u);
  EXPECT_EQ(driven.requests[8].arrival, from_seconds(5));
  EXPECT_EQ(driven.requests.back().arrival, from_seconds(5 * 99));
}

TEST(Generate, NothingArrivesAfterTheDuration) {
  std::string text = kChat;
  text.replace(text.find("requests: 3000"), 14, "duration: 60s");
  const auto source = open_text(text);
  const Driven driven = drive(*source, 1.0);
  EXPECT_GT(driven.requests.size(), 300u);
  EXPECT_LT(driven.requests.back().arrival, from_seconds(60));
  EXPECT_TRUE(source->exhausted());
}

std::string two_streams(const std::string& second_rate) {
  return R"(
kind: generate
duration: 200s
streams:
  - {name: a, tenant: t1, class: fast, priority: -1, timeout: 9s, max_output_tokens: 64, arrivals: {rate: 4}, input_tokens: {distribution: uniform, min: 1, max: 99}, output_tokens: {distribution: uniform, min: 1, max: 99}}
  - {name: b, tenant: t2, model: m, arrivals: {rate: )" +
         second_rate + R"(}, input_tokens: 5, output_tokens: 5, sessions: {turns: 3}}
)";
}

TEST(Generate, OneStreamNeverShiftsAnother) {
  const auto of_first = [](const std::string& rate) {
    std::vector<std::pair<Nanoseconds, std::uint32_t>> found;
    const auto source = open_text(two_streams(rate));
    for (const Request& request : drive(*source, 1.0).requests) {
      if (source->names().tenants[request.tenant] == "t1")
        found.emplace_back(request.arrival, request.input_tokens);
    }
    return found;
  };
  EXPECT_GT(of_first("1").size(), 700u);
  EXPECT_EQ(of_first("1"), of_first("17"));
}

TEST(Generate, RequestsCarryTheirStreamsNames) {
  const auto source = open_text(two_streams("4"));
  for (const Request& request : drive(*source, 1.0).requests) {
    const bool first = source->names().tenants[request.tenant] == "t1";
    EXPECT_EQ(source->names().slo_classes[request.slo_class], first ? "fast" : "");
    EXPECT_EQ(source->names().models[request.model], first ? "" : "m");
    EXPECT_EQ(request.priority, first ? -1 : 0);
    EXPECT_EQ(request.timeout, first ? from_seconds(9) : kNever);
    if (first) {
      EXPECT_LE(request.output_tokens, 64u);
      EXPECT_EQ(request.max_output_tokens, 64u);
    }
  }
}

TEST(Generate, CorrelatedLengthsAreCorrelated) {
  const auto source = open_text(R"(
kind: generate
requests: 20000
arrivals: {rate: 1}
input_tokens: {distribution: normal, mean: 10000, deviation: 1000}
output_tokens: {distribution: normal, mean: 5000, deviation: 500}
correlation: 0.6
)");
  double xy = 0, n = 20'000;
  for (const Request& r : drive(*source, 1.0).requests)
    xy += (r.input_tokens - 1e4) / 1e3 * (r.output_tokens - 5e3) / 500;
  EXPECT_NEAR(xy / n, 0.6, 5 * std::sqrt((1 + 0.36) / n));
}

TEST(Generate, LengthTablesGiveTheirPairs) {
  const TemporaryFile file(
      "kind: generate\nrequests: 3000\narrivals: {rate: 1}\nlengths: {file: lengths.csv, input_column: in, "
      "output_column: out}\n");
  std::ofstream(file.folder() / "lengths.csv") << "out,in\r\n1,10\r\n2,20\r\n3,30";
  std::map<std::uint32_t, int> counts;
  for (const Request& r : drive(*open_workload(file.path(), 1), 1.0).requests) {
    ASSERT_EQ(r.input_tokens, 10 * r.output_tokens);
    ++counts[r.output_tokens];
  }
  ASSERT_EQ(counts.size(), 3u);
  for (const auto& [length, count] : counts)
    EXPECT_NEAR(count, 1000, 5 * std::sqrt(3000 * 2.0 / 9)) << length;
}

TEST(Generate, ReadsThePublicLengthTable) {
  const char* folder = std::getenv("KVSIM_TRACE_DIR");
  if (folder == nullptr) GTEST_SKIP() << "KVSIM_TRACE_DIR is not set";
  const std::string file = std::string(folder) + "/lengths_sharegpt_vicuna.csv";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no length table";
  const auto source = open_text("kind: generate\nrequests: 100\narrivals: {rate: 1}\nlengths: {file: " +
                                std::filesystem::absolute(file).string() + "}\n");
  EXPECT_EQ(drive(*source, 1.0).requests.size(), 100u);
}

}  // namespace
}  // namespace kvsim::traces
