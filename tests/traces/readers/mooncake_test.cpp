// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/traces/support/trace_files.h"

namespace kvsim::traces {
namespace {

TEST(Mooncake, ReadsTimesLengthsAndJoinsConsecutiveBlocks) {
  const auto requests =
      read_text(R"({"timestamp": 250, "input_length": 1200, "output_length": 30, "hash_ids": [7, 8, 9]}
{"timestamp": 250.5, "input_length": 1100, "output_length": 1, "hash_ids": [7, 8, 12]}
)");
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_EQ(requests[0].arrival, 250'000'000);
  EXPECT_EQ(requests[0].input_tokens, 1200u);
  EXPECT_EQ(requests[0].output_tokens, 30u);
  EXPECT_EQ(requests[0].prompt, (std::vector<Piece>{{0, 7 * 512, 1200}}));
  EXPECT_EQ(requests[1].arrival, 250'500'000);
  EXPECT_EQ(requests[1].prompt, (std::vector<Piece>{{0, 7 * 512, 1024}, {0, 12 * 512, 76}}));
  EXPECT_NE(requests[0].output_stream, requests[1].output_stream);
}

TEST(Mooncake, TokensWithoutAnIdAreTheRequestsOwn) {
  // Blocks of 16, ids of full blocks only: 40 tokens have two ids, the last 8 tokens none.
  const auto requests =
      read_text(R"({"timestamp": 0, "input_length": 40, "output_length": 3, "hash_ids": [5, 6]}
{"timestamp": 1, "input_length": 500, "output_length": 3, "hash_ids": [1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31]}
)");
  ASSERT_EQ(requests.size(), 2u);
  ASSERT_EQ(requests[0].prompt.size(), 2u);
  EXPECT_EQ(requests[0].prompt[0], (Piece{0, 80, 32}));
  EXPECT_EQ(requests[0].prompt[1].tokens, 8u);
  EXPECT_GE(requests[0].prompt[1].stream, kOwnStreams);
  EXPECT_NE(requests[0].prompt[1].stream, requests[1].prompt[1].stream);
}

TEST(Mooncake, RecognisesTheBlockSizeFromSeveralRecords) {
  const TemporaryTrace sixteen(R"({"timestamp": 0, "input_length": 10, "output_length": 3, "hash_ids": [0]}
{"timestamp": 0, "input_length": 33, "output_length": 3, "hash_ids": [1, 2, 3]}
)");
  EXPECT_EQ(open_trace(sixteen.path())->block_tokens(), 16u);
  const TemporaryTrace usual(R"({"timestamp": 0, "input_length": 10, "output_length": 3, "hash_ids": [0]}
)");
  EXPECT_EQ(open_trace(usual.path())->block_tokens(), 512u);
  TraceOptions given;
  given.block_tokens = 100;
  EXPECT_EQ(open_trace(usual.path(), given)->block_tokens(), 100u);
}

TEST(Mooncake, IdsThatAre64BitHashesStayDistinct) {
  const auto requests = read_text(
      R"({"timestamp": 0, "input_length": 512, "output_length": 1, "hash_ids": [18446744073709551615]}
{"timestamp": 0, "input_length": 512, "output_length": 1, "hash_ids": [17592186044415]}
)");
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_NE(requests[0].prompt, requests[1].prompt);
}

TEST(Mooncake, AiperfTurnsWaitForTheAnswerAndTheirDelay) {
  const TemporaryTrace file(R"({"session_id": "a", "timestamp": 1000, "input_length": 10, "output_length": 2}
{"session_id": "a", "delay": 500, "input_length": 20, "output_length": 2}
{"session_id": "b", "timestamp": 2000, "input_length": 30, "output_length": 2}
)");
  const auto source = open_trace(file.path());
  const Request first = source->take();
  EXPECT_EQ(source->next_arrival(), 2'000'000'000);  // the other session; the turn waits
  source->finished({first.id, 1'200'000'000, Outcome::kCompleted});
  EXPECT_EQ(source->next_arrival(), 1'700'000'000);
  const Request turn = source->take();
  EXPECT_EQ(turn.input_tokens, 20u);
  EXPECT_EQ(turn.session, first.session);
  EXPECT_EQ(turn.after, first.id);
  EXPECT_EQ(turn.think, 500'000'000);
}

TEST(Mooncake, RecordsWithoutOutputArePassedOverAndCounted) {
  const TemporaryTrace file(R"({"timestamp": 0, "input_length": 10, "output_length": 0, "hash_ids": [0]}
{"timestamp": 0, "input_length": 10, "output_length": 1, "hash_ids": [0]}
)");
  const auto source = open_trace(file.path());
  EXPECT_EQ(all_requests(*source).size(), 1u);
  ASSERT_EQ(source->skipped().size(), 1u);
  EXPECT_EQ(source->skipped()[0].records, 1u);
  EXPECT_EQ(source->notes().size(), 1u);
}

}  // namespace
}  // namespace kvsim::traces
