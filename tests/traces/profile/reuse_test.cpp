// SPDX-License-Identifier: Apache-2.0
// Do the one-pass curves agree with caches simulated block by block?
#include <gtest/gtest.h>

#include <algorithm>
#include <list>
#include <map>

#include "base/random.h"
#include "traces/blocks.h"
#include "traces/profile/engine_reuse.h"
#include "traces/profile/lfu_cache.h"
#include "traces/profile/reuse_profile.h"

namespace kvsim::traces {
namespace {

Request request_of(std::uint64_t stream, std::uint32_t tokens, Nanoseconds arrival) {
  Request request;
  request.arrival = arrival;
  request.input_tokens = tokens;
  request.output_tokens = 1;
  request.prompt = {{stream, 0, tokens}};
  return request;
}

// Prompts that are starts of a few streams, so that they share prefixes.
std::vector<Request> random_requests(std::uint64_t seed, std::size_t count) {
  RandomStream draws(seed, "test");
  std::vector<Request> requests;
  Nanoseconds now = 0;
  for (std::size_t i = 0; i < count; ++i) {
    now += static_cast<Nanoseconds>(draws.below(20)) * kNanosecondsPerSecond;
    requests.push_back(request_of(draws.below(30), 1 + static_cast<std::uint32_t>(draws.below(200)), now));
    requests.back().output_stream = 1000 + i;
  }
  return requests;
}

double lru_by_simulation(const std::vector<Request>& requests, std::uint32_t block, std::size_t capacity) {
  std::list<std::uint64_t> cache;
  std::uint64_t hits = 0, references = 0;
  for (const Request& request : requests) {
    std::vector<std::uint64_t> hashes;
    chained_blocks(request.prompt, block, true, hashes);
    for (const std::uint64_t hash : hashes) {
      ++references;
      const auto found = std::find(cache.begin(), cache.end(), hash);
      hits += found != cache.end() ? 1 : 0;
      if (found != cache.end()) cache.erase(found);
      cache.push_front(hash);
      if (cache.size() > capacity) cache.pop_back();
    }
  }
  return static_cast<double>(hits) / static_cast<double>(references);
}

TEST(ReuseProfile, LruCurveIsThatOfSimulatedCaches) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const auto requests = random_requests(seed, 300);
    ReuseProfile profile(16, {}, {});
    for (const Request& request : requests) profile.add(request);
    for (const std::size_t capacity : {1, 2, 5, 20, 60, 100, 400}) {
      EXPECT_DOUBLE_EQ(profile.lru_hit_ratio(capacity * 16), lru_by_simulation(requests, 16, capacity))
          << capacity;
    }
  }
}

TEST(ReuseProfile, RetentionCountsHitsYoungEnoughAndWhatIsKept) {
  // Block A at 0 s, 10 s, 100 s; block B at 10 s. Kept 30 s: one hit of A, and A and B kept at 10 s.
  ReuseProfile profile(16, {}, {30, 1000});
  for (const auto& [stream, second] : std::vector<std::pair<int, int>>{{1, 0}, {1, 10}, {2, 10}, {1, 100}}) {
    profile.add(request_of(stream, 16, second * kNanosecondsPerSecond));
  }
  const auto points = profile.retention();
  EXPECT_DOUBLE_EQ(points[0].hit_ratio, 0.25);
  EXPECT_EQ(points[0].peak_blocks, 2u);
  EXPECT_DOUBLE_EQ(points[1].hit_ratio, 0.5);
}

