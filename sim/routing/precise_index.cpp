// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <deque>
#include <tuple>

#include "sim/kv/block_keys.h"
#include "sim/routing/host_blocks.h"
#include "sim/routing/precise_tree.h"
#include "sim/routing/prefix_index.h"
#include "sim/routing/tier_runs.h"

namespace kvsim::sim {
namespace {

struct Speculation {
  EndpointId endpoint = 0;
  std::uint64_t salt = 0;
  std::vector<Piece> prompt;
  std::uint64_t blocks = 0;
  Nanoseconds until = 0;
};

// Sums of weights are whole where their decimals say so.
double whole(double weight) { return std::floor(weight + 1e-9); }

}  // namespace

struct PreciseIndex::State {
  explicit State(const PreciseIndexSettings& given)
      : settings(given), tree(given.block_tokens, given.entries), host(given.entries) {}

  void expire(Nanoseconds now);
  void match_gpu(std::uint64_t salt, const std::vector<Piece>& prompt, PrefixMatches& matches) const;
  void match_tiers(std::uint64_t salt, const std::vector<Piece>& prompt, PrefixMatches& matches);
  std::uint64_t collect_gpu(std::uint64_t salt, const std::vector<Piece>& prompt, std::uint64_t blocks);
  void collect_host(std::uint64_t salt, const std::vector<Piece>& prompt, std::uint64_t blocks,
                    std::uint64_t gpu_reach);

