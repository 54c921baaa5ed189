// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/text_tree.h"

#include <gtest/gtest.h>

#include <set>

#include "base/random.h"
#include "tests/random_cases.h"

namespace kvsim {
namespace {

using sim::EndpointId;
using sim::EndpointIds;
using sim::TextTree;
using Prompt = std::vector<traces::Piece>;

TEST(TextTree, FindsWhatTheLatestWasSent) {
  TextTree tree(3);
  tree.insert(0, 0, {{1, 0, 100}, {2, 0, 50}});
  tree.insert(1, 0, {{1, 0, 100}, {3, 0, 50}});
  const EndpointIds all{0, 1, 2};
  const TextTree::Match shared = tree.match(0, {{1, 0, 100}, {4, 0, 9}}, all);
  EXPECT_EQ(shared.tokens, 100u);
  EXPECT_EQ(shared.endpoint, 1u);
  const TextTree::Match own = tree.match(0, {{1, 0, 100}, {2, 0, 20}}, all);
  EXPECT_EQ(own.tokens, 120u);
  EXPECT_EQ(own.endpoint, 0u);
}

TEST(TextTree, OnlyCandidatesCount) {
  TextTree tree(3);
  tree.insert(0, 0, {{1, 0, 100}, {2, 0, 50}});
  tree.insert(1, 0, {{1, 0, 100}});
  const TextTree::Match match = tree.match(0, {{1, 0, 100}, {2, 0, 50}}, {1, 2});
  EXPECT_EQ(match.tokens, 100u);
  EXPECT_EQ(match.endpoint, 1u);
  EXPECT_FALSE(tree.match(0, {{1, 0, 100}}, {2}).endpoint);
}

TEST(TextTree, OtherSaltsShareNothing) {
  TextTree tree(1);
  tree.insert(0, 7, {{1, 0, 100}});
  EXPECT_EQ(tree.match(0, {{1, 0, 100}}, {0}).tokens, 0u);
  EXPECT_EQ(tree.match(7, {{1, 0, 100}}, {0}).tokens, 100u);
}

TEST(TextTree, EvictsTheLeafThatWasUsedLongestAgo) {
  // 100 shared, then 50 and 60 of their own: 210 tokens. Down to 160: the first leaf (50) goes, not the
  // second; down to 99: the second and then what it hung on.
  TextTree tree(2);
  tree.insert(0, 0, {{1, 0, 100}, {2, 0, 50}});
  tree.insert(0, 0, {{1, 0, 100}, {3, 0, 60}});
  tree.insert(1, 0, {{1, 0, 100}});
  EXPECT_EQ(tree.tokens(0), 210u);
  tree.evict(160);
  EXPECT_EQ(tree.tokens(0), 160u);
  EXPECT_EQ(tree.match(0, {{1, 0, 100}, {2, 0, 50}}, {0, 1}).tokens, 100u);
  tree.evict(99);
  EXPECT_EQ(tree.tokens(0), 0u);
  EXPECT_EQ(tree.tokens(1), 0u);  // its 100 were one too many too
}

// Token by token: what was sent where.
struct PlainTree {
  std::vector<std::set<std::vector<std::uint64_t>>> prefixes;  // by endpoint
  static std::vector<std::uint64_t> spell(const Prompt& prompt) {
    std::vector<std::uint64_t> tokens;
    for (const traces::Piece& piece : prompt)
      for (std::uint32_t i = 0; i < piece.tokens; ++i)
        tokens.push_back(piece.stream << 32 | (piece.offset + i));
    return tokens;
  }
  void insert(EndpointId endpoint, const Prompt& prompt) {
    std::vector<std::uint64_t> tokens = spell(prompt);
    for (; !tokens.empty(); tokens.pop_back()) prefixes[endpoint].insert(tokens);
  }
  std::uint64_t match(const Prompt& prompt, const EndpointIds& candidates) const {
    std::vector<std::uint64_t> tokens = spell(prompt);
    for (; !tokens.empty(); tokens.pop_back())
      for (const EndpointId endpoint : candidates)
        if (prefixes[endpoint].count(tokens) > 0) return tokens.size();
    return 0;
  }
};

TEST(TextTree, AgreesWithOneThatSpellsTokens) {
  for (std::uint64_t seed = 1; seed <= static_cast<std::uint64_t>(random_cases(100)); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomStream draw(seed, "text-tree");
    TextTree tree(4);
    PlainTree plain{std::vector<std::set<std::vector<std::uint64_t>>>(4)};
    for (int i = 0; i < 40; ++i) {
      Prompt prompt;
      for (std::uint64_t pieces = 1 + draw.below(4); pieces > 0; --pieces)
        traces::append_piece(prompt,
                             {draw.below(2), draw.below(3), static_cast<std::uint32_t>(1 + draw.below(4))});
      const EndpointIds candidates = draw.below(2) == 0 ? EndpointIds{0, 1, 2, 3} : EndpointIds{1, 2};
      ASSERT_EQ(tree.match(0, prompt, candidates).tokens, plain.match(prompt, candidates));
      const auto endpoint = static_cast<EndpointId>(draw.below(4));
      tree.insert(endpoint, 0, prompt);
      plain.insert(endpoint, prompt);
      ASSERT_EQ(tree.tokens(endpoint), plain.prefixes[endpoint].size());
    }
  }
}

}  // namespace
}  // namespace kvsim
