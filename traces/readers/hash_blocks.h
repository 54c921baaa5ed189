// SPDX-License-Identifier: Apache-2.0
// Prompts told by hash ids. One id stands for a block of tokens together with all before it, so equal ids are
// equal content. A file gives an id to every block, the partial one at the end included, or to full blocks
// only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "traces/readers/json_line.h"
#include "traces/readers/line_reader.h"
#include "traces/request.h"

namespace kvsim::traces {

constexpr std::uint32_t kMostBlockTokens = 65'536;

// Block h of s tokens is the stretch [h*s, h*s + length) of stream 0; ids from 2^44 on go on in streams 1, 2,
// ..., so that ids that are 64-bit hashes fit.
Piece block_content(std::uint64_t id, std::uint32_t block_tokens, std::uint32_t length);

// Which powers of two from 8 to 4096 fit the lengths and numbers of ids of these records: `usual` where it is
// one of them, else the only one, else nothing. A record that fits none of those left by the records above is
// ignored.
std::optional<std::uint32_t> recognise_block_tokens(const std::vector<Line>& lines, std::uint32_t usual);

// Appends the content that `hash_ids` names, at most input_tokens. Faults go to `fields`.
void read_hash_ids(JsonLine& fields, std::uint32_t block_tokens, std::uint32_t input_tokens,
                   std::vector<Piece>& prompt);

}  // namespace kvsim::traces
