// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/traces/support/trace_files.h"
#include "traces/readers/timestamp.h"

namespace kvsim::traces {
namespace {

TEST(Azure, FirstRowIsTimeZeroAndSevenDigitsCount) {
  const auto requests = read_text(
      "TIMESTAMP,ContextTokens,GeneratedTokens\n"
      "2023-11-16 23:59:59.9799600,4808,10\n"
      "2023-11-17 00:00:00.0319601,3180,8");  // no final newline
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_EQ(requests[0].arrival, 0);
  EXPECT_EQ(requests[1].arrival, 52'000'100);
  EXPECT_EQ(requests[1].input_tokens, 3180u);
  EXPECT_EQ(requests[1].output_tokens, 8u);
  EXPECT_NE(requests[0].prompt[0].stream, requests[1].prompt[0].stream);
}

TEST(Azure, WindowsLineEndsByteOrderMarkAndZonesAreRead) {
  const auto requests = read_text(
      "\xEF\xBB\xBFTIMESTAMP,ContextTokens,GeneratedTokens\r\n"
      "2024-05-10 00:00:00.009930+00:00,10,2\r\n"
      "2024-05-10 02:00:01+02:00,10,2\r\n");
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_EQ(requests[1].arrival, 990'070'000);
}

TEST(BurstGpt, ColumnsAreFoundByNameAndFailuresCounted) {
  const TemporaryTrace file(
      "Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type\n"
      "5,abc,1.2,ChatGPT,472,18,490,Conversation log\n"
      "6,,0.1,\"GPT-4\",300,0,300,API log\n"
      "6.5,abc,1.2,GPT-4,472.0,19,491,\"API log, old\"\n");
  TraceOptions options;
  options.model_names = {{"GPT-4", "large"}};
  const auto source = open_trace(file.path(), options);
  const auto requests = all_requests(*source);
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_EQ(requests[0].arrival, 5'000'000'000);
  EXPECT_EQ(requests[0].model, 0u);
  EXPECT_EQ(source->names().models.at(requests[1].model), "large");
  EXPECT_EQ(requests[0].session, requests[1].session);
  ASSERT_EQ(source->skipped().size(), 1u);
  EXPECT_EQ(source->skipped()[0].records, 1u);
}

TEST(BurstGpt, OlderReleasesHaveFewerColumns) {
  const auto requests = read_text(
      "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n12,ChatGPT,300,80,380,API "
      "log\n");
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_EQ(requests[0].output_tokens, 80u);
  EXPECT_EQ(requests[0].session, 0u);
}

TEST(Timestamp, TakesFractionsAndZonesAndNothingElse) {
  EXPECT_EQ(parse_timestamp("1999-12-31 23:59:59"), std::nullopt);
  const auto moment = parse_timestamp("2000-03-01T00:00:00.5Z");
  ASSERT_TRUE(moment);
  EXPECT_EQ(moment->seconds, 951'868'800);  // 30 years of 365 days, 7 leap days, 60 days of 2000
  EXPECT_EQ(moment->nanoseconds, 500'000'000);
  for (const char* wrong :
       {"2023-02-29 00:00:00", "2023-01-01 24:00:00", "2023-01-01 00:60:00", "2023-01-01 00:00",
        "2023-01-01 00:00:00.", "2023-01-01 00:00:00.1234567890", "2023-01-01 00:00:00+15",
        "2023-01-01 00:00:00 PST", "2023-1-1 00:00:00", "", "12"}) {
    EXPECT_FALSE(parse_timestamp(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace kvsim::traces
