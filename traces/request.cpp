// SPDX-License-Identifier: Apache-2.0
#include "traces/request.h"

#include <algorithm>
#include <limits>

namespace kvsim::traces {

void append_piece(std::vector<Piece>& content, Piece piece) {
  if (piece.tokens == 0) return;
  if (!content.empty()) {
    Piece& last = content.back();
    const std::uint64_t joined = std::uint64_t{last.tokens} + piece.tokens;
    const bool goes_on = last.stream == piece.stream && last.offset + last.tokens == piece.offset;
    if (goes_on && joined <= std::numeric_limits<std::uint32_t>::max()) {
      last.tokens = static_cast<std::uint32_t>(joined);
      return;
    }
  }
  content.push_back(piece);
}

std::vector<Piece> first_tokens(const std::vector<Piece>& content, std::uint64_t tokens) {
  std::vector<Piece> result;
  for (const Piece& piece : content) {
    if (tokens == 0) break;
    const auto taken = static_cast<std::uint32_t>(std::min<std::uint64_t>(piece.tokens, tokens));
    result.push_back({piece.stream, piece.offset, taken});
    tokens -= taken;
  }
  return result;
}

std::uint64_t total_tokens(const std::vector<Piece>& content) {
  std::uint64_t sum = 0;
  for (const Piece& piece : content) sum += piece.tokens;
  return sum;
}

std::uint32_t intern(std::vector<std::string>& names, const std::string& name) {
  const auto index = std::find(names.begin(), names.end(), name) - names.begin();
  if (index == std::ssize(names)) names.push_back(name);
  return static_cast<std::uint32_t>(index);
}

}  // namespace kvsim::traces
