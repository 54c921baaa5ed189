// SPDX-License-Identifier: Apache-2.0
// What an engine's prefix cache without limit would find: full blocks only, from the start of the prompt to
// the first one missing, and at least the last token computed anew. Answers count as soon as they are given,
// as if at once.
#pragma once

#include <cstdint>
#include <vector>

#include "traces/profile/flat_map.h"
#include "traces/request.h"

namespace kvsim::traces {

class EngineReuse {
 public:
  explicit EngineReuse(std::uint32_t block_tokens) : block_tokens_(block_tokens) {}

  void add(const Request& request);

  std::uint32_t block_tokens() const { return block_tokens_; }
  std::uint64_t prompt_tokens() const { return prompt_tokens_; }
  std::uint64_t hit_tokens() const { return hit_tokens_; }

 private:
  struct Nothing {};
  std::uint32_t block_tokens_;
  std::uint64_t prompt_tokens_ = 0;
  std::uint64_t hit_tokens_ = 0;
  FlatMap<Nothing> cached_;
  std::vector<std::uint64_t> hashes_;
  std::vector<Piece> content_;
};

}  // namespace kvsim::traces