TEST(LruStack, DistancesSurviveRenumbering) {
  // 40 blocks touched in a cycle: every touch but the first of each has distance 40, past 2^16 touches too.
  LruStack stack;
  stack.note_moment();
  for (std::uint64_t i = 0; i < 200'000; ++i) {
    const auto touch = stack.touch(1 + i % 40, static_cast<Nanoseconds>(i));
    if (i == 199'990) stack.note_moment();
    ASSERT_EQ(touch.first, i < 40);
    if (!touch.first) {
      ASSERT_EQ(touch.distance, 40u);
    }
  }
  EXPECT_EQ(stack.blocks_since(0), 40u);
  EXPECT_EQ(stack.blocks_since(1), 9u);
}

TEST(LfuCache, EvictsTheLeastTouchedAndAmongEqualsTheOldest) {
  LfuCache cache(2);
  EXPECT_FALSE(cache.touch(1));
  EXPECT_FALSE(cache.touch(2));
  EXPECT_TRUE(cache.touch(1));
  EXPECT_FALSE(cache.touch(3));  // 2 goes: touched once, 1 twice
  EXPECT_TRUE(cache.touch(1));
  EXPECT_FALSE(cache.touch(2));  // 3 goes
  EXPECT_FALSE(cache.touch(3));
  EXPECT_FALSE(LfuCache(0).touch(1));
}

TEST(LfuCache, AgreesWithATableSearchedBlockByBlock) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomStream draws(seed, "test");
    LfuCache cache(7);
    std::map<std::uint64_t, std::pair<int, int>> table;  // touches, last touch
    for (int now = 0; now < 3000; ++now) {
      const std::uint64_t block = draws.below(5) * draws.below(5);
      const bool there = table.contains(block);
      if (!there && table.size() == 7) {
        table.erase(std::min_element(table.begin(), table.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; }));
      }
      table[block].first++;
      table[block].second = now;
      ASSERT_EQ(cache.touch(block), there) << now;
    }
  }
}

TEST(EngineReuse, CountsFullBlocksFromTheStartAndLeavesTheLastTokenToCompute) {
  EngineReuse engine(16);
  engine.add(request_of(1, 64, 0));
  EXPECT_EQ(engine.hit_tokens(), 0u);
  engine.add(request_of(1, 64, 0));  // 4 full blocks cached; the last one holds the last token: 48
  EXPECT_EQ(engine.hit_tokens(), 48u);
  engine.add(request_of(1, 65, 0));
  EXPECT_EQ(engine.hit_tokens(), 48u + 64u);
}

TEST(EngineReuse, AnswersCountForTheNextTurn) {
  EngineReuse engine(16);
  Request first = request_of(1, 20, 0);
  first.output_tokens = 13;  // tokens 20 to 32; the last has no KV: 32 tokens, two full blocks
  first.output_stream = 7;
  engine.add(first);
  Request next = first;
  next.prompt = {{1, 0, 20}, {7, 0, 13}, {2, 0, 20}};
  next.input_tokens = 53;
  engine.add(next);
  EXPECT_EQ(engine.hit_tokens(), 32u);
}

TEST(Blocks, HashesCoverAllBeforeThemAndTheTailItsLength) {
  std::vector<std::uint64_t> a, b, c;
  chained_blocks({{1, 0, 40}}, 16, true, a);
  chained_blocks({{1, 0, 32}, {2, 0, 8}}, 16, true, b);
  chained_blocks({{2, 0, 16}, {1, 16, 24}}, 16, true, c);
  ASSERT_EQ(a.size(), 3u);
  EXPECT_EQ(a[0], b[0]);
  EXPECT_EQ(a[1], b[1]);
  EXPECT_NE(a[2], b[2]);
  EXPECT_NE(a[1], c[1]);  // the same tokens, but not the same before them
  chained_blocks({{1, 0, 41}}, 16, true, c);
  EXPECT_NE(a[2], c.back());
}

TEST(Capacities, AreRoundAndReachTheEnd) {
  EXPECT_EQ(round_capacities(1), (std::vector<std::uint64_t>{10'000}));
  EXPECT_EQ(round_capacities(100'001),
            (std::vector<std::uint64_t>{10'000, 20'000, 50'000, 100'000, 200'000}));
}

}  // namespace
}  // namespace kvsim::traces
