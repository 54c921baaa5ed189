// SPDX-License-Identifier: Apache-2.0
// What routers forget with a pod that is gone, and what they keep.
#include <gtest/gtest.h>

#include "sim/routing/prefix_index.h"
#include "sim/routing/text_tree.h"

namespace kvsim::sim {
namespace {

using Prompt = std::vector<traces::Piece>;

const Prompt kPrompt = {{1, 0, 64}}, kLonger = {{1, 0, 64}, {2, 0, 64}}, kOther = {{1, 0, 64}, {3, 0, 64}};

std::vector<std::uint32_t> blocks(PreciseIndex& index, const Prompt& prompt) {
  PrefixMatches matches;
  index.match(0, prompt, 0, matches);
  return matches.blocks;
}

CacheEvent stored(const Prompt& prompt) {
  CacheEvent event;
  event.block_tokens = 16;
  event.path = std::make_shared<const Prompt>(prompt);
  event.end = traces::total_tokens(prompt) / 16;
  return event;
}

TEST(EndpointGone, ThePreciseIndexForgetsItsBlocksAndNobodyElses) {
  PreciseIndexSettings settings;
  settings.endpoints = 2;
  settings.speculative_ttl = 1'000'000'000;
  PreciseIndex index(settings);
  index.apply(0, stored(kLonger));
  index.apply(1, stored(kOther));
  index.speculate(0, 0, kOther, 0);
  CacheEvent host;
  host.tier = CacheTier::kHost;
  host.block_tokens = 16;
  host.host_keys = {7};
  index.apply(0, host);
  index.forget(0);
  EXPECT_EQ(blocks(index, kLonger), (std::vector<std::uint32_t>{0, 4}));
  EXPECT_EQ(blocks(index, kOther), (std::vector<std::uint32_t>{0, 8}));
  index.apply(0, stored(kPrompt));  // it comes back
  EXPECT_EQ(blocks(index, kLonger), (std::vector<std::uint32_t>{4, 4}));
}

TEST(EndpointGone, TheApproximateIndexForgetsItsPrompts) {
  ApproximateIndex index({16, 100, {1000, 1000}});
  index.insert(0, 0, kLonger);
  index.insert(1, 0, kPrompt);
  index.forget(0);
  EXPECT_EQ(index.entries(0), 0u);
  EXPECT_EQ(index.entries(1), 4u);
  PrefixMatches matches;
  index.match(0, kLonger, matches);
  EXPECT_EQ(matches.blocks, (std::vector<std::uint32_t>{0, 4}));
}

TEST(EndpointGone, TheTextTreeForgetsItsPrompts) {
  TextTree tree(2);
  tree.insert(0, 0, kLonger);
  tree.insert(1, 0, kPrompt);
  tree.forget(0);
  EXPECT_EQ(tree.tokens(0), 0u);
  EXPECT_EQ(tree.match(0, kLonger, {0, 1}).endpoint, EndpointId{1});
  EXPECT_EQ(tree.match(0, kLonger, {0, 1}).tokens, 64u);
}

}  // namespace
}  // namespace kvsim::sim
