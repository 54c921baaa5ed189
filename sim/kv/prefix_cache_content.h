// SPDX-License-Identifier: Apache-2.0
// Reading positions in a list of pieces. Two contents are equal over a range where each token names the same
// position of the same stream, however the tokens are cut into pieces.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "traces/request.h"

namespace kvsim::sim {

using traces::Piece;

// Stays on a finished last piece, so that a position kept as (piece, offset) stays right when that piece
// grows.
struct ContentCursor {
  const Piece* piece = nullptr;
  const Piece* end = nullptr;
  std::uint32_t offset = 0;

  ContentCursor() = default;
  explicit ContentCursor(const std::vector<Piece>& content, std::size_t next_piece = 0,
                         std::uint32_t next_offset = 0)
      : piece(content.data() + next_piece), end(content.data() + content.size()), offset(next_offset) {}

  // Tokens left in the current piece, after moving off finished ones; 0 at the end of the content.
  std::uint32_t available() {
    while (piece != end && offset == piece->tokens) ++piece, offset = 0;
    return piece == end ? 0 : piece->tokens - offset;
  }
  std::uint64_t position() const { return piece->offset + offset; }  // in the stream
};

// Moves on by `tokens`. std::logic_error when the content is shorter.
void skip(ContentCursor& cursor, std::uint64_t tokens);

// How many tokens from both cursors on are the same, up to `limit`.
std::uint64_t common_tokens(ContentCursor a, ContentCursor b, std::uint64_t limit);

// Hash of the next `tokens` tokens, the same for equal contents; nothing when fewer are left.
std::optional<std::uint64_t> hash_tokens(ContentCursor cursor, std::uint64_t tokens);

// Moves on by `tokens`, appending them to `content`. std::logic_error when fewer are left.
void copy_tokens(ContentCursor& cursor, std::uint64_t tokens, std::vector<Piece>& content);

}  // namespace kvsim::sim
