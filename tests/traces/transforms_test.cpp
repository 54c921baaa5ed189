// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/traces/support/trace_files.h"

namespace kvsim::traces {
namespace {

std::string at(std::initializer_list<int> milliseconds) {
  std::string text;
  for (const int time : milliseconds) {
    text += "{\"timestamp\": " + std::to_string(time) + ", \"input_length\": 3, \"output_length\": 1}\n";
  }
  return text;
}

std::vector<double> arrivals_ms(std::string_view content, const TraceOptions& options) {
  std::vector<double> times;
  for (const Request& request : read_text(content, options))
    times.push_back(static_cast<double>(request.arrival) * 1e-6);
  return times;
}

TEST(Transforms, ScaleDividesTime) {
  TraceOptions options;
  options.rate_scale = 2;
  EXPECT_EQ(arrivals_ms(at({0, 1000, 3000}), options), (std::vector<double>{0, 500, 1500}));
}

TEST(Transforms, WindowCutsAndStartsAtZero) {
  TraceOptions options;
  options.start_seconds = 1;
  options.duration_seconds = 2;
  EXPECT_EQ(arrivals_ms(at({0, 1000, 2500, 3000, 4000}), options), (std::vector<double>{0, 1500}));
}

TEST(Transforms, LimitAndSort) {
  TraceOptions options;
  options.sort = true;
  options.max_requests = 2;
  EXPECT_EQ(arrivals_ms(at({30, 10, 20}), options), (std::vector<double>{10, 20}));
}

TEST(Transforms, EvenSpreadFillsTheTickAndStopsAtTheNextStamp) {
  TraceOptions options;
  options.spread_tick_seconds = 3;
  EXPECT_EQ(arrivals_ms(at({0, 0, 0, 3000, 3000, 5000}), options),
            (std::vector<double>{0, 1000, 2000, 3000, 4000, 5000}));
}

TEST(Transforms, UniformSpreadStaysInOrderAndFollowsTheSeed) {
  TraceOptions options;
  options.spread_tick_seconds = 3;
  options.spread_uniformly = true;
  const std::string content = at({0, 0, 0, 0, 3000, 3000});
  const auto times = arrivals_ms(content, options);
  EXPECT_EQ(times, arrivals_ms(content, options));
  for (std::size_t i = 0; i < times.size(); ++i) {
    EXPECT_GE(times[i], i < 4 ? 0 : 3000);
    EXPECT_LT(times[i], i < 4 ? 3000 : 6000);
    if (i > 0) {
      EXPECT_GE(times[i], times[i - 1]);
    }
  }
  options.seed = 2;
  EXPECT_NE(times, arrivals_ms(content, options));
}

TEST(Transforms, SortMovesATraceThatStartsBeforeItsFirstRow) {
  TraceOptions options;
  options.sort = true;
  const auto times = arrivals_ms(
      "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 00:00:02,1,1\n2023-11-16 00:00:01,1,1\n", options);
  EXPECT_EQ(times, (std::vector<double>{0, 1000}));
}

TEST(Transforms, SortKeepsTurnsBehindTheirSession) {
  TraceOptions options;
  options.sort = true;
  const auto requests = read_text(R"({"kvsim_trace": 1}
{"id": 1, "arrival_seconds": 9, "input_tokens": 1, "output_tokens": 1}
{"id": 2, "after": 1, "think_seconds": 1, "input_tokens": 2, "output_tokens": 1}
{"id": 3, "arrival_seconds": 4, "input_tokens": 3, "output_tokens": 1}
)",
                                  options);
  ASSERT_EQ(requests.size(), 3u);
  EXPECT_EQ(requests[0].input_tokens, 3u);
  EXPECT_EQ(requests[2].input_tokens, 2u);
  EXPECT_EQ(requests[2].arrival, 10 * kNanosecondsPerSecond);
}

TEST(Transforms, AWindowThatCutsASessionsStartCutsItsTurns) {
  TraceOptions options;
  options.start_seconds = 5;
  const auto requests = read_text(R"({"kvsim_trace": 1}
{"id": 1, "arrival_seconds": 1, "input_tokens": 1, "output_tokens": 1}
{"id": 2, "after": 1, "think_seconds": 10, "input_tokens": 2, "output_tokens": 1}
{"id": 3, "after": 2, "think_seconds": 10, "input_tokens": 2, "output_tokens": 1}
{"id": 4, "arrival_seconds": 6, "input_tokens": 3, "output_tokens": 1}
)",
                                  options);
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_EQ(requests[0].input_tokens, 3u);
}

}  // namespace
}  // namespace kvsim::traces
