// SPDX-License-Identifier: Apache-2.0
// Does the precise index say what a map from block to endpoints says?
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "sim/kv/block_keys.h"
#include "sim/routing/prefix_index.h"
#include "tests/random_cases.h"
#include "tests/sim/routing/block_names.h"

namespace kvsim::sim {
namespace {

using Blocks = std::vector<std::uint32_t>;
using Weights = std::vector<double>;

constexpr CacheEventKind kStored = CacheEventKind::kStored, kRemoved = CacheEventKind::kRemoved;

CacheEvent gpu(CacheEventKind kind, const TestPrompt& prompt, std::uint64_t begin, std::uint64_t end,
               std::uint32_t block_tokens = 4) {
  return {.kind = kind,
          .salt = prompt.salt,
          .block_tokens = block_tokens,
          .path = std::make_shared<std::vector<Piece>>(prompt.content),
          .begin = begin,
          .end = end};
}

std::vector<BlockKey> host_keys(const TestPrompt& prompt, std::uint32_t block_tokens, std::uint64_t blocks) {
  std::vector<BlockKey> keys;
  KeyCursor cursor;
  extend_keys(keys, cursor, prompt.content, key_seed(prompt.salt, 0), block_tokens, blocks);
  return keys;
}

CacheEvent host(CacheEventKind kind, const TestPrompt& prompt, std::uint64_t begin, std::uint64_t end,
                std::uint32_t block_tokens = 4) {
  const std::vector<BlockKey> keys = host_keys(prompt, block_tokens, end);
  return {.kind = kind,
          .tier = CacheTier::kHost,
          .block_tokens = block_tokens,
          .host_keys = {keys.begin() + static_cast<std::ptrdiff_t>(begin), keys.end()}};
}

PrefixMatches matches_of(PreciseIndex& index, const TestPrompt& prompt, Nanoseconds now = 0) {
  PrefixMatches matches;
  index.match(prompt.salt, prompt.content, now, matches);
  return matches;
}

Blocks matched(PreciseIndex& index, const TestPrompt& prompt, Nanoseconds now = 0) {
  return matches_of(index, prompt, now).blocks;
}

struct PreciseIndexRules : testing::Test {
  PreciseIndexSettings settings{
      .block_tokens = 4, .host_block_tokens = 4, .endpoints = 3, .speculative_ttl = 100};
  const TestPrompt prompt{0, {{7, 0, 23}}};  // 5 full blocks
};

TEST_F(PreciseIndexRules, FullBlocksFromTheFirstOnCount) {
  PreciseIndex index(settings);
  index.apply(0, gpu(kStored, prompt, 0, 5));
  index.apply(1, gpu(kStored, prompt, 0, 2));
  index.apply(2, gpu(kStored, prompt, 1, 5));
  const PrefixMatches matches = matches_of(index, prompt);
  EXPECT_EQ(matches.blocks, (Blocks{5, 2, 0}));
  EXPECT_EQ(matches.weighted, (Weights{5, 2, 0}));
  EXPECT_EQ(matches.prompt_blocks, 5u);
  EXPECT_EQ(matched(index, {0, {{7, 0, 12}, {8, 0, 20}}}), (Blocks{3, 2, 0}));
  EXPECT_EQ(matched(index, {1, prompt.content}), (Blocks{0, 0, 0}));
}

// An engine that drops one of two copies tells that the block is gone; what lies behind counts again when the
// block is told again.
TEST_F(PreciseIndexRules, ABlockThatIsGoneEndsTheRunUntilItIsBack) {
  PreciseIndex index(settings);
  index.apply(0, gpu(kStored, prompt, 0, 5));
  index.apply(0, gpu(kRemoved, prompt, 2, 3));
  EXPECT_EQ(matched(index, prompt), (Blocks{2, 0, 0}));
  index.apply(0, gpu(kStored, prompt, 2, 3));
  EXPECT_EQ(matched(index, prompt), (Blocks{5, 0, 0}));
}

// 2 blocks of GPU, then 3 of host memory: 2 * 1.0 + 3 * 0.8 = 4.4, cut to 4. Where both have a block the
// larger weight counts: all 5 blocks in host memory and 2 of them in the GPU's are the same 4.4. Host memory
// alone: 5 * 0.8 = 4.
TEST_F(PreciseIndexRules, TiersHaveWeights) {
  PreciseIndex index(settings);
  index.apply(0, gpu(kStored, prompt, 0, 2));
  index.apply(0, host(kStored, prompt, 2, 5));
  index.apply(1, gpu(kStored, prompt, 0, 2));
  index.apply(1, host(kStored, prompt, 0, 5));
  index.apply(2, host(kStored, prompt, 0, 5));
  const PrefixMatches matches = matches_of(index, prompt);
  EXPECT_EQ(matches.blocks, (Blocks{5, 5, 5}));
  EXPECT_EQ(matches.weighted, (Weights{4, 4, 4}));
  index.apply(1, host(kRemoved, prompt, 2, 3));
  EXPECT_EQ(matched(index, prompt), (Blocks{5, 2, 5}));
}

TEST_F(PreciseIndexRules, SpeculationLastsItsTimeAndEventsStay) {
  PreciseIndex index(settings);
  index.speculate(0, 0, prompt.content, 10);
  EXPECT_EQ(matched(index, prompt, 109), (Blocks{5, 0, 0}));
  EXPECT_EQ(matched(index, prompt, 110), (Blocks{0, 0, 0}));
  index.speculate(0, 0, prompt.content, 200);
  index.apply(0, gpu(kStored, prompt, 0, 3));
  EXPECT_EQ(matched(index, prompt, 299), (Blocks{5, 0, 0}));
  EXPECT_EQ(matched(index, prompt, 300), (Blocks{3, 0, 0}));
}

TEST_F(PreciseIndexRules, SentAgainTheLaterEndCounts) {
  PreciseIndex index(settings);
  index.speculate(0, 0, prompt.content, 0);
  index.speculate(0, 0, {{7, 0, 12}}, 60);
  EXPECT_EQ(matched(index, prompt, 99), (Blocks{5, 0, 0}));
  EXPECT_EQ(matched(index, prompt, 100), (Blocks{3, 0, 0}));
  EXPECT_EQ(matched(index, prompt, 160), (Blocks{0, 0, 0}));
}

TEST_F(PreciseIndexRules, AStretchRemembersTheNewestClaims) {
  settings.entries = 2;
  PreciseIndex index(settings);
  index.apply(0, gpu(kStored, prompt, 0, 5));
  index.apply(1, gpu(kStored, prompt, 0, 5));
  index.apply(0, gpu(kStored, prompt, 0, 1));  // the newest again
  index.apply(2, gpu(kStored, prompt, 0, 5));
  EXPECT_EQ(matched(index, prompt), (Blocks{5, 0, 5}));
}

TEST_F(PreciseIndexRules, BlocksOfAnotherSizeAreNoUse) {
  PreciseIndex index(settings);
  index.apply(0, gpu(kStored, prompt, 0, 1, 16));
  index.apply(0, host(kStored, prompt, 0, 1, 16));
  EXPECT_EQ(matched(index, prompt), (Blocks{0, 0, 0}));
}

// --- the twin ---

class MapTwin {
 public:
  explicit MapTwin(const PreciseIndexSettings& settings) : settings_(settings) {}