  PreciseIndexSettings settings;
  PreciseTree tree;
  HostBlocks host;
  std::deque<Speculation> speculations;   // the first to end in front
  std::vector<TierRange> ranges;          // scratch
  std::vector<std::size_t> latest_range;  // scratch: by endpoint, 1 + index of its last range of host memory
  std::vector<BlockKey> keys;             // scratch
};

void PreciseIndex::State::expire(Nanoseconds now) {
  for (; !speculations.empty() && speculations.front().until <= now; speculations.pop_front()) {
    const Speculation& over = speculations.front();
    tree.remove({over.endpoint, true}, over.salt, over.prompt, 0, over.blocks, now);
  }
}

void PreciseIndex::State::match_gpu(std::uint64_t salt, const std::vector<Piece>& prompt,
                                    PrefixMatches& matches) const {
  const auto advance = [&matches](const PreciseNode& node, std::uint64_t stop) {
    bool somebody_goes_on = false, again = true;
    while (again) {
      bool moved = false, waits = false;
      for (const ClaimedBlocks& blocks : node.claimed) {
        const std::uint32_t matched = matches.blocks[blocks.claim.endpoint];
        const auto end = static_cast<std::uint32_t>(std::min(blocks.end, stop));
        if (matched >= end) continue;
        if (blocks.begin > matched) {
          waits = true;
          continue;
        }
        matches.add(blocks.claim.endpoint, end - matched);
        moved = true;
        somebody_goes_on |= end == stop;
      }
      again = moved && waits;
    }
    return somebody_goes_on;
  };
  tree.content().walk(salt, ContentCursor(prompt), matches.prompt_blocks, advance);
  for (const EndpointId holder : matches.holders)
    matches.weighted[holder] = whole(settings.gpu_weight * matches.blocks[holder]);
}

void PreciseIndex::State::match_tiers(std::uint64_t salt, const std::vector<Piece>& prompt,
                                      PrefixMatches& matches) {
  ranges.clear();
  const std::uint64_t gpu_reach = collect_gpu(salt, prompt, matches.prompt_blocks);
  collect_host(salt, prompt, matches.prompt_blocks, gpu_reach);
  std::sort(ranges.begin(), ranges.end(), [](const TierRange& a, const TierRange& b) {
    return std::tie(a.endpoint, a.begin) < std::tie(b.endpoint, b.begin);
  });
  const TierRange* const end = ranges.data() + ranges.size();
  for (const TierRange *first = ranges.data(), *last = first; first != end; first = last) {
    while (last != end && last->endpoint == first->endpoint) ++last;
    const TierRun run = consecutive(first, last);
    matches.add(first->endpoint, static_cast<std::uint32_t>(run.blocks));
    matches.weighted[first->endpoint] = whole(run.weight);
  }
}

// How far anybody's blocks reach.
std::uint64_t PreciseIndex::State::collect_gpu(std::uint64_t salt, const std::vector<Piece>& prompt,
                                               std::uint64_t blocks) {
  std::uint64_t reach = 0;
  tree.content().walk(salt, ContentCursor(prompt), blocks, [&](const PreciseNode& node, std::uint64_t stop) {
    for (const ClaimedBlocks& claimed : node.claimed) {
      const std::uint64_t end = std::min(claimed.end, stop);
      if (claimed.begin >= end) continue;
      ranges.push_back({claimed.claim.endpoint, claimed.begin, end, settings.gpu_weight});
      reach = std::max(reach, end);
    }
    return true;
  });
  return reach;
}

// A host block in which nobody's consecutive blocks can go on ends the way.
void PreciseIndex::State::collect_host(std::uint64_t salt, const std::vector<Piece>& prompt,
                                       std::uint64_t blocks, std::uint64_t gpu_reach) {
  const std::uint64_t size = settings.host_block_tokens, per_key = size / settings.block_tokens;
  const std::uint64_t seed = key_seed(salt, 0);
  KeyCursor cursor;
  keys.clear();
  latest_range.assign(settings.endpoints, 0);
  for (std::uint64_t i = 0; i < blocks / per_key; ++i) {
    extend_keys(keys, cursor, prompt, seed, settings.host_block_tokens, i + 1);
    const EndpointIds* holders = host.find(keys.back());
    if (!holders && i * per_key >= gpu_reach) return;
    if (!holders) continue;
    for (const EndpointId endpoint : *holders) {
      std::size_t& latest = latest_range[endpoint];
      if (latest > 0 && ranges[latest - 1].end == i * per_key) {
        ranges[latest - 1].end += per_key;
        continue;
      }
      ranges.push_back({endpoint, i * per_key, (i + 1) * per_key, settings.host_weight});
      latest = ranges.size();
    }
  }
}

PreciseIndex::PreciseIndex(const PreciseIndexSettings& settings)
    : state_(std::make_unique<State>(settings)) {}
PreciseIndex::~PreciseIndex() = default;

void PreciseIndex::apply(EndpointId endpoint, const CacheEvent& event) {
  State& state = *state_;
  const bool stored = event.kind == CacheEventKind::kStored;
  if (event.tier == CacheTier::kHost) {
    if (event.block_tokens != state.settings.host_block_tokens) return;
    for (const BlockKey key : event.host_keys)
      stored ? state.host.store(endpoint, key) : state.host.remove(endpoint, key);
    return;
  }
  if (event.block_tokens != state.settings.block_tokens) return;
  const BlockClaim claim{endpoint, false};
  if (stored)
    state.tree.store(claim, event.salt, *event.path, event.begin, event.end, kNever);
  else
    state.tree.remove(claim, event.salt, *event.path, event.begin, event.end, kNever);
}

void PreciseIndex::match(std::uint64_t salt, const std::vector<traces::Piece>& prompt, Nanoseconds now,
                         PrefixMatches& matches) {
  State& state = *state_;
  state.expire(now);
  matches.clear(state.settings.endpoints);
  matches.block_tokens = state.settings.block_tokens;
  matches.prompt_blocks =
      static_cast<std::uint32_t>(traces::total_tokens(prompt) / state.settings.block_tokens);
  if (state.host.empty())
    state.match_gpu(salt, prompt, matches);
  else
    state.match_tiers(salt, prompt, matches);
}

void PreciseIndex::forget(EndpointId endpoint) {
  state_->tree.forget(endpoint);
  state_->host.forget(endpoint);
  std::erase_if(state_->speculations,
                [endpoint](const Speculation& speculation) { return speculation.endpoint == endpoint; });
}

void PreciseIndex::speculate(EndpointId endpoint, std::uint64_t salt,
                             const std::vector<traces::Piece>& prompt, Nanoseconds now) {
  State& state = *state_;
  const std::uint64_t blocks = traces::total_tokens(prompt) / state.settings.block_tokens;
  if (state.settings.speculative_ttl == 0 || blocks == 0) return;
  state.expire(now);
  const Nanoseconds until = now + state.settings.speculative_ttl;
  state.tree.store({endpoint, true}, salt, prompt, 0, blocks, until);
  state.speculations.push_back({endpoint, salt, prompt, blocks, until});
}

}  // namespace kvsim::sim
