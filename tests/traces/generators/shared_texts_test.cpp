// SPDX-License-Identifier: Apache-2.0
#include "traces/generators/shared_texts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace kvsim::traces {
namespace {

// Zipf's law over 4 items: weights 1, 1/2, 1/3, 1/4 of 25/12.
TEST(Popularity, FollowsZipf) {
  const Popularity popularity(4, 1.0);
  RandomStream random(5, "test");
  std::vector<double> counts(4);
  const int n = 120'000;
  for (int i = 0; i < n; ++i) ++counts[popularity.sample(random)];
  for (int k = 0; k < 4; ++k) {
    const double p = 1.0 / (k + 1) / (25.0 / 12);
    EXPECT_NEAR(counts[k], n * p, 5 * std::sqrt(n * p * (1 - p))) << k;
  }
}

TEST(Popularity, ExponentZeroIsUniform) {
  const Popularity popularity(10, 0);
  RandomStream random(5, "test");
  std::vector<double> counts(10);
  for (int i = 0; i < 100'000; ++i) ++counts[popularity.sample(random)];
  for (const double count : counts) EXPECT_NEAR(count, 10'000, 5 * std::sqrt(9'000.0));
}

TEST(SharedTexts, KeepTheirOrderAndLengths) {
  StreamSettings settings;
  settings.name = "s";
  settings.shared.push_back({.tokens = Distribution(500)});
  settings.shared.push_back({.count = 50,
                             .tokens = Distribution({.shape = Shape::kUniform, .low = 100, .high = 900}),
                             .per_session = 3});
  SharedTexts texts(settings, 0, 1);
  std::map<std::uint64_t, std::uint32_t> lengths;
  for (int i = 0; i < 500; ++i) {
    std::vector<Piece> prompt;
    texts.draw(static_cast<std::uint64_t>(i), prompt);
    ASSERT_EQ(prompt.size(), 4u);
    EXPECT_EQ(prompt[0].tokens, 500u);
    std::set<std::uint64_t> drawn;
    for (const Piece& piece : prompt) {
      drawn.insert(piece.stream);
      EXPECT_EQ(lengths.try_emplace(piece.stream, piece.tokens).first->second, piece.tokens);
    }
    EXPECT_EQ(drawn.size(), 4u);
  }
  EXPECT_EQ(lengths.size(), 51u);
}

TEST(SharedTexts, ShareLeavesSomeSessionsOut) {
  StreamSettings settings;
  settings.name = "s";
  settings.shared.push_back({.tokens = Distribution(500), .share = 0.25});
  SharedTexts texts(settings, 0, 1);
  int with = 0;
  for (int i = 0; i < 10'000; ++i) {
    std::vector<Piece> prompt;
    texts.draw(static_cast<std::uint64_t>(i), prompt);
    with += prompt.empty() ? 0 : 1;
  }
  EXPECT_NEAR(with, 2500, 5 * std::sqrt(10'000 * 0.25 * 0.75));
}

// 10 texts, 2 a session: user u has texts 2u and 2u + 1 of ten, so that 5 users have each text once.
TEST(SharedTexts, InTurnAUserKeepsItsOwn) {
  StreamSettings settings;
  settings.name = "s";
  settings.shared.push_back(
      {.count = 10, .tokens = Distribution(500), .pick = SharedText::Pick::kInTurn, .per_session = 2});
  SharedTexts texts(settings, 0, 1);
  const auto of = [&](std::uint64_t user) {
    std::vector<Piece> prompt;
    texts.draw(user, prompt);
    return prompt;
  };
  std::set<std::uint64_t> seen;
  for (std::uint64_t user = 0; user < 5; ++user)
    for (const Piece& piece : of(user)) EXPECT_TRUE(seen.insert(piece.stream).second);
  EXPECT_EQ(of(3), of(3));
  EXPECT_EQ(of(3), of(8));
  EXPECT_EQ(of(7'000'000'000'000'002), of(2));
}

std::vector<std::uint64_t> order_of(const StreamSettings& settings) {
  SharedTexts texts(settings, 0, 1);
  std::vector<std::uint64_t> order;
  for (std::uint64_t user = 0; user < 100; ++user) {
    std::vector<Piece> prompt;
    texts.draw(user, prompt);
    order.push_back(prompt[0].stream);
  }
  return order;
}

TEST(SharedTexts, ShuffledEachIsTakenOnceAndInAnOrderOfItsOwnByStage) {
  StreamSettings settings;
  settings.name = "s";
  settings.shared.push_back({.count = 100, .tokens = Distribution(500), .pick = SharedText::Pick::kShuffled});
  std::vector<std::uint64_t> scored = order_of(settings);
  settings.warming = true;
  std::vector<std::uint64_t> warming = order_of(settings);
  EXPECT_NE(scored, warming);
  EXPECT_FALSE(std::is_sorted(scored.begin(), scored.end()));
  std::sort(scored.begin(), scored.end());
  std::sort(warming.begin(), warming.end());
  EXPECT_EQ(scored, warming);
  EXPECT_EQ(std::unique(scored.begin(), scored.end()), scored.end());
}

}  // namespace
}  // namespace kvsim::traces
