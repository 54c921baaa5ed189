// SPDX-License-Identifier: Apache-2.0
#include "traces/readers/hash_blocks.h"

#include <fmt/format.h>

#include <algorithm>

#include "traces/readers/line_records.h"

namespace kvsim::traces {
namespace {

constexpr int kIdBits = 44;

bool fits(std::uint64_t input_tokens, std::uint64_t ids, std::uint64_t block_tokens) {
  const std::uint64_t full = input_tokens / block_tokens;
  return ids == full || (ids == full + 1 && input_tokens % block_tokens > 0);
}

}  // namespace

Piece block_content(std::uint64_t id, std::uint32_t block_tokens, std::uint32_t length) {
  const std::uint64_t place = id & ((std::uint64_t{1} << kIdBits) - 1);
  return {id >> kIdBits, place * block_tokens, length};
}

std::optional<std::uint32_t> recognise_block_tokens(const std::vector<Line>& lines, std::uint32_t usual) {
  std::vector<std::uint32_t> candidates;
  for (std::uint32_t tokens = 8; tokens <= 4096; tokens *= 2) candidates.push_back(tokens);
  JsonLine fields([](const std::string&, const std::string&, const std::string&) {});
  bool first = true;
  for (const Line& line : lines) {
    if (!fields.parse(line) || !fields.has("hash_ids")) continue;
    const auto input_tokens = fields.whole("input_length", 1, kMostTokens);
    const auto ids = fields.array("hash_ids");
    if (!input_tokens || !ids || ids->size() == 0) continue;
    std::vector<std::uint32_t> left;
    for (const std::uint32_t tokens : candidates) {
      if (fits(*input_tokens, ids->size(), tokens)) left.push_back(tokens);
    }
    if (left.empty() && first) return {};
    if (!left.empty()) candidates = left;  // else this record is the wrong one, and its line will be named
    first = false;
  }
  if (std::find(candidates.begin(), candidates.end(), usual) != candidates.end()) return usual;
  if (candidates.size() == 1) return candidates.front();
  return {};
}

void read_hash_ids(JsonLine& fields, std::uint32_t block_tokens, std::uint32_t input_tokens,
                   std::vector<Piece>& prompt) {
  const auto ids = fields.array("hash_ids");
  if (!ids || ids->size() == 0) return;
  if (!fits(input_tokens, ids->size(), block_tokens)) {
    fields.fault("hash_ids",
                 fmt::format("{} ids for {} tokens in blocks of {}", ids->size(), input_tokens, block_tokens),
                 fmt::format("give {} ids, or the block size with --block-size",
                             (input_tokens + block_tokens - 1) / block_tokens));
    return;
  }
  std::uint32_t left = input_tokens;
  for (const simdjson::dom::element element : *ids) {
    std::uint64_t id = 0;
    if (element.get(id) != simdjson::SUCCESS) {
      fields.wrong("hash_ids", element, "give whole numbers from 0 to 2^64-1");
      return;
    }
    const std::uint32_t length = std::min(left, block_tokens);
    append_piece(prompt, block_content(id, block_tokens, length));
    left -= length;
  }
}

}  // namespace kvsim::traces
