// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sim/routing/approximate_tree.h"
#include "sim/routing/prefix_index.h"

namespace kvsim::sim {
namespace {

// Of no prompt: what a last, partial block is filled up with. Tokens of it stand where the prompt has ended,
// so only blocks of the same length are equal.
constexpr std::uint64_t kPadding = ~std::uint64_t{0};

}  // namespace

struct ApproximateIndex::State {
  explicit State(const ApproximateIndexSettings& given)
      : settings(given), tree(given.block_tokens, given.capacity_blocks) {}

  // A prompt in whole blocks.
  struct Blocks {
    const std::vector<Piece>& content;
    std::uint64_t count = 0;
  };
  Blocks blocks_of(const std::vector<Piece>& prompt) {
    const std::uint64_t tokens = traces::total_tokens(prompt), size = settings.block_tokens;
    const std::uint64_t count = (tokens + size - 1) / size;
    if (count > settings.max_blocks) return {prompt, settings.max_blocks};
    if (tokens == count * size) return {prompt, count};
    padded = prompt;
    padded.push_back({kPadding, 0, static_cast<std::uint32_t>(count * size - tokens)});
    return {padded, count};
  }

  ApproximateIndexSettings settings;
  ApproximateTree tree;
  std::vector<Piece> padded;  // scratch
};

ApproximateIndex::ApproximateIndex(const ApproximateIndexSettings& settings)
    : state_(std::make_unique<State>(settings)) {}
ApproximateIndex::~ApproximateIndex() = default;

void ApproximateIndex::match(std::uint64_t salt, const std::vector<traces::Piece>& prompt,
                             PrefixMatches& matches) const {
  const State::Blocks blocks = state_->blocks_of(prompt);
  const std::size_t endpoints = state_->tree.endpoints();
  matches.clear(endpoints);
  matches.block_tokens = state_->settings.block_tokens;
  matches.prompt_blocks = static_cast<std::uint32_t>(blocks.count);
  std::uint32_t of_all = 0;  // blocks of nodes that everybody holds, as popular prefixes are
  const auto count = [&](const ApproximateNode& node, std::uint64_t stop) {
    if (node.whole == 0) return false;  // nobody holds its first block
    const auto agreed = static_cast<std::uint32_t>(stop - node.begin);
    if (node.whole == endpoints) {
      of_all += agreed;
      return true;
    }
    for (const Holder& holder : node.holders)
      matches.add(holder.endpoint, agreed - std::min(agreed, holder.lost));
    return true;
  };
  state_->tree.content().walk(salt, ContentCursor(blocks.content), blocks.count, count);
  if (of_all > 0)
    for (EndpointId endpoint = 0; endpoint < endpoints; ++endpoint) matches.add(endpoint, of_all);
  for (const EndpointId holder : matches.holders) matches.weighted[holder] = matches.blocks[holder];
}

void ApproximateIndex::insert(EndpointId endpoint, std::uint64_t salt,
                              const std::vector<traces::Piece>& prompt) {
  const State::Blocks blocks = state_->blocks_of(prompt);
  state_->tree.use(endpoint, salt, blocks.content, blocks.count);
}

void ApproximateIndex::forget(EndpointId endpoint) { state_->tree.forget(endpoint); }

std::uint64_t ApproximateIndex::entries(EndpointId endpoint) const { return state_->tree.entries(endpoint); }

}  // namespace kvsim::sim
