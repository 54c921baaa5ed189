// SPDX-License-Identifier: Apache-2.0
// Does a closed loop out of a file behave, whatever the server does?
#include <gtest/gtest.h>

#include <map>

#include "base/random.h"
#include "tests/traces/support/trace_files.h"

namespace kvsim::traces {
namespace {

const char* const kChain = R"({"kvsim_trace": 1}
{"id": 1, "arrival_seconds": 1, "input_tokens": 1, "output_tokens": 1}
{"id": 2, "after": 1, "think_seconds": 2, "input_tokens": 2, "output_tokens": 1}
{"id": 3, "after": 2, "think_seconds": 2, "input_tokens": 3, "output_tokens": 1}
{"arrival_seconds": 50, "input_tokens": 9, "output_tokens": 1}
{"after": 1, "think_seconds": 0, "input_tokens": 4, "output_tokens": 1}
)";

TEST(TurnSource, ATurnThatStandsBehindALaterArrivalIsNotSentBeforeIt) {
  const TemporaryTrace file(kChain);
  const auto source = open_trace(file.path());
  const Request first = source->take();
  source->finished({first.id, 2 * kNanosecondsPerSecond, Outcome::kCompleted});
  std::map<std::uint32_t, Nanoseconds> sent;
  while (source->next_arrival()) {
    const Request request = source->take();
    sent[request.input_tokens] = request.arrival / kNanosecondsPerSecond;
    source->finished({request.id, request.arrival + kNanosecondsPerSecond, Outcome::kCompleted});
  }
  EXPECT_EQ(sent, (std::map<std::uint32_t, Nanoseconds>{{2, 4}, {3, 7}, {9, 50}, {4, 50}}));
}

TEST(TurnSource, IsExhaustedOnlyWhenNoTurnWaits) {
  const TemporaryTrace file(kChain);
  const auto source = open_trace(file.path());
  const Request first = source->take();
  const Request lone = source->take();
  EXPECT_EQ(lone.input_tokens, 9u);
  EXPECT_FALSE(source->next_arrival());
  EXPECT_FALSE(source->exhausted());
  source->finished({first.id, 60 * kNanosecondsPerSecond, Outcome::kCompleted});
  EXPECT_EQ(source->next_arrival(), 60 * kNanosecondsPerSecond);
}

TEST(TurnSource, AFailedTurnEndsItsSessionAndIsTold) {
  const TemporaryTrace file(kChain);
  const auto source = open_trace(file.path());
  const Request first = source->take();
  source->finished({first.id, 2 * kNanosecondsPerSecond, Outcome::kTimedOut});
  EXPECT_EQ(all_requests(*source).size(), 1u);
  EXPECT_TRUE(source->exhausted());
  ASSERT_EQ(source->notes().size(), 1u);
  EXPECT_EQ(source->notes()[0].first, "3 later turns of the trace");
}

// Random chains under random service times: every turn is sent once, not before its predecessor's end plus
// its pause, and arrivals never decrease.
TEST(TurnSource, RandomChainsUnderRandomServiceKeepTheirOrder) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomStream draws(seed, "test");
    std::string text = "{\"kvsim_trace\": 1}\n";
    double clock = 0;
    for (int id = 1; id <= 400; ++id) {
      const bool turn = id > 5 && draws.below(2) == 0;
      const int before = id - 1 - static_cast<int>(draws.below(5));
      clock += turn ? 0 : static_cast<double>(draws.below(3));
      text += "{\"id\": " + std::to_string(id) +
              (turn ? ", \"after\": " + std::to_string(before) +
                          ", \"think_seconds\": " + std::to_string(draws.below(4))
                    : ", \"arrival_seconds\": " + std::to_string(clock)) +
              ", \"input_tokens\": " + std::to_string(id) + ", \"output_tokens\": 1}\n";
    }
    const TemporaryTrace file(text);
    const auto source = open_trace(file.path());
    std::multimap<Nanoseconds, std::uint64_t> running;
    std::map<std::uint64_t, Nanoseconds> end_of;
    Nanoseconds now = 0;
    std::size_t taken = 0;
    while (!source->exhausted() || !running.empty()) {
      const auto next = source->next_arrival();
      if (!running.empty() && (!next || running.begin()->first <= *next)) {
        now = running.begin()->first;
        end_of[running.begin()->second] = now;
        source->finished({running.begin()->second, now, Outcome::kCompleted});
        running.erase(running.begin());
        continue;
      }
      const Request request = source->take();
      ASSERT_GE(request.arrival, now);
      now = request.arrival;
      if (request.after != kNoRequest) {
        ASSERT_GE(request.arrival, end_of.at(request.after) + request.think);
      }
      running.emplace(now + static_cast<Nanoseconds>(draws.below(5)) * kNanosecondsPerSecond, request.id);
      ++taken;
    }
    EXPECT_EQ(taken, 400u);
  }
}

}  // namespace
}  // namespace kvsim::traces
