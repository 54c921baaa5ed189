// SPDX-License-Identifier: Apache-2.0
// Does the approximate index say what LRU lists of block hashes say?
#include <gtest/gtest.h>

#include <list>
#include <map>
#include <set>
#include <string>

#include "sim/routing/prefix_index.h"
#include "tests/random_cases.h"
#include "tests/sim/routing/block_names.h"

namespace kvsim::sim {
namespace {

using Blocks = std::vector<std::uint32_t>;

PrefixMatches matches_of(const ApproximateIndex& index, const std::vector<Piece>& prompt,
                         std::uint64_t salt = 0) {
  PrefixMatches matches;
  index.match(salt, prompt, matches);
  return matches;
}

Blocks matched(const ApproximateIndex& index, const std::vector<Piece>& prompt, std::uint64_t salt = 0) {
  return matches_of(index, prompt, salt).blocks;
}

// Blocks of 4: 10 tokens are 3 blocks, the last one of 2 tokens.
TEST(ApproximateIndex, APromptIsBelievedToBeWhereItWasSent) {
  ApproximateIndex index({.block_tokens = 4, .capacity_blocks = {100, 100}});
  index.insert(1, 0, {{7, 0, 10}});
  const PrefixMatches matches = matches_of(index, {{7, 0, 10}});
  EXPECT_EQ(matches.blocks, (Blocks{0, 3}));
  EXPECT_EQ(matches.prompt_blocks, 3u);
  EXPECT_EQ(matches.block_tokens, 4u);
  EXPECT_DOUBLE_EQ(matches.ratio(1), 1);
  EXPECT_EQ(index.entries(0), 0u);
  EXPECT_EQ(index.entries(1), 3u);
}

TEST(ApproximateIndex, APartialBlockIsEqualOnlyToOneOfTheSameLength) {
  ApproximateIndex index({.block_tokens = 4, .capacity_blocks = {100}});
  index.insert(0, 0, {{7, 0, 10}});
  EXPECT_EQ(matched(index, {{7, 0, 10}}), Blocks{3});
  EXPECT_EQ(matched(index, {{7, 0, 9}}), Blocks{2});
  EXPECT_EQ(matched(index, {{7, 0, 11}}), Blocks{2});
  EXPECT_EQ(matched(index, {{7, 0, 12}}), Blocks{2});
}

TEST(ApproximateIndex, NoMoreThanTheFirstBlocksAreLookedAt) {
  ApproximateIndex index({.block_tokens = 4, .max_blocks = 2, .capacity_blocks = {100}});
  index.insert(0, 0, {{7, 0, 40}});
  EXPECT_EQ(index.entries(0), 2u);
  const PrefixMatches matches = matches_of(index, {{7, 0, 8}, {9, 0, 100}});
  EXPECT_EQ(matches.blocks, Blocks{2});
  EXPECT_EQ(matches.prompt_blocks, 2u);
}

TEST(ApproximateIndex, AnotherSaltIsAnotherPrompt) {
  ApproximateIndex index({.block_tokens = 4, .capacity_blocks = {100}});
  index.insert(0, 5, {{7, 0, 8}});
  EXPECT_EQ(matched(index, {{7, 0, 8}}, 5), Blocks{2});
  EXPECT_EQ(matched(index, {{7, 0, 8}}, 6), Blocks{0});
}

// A list of 5 entries: blocks a0 a1 a2, then b0 b1 b2 push out a0, the head of the oldest prompt. Nobody
// holds a0 now, so the way ends there; when endpoint 1 gets the prompt, endpoint 0 counts the two blocks that
// it still holds.
TEST(ApproximateIndex, TheHeadOfTheOldestPromptIsForgottenFirst) {
  ApproximateIndex index({.block_tokens = 4, .capacity_blocks = {5, 5}});
  index.insert(0, 0, {{1, 0, 12}});
  index.insert(0, 0, {{2, 0, 12}});
  EXPECT_EQ(index.entries(0), 5u);
  EXPECT_EQ(matched(index, {{1, 0, 12}}), (Blocks{0, 0}));
  EXPECT_EQ(matched(index, {{2, 0, 12}}), (Blocks{3, 0}));
  index.insert(1, 0, {{1, 0, 12}});
  EXPECT_EQ(matched(index, {{1, 0, 12}}), (Blocks{2, 3}));
}

// Sent again, a prompt is new again: c pushes out b, not a.
TEST(ApproximateIndex, APromptThatIsSentAgainIsTheNewest) {
  ApproximateIndex index({.block_tokens = 4, .capacity_blocks = {4}});
  index.insert(0, 0, {{1, 0, 8}});
  index.insert(0, 0, {{2, 0, 8}});
  index.insert(0, 0, {{1, 0, 8}});
  index.insert(0, 0, {{3, 0, 8}});
  EXPECT_EQ(matched(index, {{1, 0, 8}}), Blocks{2});
  EXPECT_EQ(matched(index, {{2, 0, 8}}), Blocks{0});
}

// Of a prompt longer than the list its end remains, of no use until somebody else holds its beginning.
TEST(ApproximateIndex, ALongPromptPushesOutItsOwnHead) {
  ApproximateIndex index({.block_tokens = 4, .capacity_blocks = {2, 9}});
  index.insert(0, 0, {{1, 0, 20}});
  EXPECT_EQ(index.entries(0), 2u);
  EXPECT_EQ(matched(index, {{1, 0, 20}}), (Blocks{0, 0}));
  index.insert(1, 0, {{1, 0, 12}});
  EXPECT_EQ(matched(index, {{1, 0, 20}}), (Blocks{2, 3}));
}

// --- the twin ---

class ListTwin {
 public:
  explicit ListTwin(const ApproximateIndexSettings& settings)
      : settings_(settings), lists_(settings.capacity_blocks.size()) {}