  void apply(EndpointId endpoint, const CacheEvent& event) {
    const std::vector<std::uint64_t> names =
        event.tier == CacheTier::kHost ? event.host_keys
                                       : block_names(event.salt, *event.path, event.block_tokens, false);
    const bool host = event.tier == CacheTier::kHost;
    for (std::uint64_t i = host ? 0 : event.begin; i < (host ? names.size() : event.end); ++i) {
      const Entry entry{host, names[i], endpoint};
      event.kind == kStored ? (void)held_.insert(entry) : (void)held_.erase(entry);
    }
  }
  void speculate(EndpointId endpoint, const TestPrompt& prompt, Nanoseconds now) {
    if (settings_.speculative_ttl == 0) return;
    for (const std::uint64_t name : block_names(prompt.salt, prompt.content, settings_.block_tokens, false))
      speculated_[{name, endpoint}] = now + settings_.speculative_ttl;
  }
  void match(const TestPrompt& prompt, Nanoseconds now, Blocks& blocks, Weights& weights) const {
    const auto names = block_names(prompt.salt, prompt.content, settings_.block_tokens, false);
    const std::uint64_t per_key = settings_.host_block_tokens / settings_.block_tokens;
    const auto keys = host_keys(prompt, settings_.host_block_tokens, names.size() / per_key);
    for (EndpointId endpoint = 0; endpoint < settings_.endpoints; ++endpoint) {
      double weight = 0;
      std::uint32_t count = 0;
      for (; count < names.size(); ++count) {
        const auto speculated = speculated_.find({names[count], endpoint});
        const bool gpu = held_.count({false, names[count], endpoint}) ||
                         (speculated != speculated_.end() && speculated->second > now);
        const std::uint64_t key = count / per_key;
        const bool host = key < keys.size() && held_.count({true, keys[key], endpoint});
        if (!gpu && !host) break;
        weight += std::max(gpu ? settings_.gpu_weight : 0, host ? settings_.host_weight : 0);
      }
      blocks.push_back(count);
      weights.push_back(std::floor(weight + 1e-6));
    }
  }

