// SPDX-License-Identifier: Apache-2.0
// A prompt cut into blocks whose hashes cover everything before them, as engines and traces name them.
#pragma once

#include <cstdint>
#include <vector>

#include "traces/request.h"

namespace kvsim::traces {

// Appends the hash of each block of `block_tokens` tokens to `hashes`; of the partial block at the end too
// where `with_tail` is set, whose hash covers its length.
void chained_blocks(const std::vector<Piece>& content, std::uint32_t block_tokens, bool with_tail,
                    std::vector<std::uint64_t>& hashes);

}  // namespace kvsim::traces
