// SPDX-License-Identifier: Apache-2.0
// Names of a prompt's blocks, token by token: equal where the salt and all tokens up to the block's end are,
// and the last, partial block's only where it is as long. And prompts that part and meet again.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/random.h"
#include "traces/request.h"

namespace kvsim::sim {

using traces::Piece;

inline std::vector<std::uint64_t> block_names(std::uint64_t salt, const std::vector<Piece>& content,
                                              std::uint32_t block_tokens, bool partial) {
  std::vector<std::uint64_t> names;
  std::uint64_t chain = mix64(salt + 1);
  std::uint32_t in_block = 0;
  for (const Piece& piece : content) {
    for (std::uint64_t token = 0; token < piece.tokens; ++token) {
      chain = mix64(chain ^ (mix64(piece.stream + 0x9e3779b97f4a7c15) + piece.offset + token));
      if (++in_block < block_tokens) continue;
      names.push_back(chain);
      in_block = 0;
    }
  }
  if (partial && in_block > 0) names.push_back(mix64(chain + in_block));
  return names;
}

struct TestPrompt {
  std::uint64_t salt = 0;
  std::vector<Piece> content;
};

// Prompts of up to some blocks that begin like one of those before, or are new.
class PromptMaker {
 public:
  PromptMaker(RandomStream& random, std::uint32_t block_tokens, std::uint64_t most_blocks)
      : random_(random), block_tokens_(block_tokens), most_tokens_(most_blocks * block_tokens) {}

  TestPrompt make() {
    if (!known_.empty() && random_.below(4) == 0) return known_[random_.below(known_.size())];
    TestPrompt prompt;
    prompt.salt = random_.below(6) == 0 ? 1 : 0;
    if (!known_.empty() && random_.below(3) > 0) prompt = beginning();
    if (prompt.content.empty() || random_.below(3) > 0)
      append(prompt.content, {random_.below(4), random_.below(2) * 3, some_tokens()});
    if (known_.size() < 12)
      known_.push_back(prompt);
    else
      known_[random_.below(known_.size())] = prompt;
    return prompt;
  }

  std::uint32_t some_tokens() {
    const auto tokens = static_cast<std::uint32_t>(1 + random_.below(most_tokens_));
    return random_.below(2) ? tokens : (tokens + block_tokens_ - 1) / block_tokens_ * block_tokens_;
  }

 private:
  TestPrompt beginning() {
    TestPrompt prompt = known_[random_.below(known_.size())];
    const std::uint64_t tokens = traces::total_tokens(prompt.content);
    const std::uint64_t kept = random_.below(3) == 0 ? tokens : 1 + random_.below(tokens);
    prompt.content = traces::first_tokens(prompt.content, kept);
    return prompt;
  }

  // Cut at random places, so that equal contents come as different pieces.
  void append(std::vector<Piece>& content, Piece piece) {
    while (piece.tokens > 0) {
      const auto tokens =
          static_cast<std::uint32_t>(random_.below(3) == 0 ? 1 + random_.below(piece.tokens) : piece.tokens);
      content.push_back({piece.stream, piece.offset, tokens});
      piece.offset += tokens;
      piece.tokens -= tokens;
    }
  }

  RandomStream& random_;
  std::uint32_t block_tokens_;
  std::uint64_t most_tokens_;
  std::vector<TestPrompt> known_;
};

}  // namespace kvsim::sim
