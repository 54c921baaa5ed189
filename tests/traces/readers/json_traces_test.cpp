// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/traces/support/trace_files.h"

namespace kvsim::traces {
namespace {

TEST(Bailian, TurnsOfAChatShareASessionAndItsBlocks) {
  const auto requests = read_text(
      R"({"chat_id": 4, "parent_chat_id": -1, "timestamp": 0.5, "input_length": 40, "output_length": 9, "type": "text", "turn": 1, "hash_ids": [1, 2, 3]}
{"chat_id": 9, "parent_chat_id": -1, "timestamp": 0.6, "input_length": 16, "output_length": 9, "type": "image", "turn": 1, "hash_ids": [8]}
{"chat_id": 11, "parent_chat_id": 4, "timestamp": 7.25, "input_length": 64, "output_length": 9, "type": "text", "turn": 2, "hash_ids": [1, 2, 30, 31]}
{"chat_id": 12, "parent_chat_id": 11, "timestamp": 8, "input_length": 32, "output_length": 9, "type": "text", "turn": 3, "hash_ids": [1, 2]}
)");
  ASSERT_EQ(requests.size(), 4u);
  EXPECT_EQ(requests[2].arrival, 7'250'000'000);
  EXPECT_EQ(requests[2].session, requests[0].session);
  EXPECT_EQ(requests[3].session, requests[0].session);
  EXPECT_NE(requests[1].session, requests[0].session);
  EXPECT_EQ(requests[2].prompt, (std::vector<Piece>{{0, 16, 32}, {0, 480, 32}}));
}

TEST(VllmBench, ArrivalsStartAtZeroInOrderAndFailuresAreCounted) {
  const TemporaryTrace file(R"({
  "backend": "vllm", "num_prompts": 4, "request_rate": "inf", "max_concurrency": null,
  "input_lens": [100, 200, 0, 300],
  "output_lens": [10, 20, 0, 30],
  "start_times": [1000.5, 1002.0, 1001.0, 1000.25],
  "ttfts": [0.1, 0.2, 0, 0.3],
  "generated_texts": ["a\"b", "c", "", "[1]"],
  "errors": ["", "", "timeout", ""]
})");
  const auto source = open_trace(file.path());
  const auto requests = all_requests(*source);
  ASSERT_EQ(requests.size(), 3u);
  EXPECT_EQ(requests[0].input_tokens, 300u);
  EXPECT_EQ(requests[0].arrival, 0);
  EXPECT_EQ(requests[1].arrival, 250'000'000);
  EXPECT_EQ(requests[2].arrival, 1'750'000'000);
  ASSERT_EQ(source->skipped().size(), 1u);
  EXPECT_EQ(source->skipped()[0].records, 1u);
  EXPECT_EQ(source->format(), "vllm-bench");
}

TEST(KvsimTrace, EveryFieldIsRead) {
  const TemporaryTrace file(R"({"kvsim_trace": 1, "description": "two tenants", "block_tokens": 64}
{"id": 70, "arrival_seconds": 0.25, "input_tokens": 100, "output_tokens": 20, "max_output_tokens": 50, "model": "m", "class": "gold", "tenant": "t", "priority": -2, "session": "s", "connection": 3, "prompt": [[5, 0, 60], [5, 60, 20], [6, 7, 8]], "output_stream": 9, "timeout_seconds": 30}
{"after": 70, "think_seconds": 2, "input_tokens": 1, "output_tokens": 1}
)");
  const auto source = open_trace(file.path());
  EXPECT_EQ(source->block_tokens(), 64u);
  const auto requests = all_requests(*source);
  ASSERT_EQ(requests.size(), 2u);
  const Request& first = requests[0];
  EXPECT_EQ(first.arrival, 250'000'000);
  EXPECT_EQ(first.max_output_tokens, 50u);
  EXPECT_EQ(source->names().models.at(first.model), "m");
  EXPECT_EQ(source->names().slo_classes.at(first.slo_class), "gold");
  EXPECT_EQ(source->names().tenants.at(first.tenant), "t");
  EXPECT_EQ(first.priority, -2);
  EXPECT_NE(first.session, 0u);
  EXPECT_EQ(first.connection, 3u);
  ASSERT_EQ(first.prompt.size(), 3u);  // the runs of stream 5 join, and 12 tokens of its own end the prompt
  EXPECT_EQ(first.prompt[0], (Piece{5, 0, 80}));
  EXPECT_EQ(first.prompt[1], (Piece{6, 7, 8}));
  EXPECT_EQ(first.prompt[2].tokens, 12u);
  EXPECT_EQ(first.output_stream, 9u);
  EXPECT_EQ(first.timeout, 30 * kNanosecondsPerSecond);
  EXPECT_EQ(requests[1].arrival, 2'250'000'000);
  EXPECT_EQ(requests[1].after, first.id);
  EXPECT_EQ(first.stage, -1);
  EXPECT_TRUE(source->stages().empty());
}

TEST(KvsimTrace, StagesOfTheHeaderAreThoseOfTheRequests) {
  const TemporaryTrace file(R"({"kvsim_trace": 1, "stages": 2}
{"arrival_seconds": 0, "input_tokens": 1, "output_tokens": 1, "stage": 0}
{"arrival_seconds": 1, "input_tokens": 1, "output_tokens": 1, "stage": 1}
)");
  const auto source = open_trace(file.path());
  ASSERT_EQ(source->stages().size(), 2u);
  EXPECT_EQ(source->stages()[1].index, 1);
  const auto requests = all_requests(*source);
  EXPECT_EQ(requests[0].stage, 0);
  EXPECT_EQ(requests[1].stage, 1);
}

}  // namespace
}  // namespace kvsim::traces