  Blocks match(const TestPrompt& prompt) const {
    Blocks matched(lists_.size());
    for (const std::uint64_t block : names(prompt)) {
      bool somebody = false;
      for (std::size_t i = 0; i < lists_.size(); ++i) {
        if (!lists_[i].places.count(block)) continue;
        ++matched[i];
        somebody = true;
      }
      if (!somebody) break;
    }
    return matched;
  }
  void insert(EndpointId endpoint, const TestPrompt& prompt) {
    List& list = lists_[endpoint];
    for (const std::uint64_t block : names(prompt)) {
      const auto known = list.places.find(block);
      if (known != list.places.end()) list.order.erase(known->second);
      list.places[block] = list.order.insert(list.order.end(), block);
      if (list.order.size() <= settings_.capacity_blocks[endpoint]) continue;
      list.places.erase(list.order.front());
      list.order.pop_front();
    }
  }
  std::uint64_t entries(EndpointId endpoint) const { return lists_[endpoint].order.size(); }

 private:
  struct List {
    std::list<std::uint64_t> order;  // the oldest in front
    std::map<std::uint64_t, std::list<std::uint64_t>::iterator> places;
  };

  std::vector<std::uint64_t> names(const TestPrompt& prompt) const {
    auto names = block_names(prompt.salt, prompt.content, settings_.block_tokens, true);
    if (names.size() > settings_.max_blocks) names.resize(settings_.max_blocks);
    return names;
  }

  ApproximateIndexSettings settings_;
  std::vector<List> lists_;
};

void play(std::uint64_t seed) {
  RandomStream random(seed, "approximate index");
  ApproximateIndexSettings settings;
  settings.block_tokens = static_cast<std::uint32_t>(1 + random.below(5));
  settings.max_blocks = random.below(2) ? 100 : 1 + random.below(12);
  const std::uint64_t most = 1 + random.below(random.below(2) ? 60 : 6);
  for (std::uint64_t i = 0; i <= random.below(random.below(8) ? 6 : 60); ++i)
    settings.capacity_blocks.push_back(random.below(20) ? 1 + random.below(3 * most) : 0);
  ApproximateIndex index(settings);
  ListTwin twin(settings);
  PromptMaker prompts(random, settings.block_tokens, most);
  for (int i = 0; i < 80; ++i) {
    const TestPrompt prompt = prompts.make();
    ASSERT_EQ(matched(index, prompt.content, prompt.salt), twin.match(prompt)) << "step " << i;
    if (random.below(4) == 0) continue;
    const auto endpoint = static_cast<EndpointId>(random.below(settings.capacity_blocks.size()));
    index.insert(endpoint, prompt.salt, prompt.content);
    twin.insert(endpoint, prompt);
    ASSERT_EQ(index.entries(endpoint), twin.entries(endpoint)) << "step " << i;
  }
}

TEST(ApproximateIndex, AgreesWithListsOfSingleBlocks) {
  for (std::uint64_t seed = 0; seed < static_cast<std::uint64_t>(random_cases(4000)); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    ASSERT_NO_FATAL_FAILURE(play(seed));
  }
}

}  // namespace
}  // namespace kvsim::sim