 private:
  using Entry = std::tuple<bool, std::uint64_t, EndpointId>;  // in host memory, block, by whom
  PreciseIndexSettings settings_;
  std::set<Entry> held_;
  std::map<std::pair<std::uint64_t, EndpointId>, Nanoseconds> speculated_;
};

struct Scenario {
  explicit Scenario(std::uint64_t seed)
      : random(seed, "precise index"),
        settings(random_settings()),
        index(settings),
        twin(settings),
        prompts(random, settings.block_tokens, 1 + random.below(random.below(2) ? 40 : 6)) {}

  PreciseIndexSettings random_settings() {
    PreciseIndexSettings drawn;
    drawn.block_tokens = static_cast<std::uint32_t>(1 + random.below(5));
    drawn.host_block_tokens = drawn.block_tokens * static_cast<std::uint32_t>(1 + random.below(3));
    drawn.endpoints = 1 + random.below(random.below(8) ? 5 : 40);
    drawn.entries = 1000;
    drawn.host_weight = random.below(2) ? 0.8 : 1.5 * random.uniform();
    drawn.speculative_ttl = random.below(3) ? static_cast<Nanoseconds>(1 + random.below(30)) : 0;
    with_host = random.below(2) == 0;
    return drawn;
  }

  void play() {
    for (int i = 0; i < 120 && !testing::Test::HasFailure(); ++i) {
      now += static_cast<Nanoseconds>(random.below(3));
      const TestPrompt prompt = prompts.make();
      compare(prompt);
      const auto endpoint = static_cast<EndpointId>(random.below(settings.endpoints));
      if (random.below(4) == 0) {
        index.speculate(endpoint, prompt.salt, prompt.content, now);
        twin.speculate(endpoint, prompt, now);
      } else {
        tell(endpoint, prompt);
      }
      compare(prompt);
    }
  }

  // A range of blocks, most often one that begins with the first: engines have no gaps but by their copies.
  void tell(EndpointId endpoint, const TestPrompt& prompt) {
    const bool to_host = with_host && random.below(3) == 0;
    const std::uint32_t size = to_host ? settings.host_block_tokens : settings.block_tokens;
    const std::uint64_t all = traces::total_tokens(prompt.content) / size;
    if (all == 0) return;
    const std::uint64_t begin = random.below(2) ? 0 : random.below(all);
    const std::uint64_t end = random.below(2) ? all : begin + 1 + random.below(all - begin);
    const CacheEventKind kind = random.below(3) ? kStored : kRemoved;
    const CacheEvent event =
        to_host ? host(kind, prompt, begin, end, size) : gpu(kind, prompt, begin, end, size);
    index.apply(endpoint, event);
    twin.apply(endpoint, event);
  }

  void compare(const TestPrompt& prompt) {
    Blocks blocks;
    Weights weights;
    twin.match(prompt, now, blocks, weights);
    const PrefixMatches matches = matches_of(index, prompt, now);
    ASSERT_EQ(matches.blocks, blocks) << "at " << now;
    ASSERT_EQ(matches.weighted, weights) << "at " << now;
  }

  RandomStream random;
  bool with_host = false;
  PreciseIndexSettings settings;
  PreciseIndex index;
  MapTwin twin;
  PromptMaker prompts;
  Nanoseconds now = 0;
};

TEST(PreciseIndex, AgreesWithAMapOfSingleBlocks) {
  for (std::uint64_t seed = 0; seed < static_cast<std::uint64_t>(random_cases(4000)); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Scenario(seed).play();
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace kvsim::sim
