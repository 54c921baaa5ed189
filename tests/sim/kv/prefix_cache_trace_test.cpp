// SPDX-License-Identifier: Apache-2.0
// Do public traces, served one request after the other, give the hits and evictions of the block-by-block
// pool? The traces' folder comes from KVSIM_TRACE_DIR.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "tests/sim/kv/cache_pair.h"
#include "traces/open_trace.h"

namespace kvsim::sim {
namespace {

constexpr std::uint32_t kBlock = 16;

class PrefixCacheTrace : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::getenv("KVSIM_TRACE_DIR")) GTEST_SKIP() << "KVSIM_TRACE_DIR names no folder of public traces";
  }
  static std::string path(const std::string& file) { return std::getenv("KVSIM_TRACE_DIR") + ("/" + file); }
};

template <class Serve>
void for_each_request(const std::string& path, Serve serve) {
  const auto source = traces::open_trace(path);
  while (source->next_arrival()) {
    const traces::Request request = source->take();
    serve(request);
    source->finished({request.id, request.arrival, traces::Outcome::kCompleted});
  }
}

// Requests that need more blocks than there are do not come to the cache.
std::uint64_t hits_agreed_with_twin(const std::string& path, const PrefixCacheSettings& settings) {
  CachePair pair(settings);
  std::uint64_t hits = 0;
  for_each_request(path, [&](const traces::Request& request) {
    const Sequence sequence{0, request.prompt, block_identities(0, request.prompt, kBlock)};
    const std::uint64_t need = (request.input_tokens + kBlock - 1) / kBlock;
    if (need > settings.blocks || testing::Test::HasFailure()) return;
    const std::uint64_t hit = pair.match(sequence, (request.input_tokens - 1) / kBlock).blocks;
    PairedHolder holder;
    pair.take(holder, sequence, hit);
    pair.allocate(holder, need - hit);
    pair.register_full(holder, sequence, request.input_tokens / kBlock);
    pair.release(holder);
    hits += hit;
  });
  EXPECT_GT(pair.cache().counters().evicted_blocks, 0u);
  return hits;
}

TEST_F(PrefixCacheTrace, AgreesWithTheTwinOnTheConversationTrace) {
  const std::string file = path("mooncake_conversation_trace.jsonl.zst");
  EXPECT_GT(hits_agreed_with_twin(file, {.blocks = 10'000, .block_tokens = kBlock}), 0u);
  EXPECT_GT(hits_agreed_with_twin(
                file, {.blocks = 500'000, .block_tokens = kBlock, .unhashed_blocks_first = false}),
            0u);
}

TEST_F(PrefixCacheTrace, AgreesWithTheTwinOnTheSyntheticTrace) {
  const std::string file = path("mooncake_synthetic_trace.jsonl.zst");
  EXPECT_GT(
      hits_agreed_with_twin(file, {.blocks = 20'000, .block_tokens = kBlock, .unhashed_blocks_first = false}),
      0u);
  EXPECT_GT(hits_agreed_with_twin(file, {.blocks = 200'000, .block_tokens = kBlock}), 0u);
}

// Whole blocks of 16, the last token always computed again: 54,097,440 of 144,793,823 tokens can be hit at
// most.
TEST_F(PrefixCacheTrace, HitsEveryRepeatedBlockOfTheConversationTraceWithoutLimit) {
  PrefixCache cache({.blocks = 20'000'000, .block_tokens = kBlock});
  std::uint64_t hit_tokens = 0;
  std::uint64_t prompt_tokens = 0;
  for_each_request(path("mooncake_conversation_trace.jsonl.zst"), [&](const traces::Request& request) {
    const std::uint64_t hit = cache.match(0, request.prompt, (request.input_tokens - 1) / kBlock).blocks;
    BlockHolder holder;
    cache.take(holder, 0, request.prompt, hit);
    cache.allocate(holder, (request.input_tokens + kBlock - 1) / kBlock - hit);
    cache.register_full(holder, 0, request.prompt, request.input_tokens / kBlock);
    cache.release(holder);
    hit_tokens += hit * kBlock;
    prompt_tokens += request.input_tokens;
  });
  EXPECT_EQ(prompt_tokens, 144'793'823u);
  EXPECT_EQ(hit_tokens, 54'097'440u);
  EXPECT_EQ(cache.counters().evicted_blocks, 0u);
}

}  // namespace
}  // namespace kvsim::sim
