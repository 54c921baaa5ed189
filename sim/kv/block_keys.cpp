// SPDX-License-Identifier: Apache-2.0
#include "sim/kv/block_keys.h"

#include <stdexcept>

#include "base/random.h"
#include "sim/kv/prefix_cache_content.h"

namespace kvsim::sim {

std::uint64_t key_seed(std::uint64_t salt, std::uint64_t key_space) {
  constexpr std::uint64_t kSalted = 0x9E3779B97F4A7C15;
  return mix64(mix64(salt + kSalted) + key_space);
}

void extend_keys(std::vector<BlockKey>& keys, KeyCursor& cursor, const std::vector<traces::Piece>& content,
                 std::uint64_t seed, std::uint32_t block_tokens, std::uint64_t full_blocks) {
  ContentCursor at(content, cursor.piece, cursor.offset);
  while (keys.size() < full_blocks) {
    const auto own = hash_tokens(at, block_tokens);
    if (!own) throw std::logic_error("block keys: content is shorter than its blocks");
    skip(at, block_tokens);
    keys.push_back(mix64(mix64(keys.empty() ? seed : keys.back()) + *own));
  }
  cursor = {static_cast<std::size_t>(at.piece - content.data()), at.offset};
}

}  // namespace kvsim::sim
