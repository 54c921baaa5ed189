// SPDX-License-Identifier: Apache-2.0
#include "sim/kv/prefix_cache_content.h"

#include <algorithm>
#include <stdexcept>

#include "base/random.h"

namespace kvsim::sim {
namespace {

// The next stretch of at most `limit` tokens within one piece, stepped over.
Piece next_stretch(ContentCursor& cursor, std::uint64_t limit) {
  const std::uint32_t available = cursor.available();
  if (available == 0) throw std::logic_error("prefix cache: content is shorter than its blocks");
  const auto tokens = static_cast<std::uint32_t>(std::min<std::uint64_t>(available, limit));
  const Piece stretch{cursor.piece->stream, cursor.position(), tokens};
  cursor.offset += tokens;
  return stretch;
}

std::uint64_t combine(std::uint64_t hash, const Piece& stretch) {
  return mix64(mix64(mix64(hash ^ stretch.stream) ^ stretch.offset) ^ stretch.tokens);
}

}  // namespace

void skip(ContentCursor& cursor, std::uint64_t tokens) {
  while (tokens > 0) tokens -= next_stretch(cursor, tokens).tokens;
}

std::uint64_t common_tokens(ContentCursor a, ContentCursor b, std::uint64_t limit) {
  std::uint64_t common = 0;
  while (common < limit) {
    const std::uint64_t available = std::min(a.available(), b.available());
    if (available == 0 || a.piece->stream != b.piece->stream || a.position() != b.position()) break;
    const auto step = static_cast<std::uint32_t>(std::min(available, limit - common));
    a.offset += step;
    b.offset += step;
    common += step;
  }
  return common;
}

std::optional<std::uint64_t> hash_tokens(ContentCursor cursor, std::uint64_t tokens) {
  std::uint64_t hash = 0;
  Piece joined;
  while (tokens > 0) {
    if (cursor.available() == 0) return {};
    const Piece stretch = next_stretch(cursor, tokens);
    tokens -= stretch.tokens;
    const bool goes_on = stretch.stream == joined.stream && stretch.offset == joined.offset + joined.tokens;
    if (joined.tokens > 0 && goes_on) {
      joined.tokens += stretch.tokens;
    } else {
      if (joined.tokens > 0) hash = combine(hash, joined);
      joined = stretch;
    }
  }
  return combine(hash, joined);
}

void copy_tokens(ContentCursor& cursor, std::uint64_t tokens, std::vector<Piece>& content) {
  while (tokens > 0) {
    const Piece stretch = next_stretch(cursor, tokens);
    tokens -= stretch.tokens;
    traces::append_piece(content, stretch);
  }
}

}  // namespace kvsim::sim
