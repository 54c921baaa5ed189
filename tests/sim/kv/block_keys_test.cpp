// SPDX-License-Identifier: Apache-2.0
// Are keys of blocks equal exactly where all tokens, salt and key space are?
#include "sim/kv/block_keys.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <utility>

#include "base/random.h"

namespace kvsim::sim {
namespace {

using traces::Piece;
using Content = std::vector<Piece>;

std::vector<BlockKey> keys_of(const Content& content, std::uint64_t seed, std::uint32_t block_tokens) {
  std::vector<BlockKey> keys;
  KeyCursor cursor;
  extend_keys(keys, cursor, content, seed, block_tokens, traces::total_tokens(content) / block_tokens);
  return keys;
}

TEST(BlockKeys, CoverWholeBlocksOnly) {
  EXPECT_EQ(keys_of({{1, 0, 15}}, 0, 16).size(), 0u);
  EXPECT_EQ(keys_of({{1, 0, 33}}, 0, 16).size(), 2u);
  EXPECT_EQ(keys_of({}, 0, 16).size(), 0u);
}

TEST(BlockKeys, DoNotDependOnHowTokensAreCut) {
  EXPECT_EQ(keys_of({{1, 0, 64}}, 5, 16), keys_of({{1, 0, 1}, {1, 1, 0}, {1, 1, 30}, {1, 31, 33}}, 5, 16));
}

TEST(BlockKeys, NameEverythingBefore) {
  const auto a = keys_of({{1, 0, 16}, {2, 0, 16}}, 0, 16);
  const auto b = keys_of({{3, 0, 16}, {2, 0, 16}}, 0, 16);
  EXPECT_NE(a[0], b[0]);
  EXPECT_NE(a[1], b[1]);
  EXPECT_EQ(a[0], keys_of({{1, 0, 16}, {4, 0, 16}}, 0, 16)[0]);
}

TEST(BlockKeys, DifferBySaltAndKeySpace) {
  std::map<BlockKey, std::pair<std::uint64_t, std::uint64_t>> seen;
  for (std::uint64_t salt = 0; salt < 300; ++salt) {
    for (std::uint64_t space = 0; space < 300; ++space)
      EXPECT_TRUE(seen.try_emplace(keys_of({{1, 0, 16}}, key_seed(salt, space), 16)[0], salt, space).second);
  }
}

TEST(BlockKeys, RefuseBlocksBeyondTheContent) {
  std::vector<BlockKey> keys;
  KeyCursor cursor;
  EXPECT_THROW(extend_keys(keys, cursor, {{1, 0, 31}}, 0, 16, 2), std::logic_error);
}

// All tokens one by one, with the seed before them: what a key stands for.
using Spelled = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

// Sequences over few tokens, so that many share beginnings, cut anywhere, keyed as they grow.
class Spelling {
 public:
  explicit Spelling(std::uint64_t seed)
      : random_(seed, "block keys"), block_tokens_(static_cast<std::uint32_t>(1 + random_.below(5))) {}

  void run() {
    for (int sequence = 0; sequence < 40; ++sequence) grow_one(random_.below(3));
  }

 private:
  void grow_one(std::uint64_t seed) {
    Content content;
    KeyCursor cursor;
    std::vector<BlockKey> keys;
    Spelled spelled{{seed, 0}};
    for (std::uint64_t growths = random_.below(12); growths > 0; --growths) {
      grow(content, spelled);
      const std::uint64_t full = (spelled.size() - 1) / block_tokens_;
      extend_keys(keys, cursor, content, seed, block_tokens_, full - random_.below(full - keys.size() + 1));
    }
    EXPECT_EQ(keys_of(content, seed, block_tokens_).size(), (spelled.size() - 1) / block_tokens_);
    for (std::size_t i = 0; i < keys.size(); ++i) check(keys[i], spelled, 1 + (i + 1) * block_tokens_);
  }

  void grow(Content& content, Spelled& spelled) {
    Piece piece{random_.below(2), random_.below(3), static_cast<std::uint32_t>(random_.below(7))};
    const bool goes_on = !content.empty() && random_.below(2) == 0;
    if (goes_on)
      piece.stream = content.back().stream, piece.offset = content.back().offset + content.back().tokens;
    for (std::uint64_t i = 0; i < piece.tokens; ++i) spelled.emplace_back(piece.stream, piece.offset + i);
    if (goes_on && random_.below(2) == 0) {
      content.back().tokens += piece.tokens;
    } else {
      content.push_back(piece);
    }
  }

  void check(BlockKey key, const Spelled& spelled, std::size_t length) {
    const Spelled prefix(spelled.begin(), spelled.begin() + static_cast<std::ptrdiff_t>(length));
    EXPECT_EQ(key_of_.try_emplace(prefix, key).first->second, key);
    EXPECT_EQ(spelled_of_.try_emplace(key, prefix).first->second, prefix);
  }

  RandomStream random_;
  std::uint32_t block_tokens_;
  std::map<Spelled, BlockKey> key_of_;
  std::map<BlockKey, Spelled> spelled_of_;
};

TEST(BlockKeys, AreEqualExactlyWhereTheTokensAre) {
  for (std::uint64_t seed = 0; seed < 400 && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Spelling(seed).run();
  }
}

}  // namespace
}  // namespace kvsim::sim
