// SPDX-License-Identifier: Apache-2.0
#include "traces/blocks.h"

#include <algorithm>

#include "base/random.h"

namespace kvsim::traces {
namespace {

std::uint64_t mixed(std::uint64_t hash, const Piece& part) {
  hash = mix64(hash ^ part.stream);
  hash = mix64(hash + part.offset);
  return mix64(hash ^ part.tokens);
}

}  // namespace

void chained_blocks(const std::vector<Piece>& content, std::uint32_t block_tokens, bool with_tail,
                    std::vector<std::uint64_t>& hashes) {
  std::uint64_t hash = 0;
  std::uint32_t in_block = 0;
  for (Piece piece : content) {
    while (piece.tokens > 0) {
      const std::uint32_t taken = std::min(piece.tokens, block_tokens - in_block);
      hash = mixed(hash, {piece.stream, piece.offset, taken});
      in_block += taken;
      piece.offset += taken;
      piece.tokens -= taken;
      if (in_block < block_tokens) continue;
      hashes.push_back(hash);
      in_block = 0;
    }
  }
  if (with_tail && in_block > 0) hashes.push_back(hash);
}

}  // namespace kvsim::traces
