// SPDX-License-Identifier: Apache-2.0
// Which endpoint holds how much of a prompt, as a router believes it. A radix tree over contents, by
// stretches of blocks and not block by block, whose nodes say who holds them.
//
// Approximate: llm-d-router's approx-prefix-cache-producer. What was sent somewhere is believed to be there,
// until that endpoint's LRU list of `capacity_blocks` entries has forgotten it; the list forgets the head of
// its oldest prompt first, so that an endpoint may hold blocks whose beginning it has lost.
//   match   for each endpoint the number of leading blocks that it holds, counted up to the first block that
//           nobody holds (one with a gap still counts what lies behind it)
//   blocks  of block_tokens; the last, partial one is a block too, and equal only to one of the same length
//
// Precise: llm-d-router's precise-prefix-cache-producer, fed by the engines' events.
//   match   for each endpoint the sum over consecutive blocks from the first on of the tier's weight
//   (GPU 1.0,
//           host 0.8; the largest, where several tiers have a block), cut to a whole number; full blocks only
//   bound   a stretch of the tree, which real keys are single blocks of, remembers at most `entries` claims
//           of (endpoint, GPU memory, speculative or not), those that were told last; a key of host memory as
//           many endpoints, on its own. A stretch is cut where contents part, so that a real index, whose
//           bound is by block and over both tiers, forgets a little more
//   speculative entries, from a dispatch on for a time, beside those that events bring. Where a prompt is
//   sent
//           again meanwhile, the later end counts
//
// Cost of a call: stretches on the prompt's way and their holders; for host memory, its blocks too.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/time.h"
#include "sim/kv/cache_events.h"
#include "sim/routing/plugin.h"

namespace kvsim::sim {

struct ApproximateIndexSettings {
  std::uint32_t block_tokens = 64;
  std::uint64_t max_blocks = 2048;             // of a prompt that are looked at
  std::vector<std::uint64_t> capacity_blocks;  // by endpoint
};

class ApproximateIndex {
 public:
  explicit ApproximateIndex(const ApproximateIndexSettings& settings);
  ~ApproximateIndex();
  void match(std::uint64_t salt, const std::vector<traces::Piece>& prompt, PrefixMatches& matches) const;
  void insert(EndpointId endpoint, std::uint64_t salt, const std::vector<traces::Piece>& prompt);
  void forget(EndpointId endpoint);                  // it holds nothing any more
  std::uint64_t entries(EndpointId endpoint) const;  // blocks that it is believed to hold

 private:
  struct State;
  std::unique_ptr<State> state_;
};

struct PreciseIndexSettings {
  std::uint32_t block_tokens = 16;       // of the index; where an engine's differ, its events are of no use
  std::uint32_t host_block_tokens = 16;  // of host keys; a multiple of block_tokens
  std::size_t endpoints = 1;
  std::uint32_t entries = 10;  // claims that a stretch remembers; > 0
  double gpu_weight = 1.0;
  double host_weight = 0.8;
  Nanoseconds speculative_ttl = 0;  // 0: off
};

class PreciseIndex {
 public:
  explicit PreciseIndex(const PreciseIndexSettings& settings);
  ~PreciseIndex();
  // Events of engines whose blocks are of another size are no use and change nothing.
  void apply(EndpointId endpoint, const CacheEvent& event);
  // Speculative entries that have outlived their time at `now` are gone.
  void match(std::uint64_t salt, const std::vector<traces::Piece>& prompt, Nanoseconds now,
             PrefixMatches& matches);
  void speculate(EndpointId endpoint, std::uint64_t salt, const std::vector<traces::Piece>& prompt,
                 Nanoseconds now);
  void forget(EndpointId endpoint);  // it holds nothing any more; costs a look at the whole index

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace kvsim::sim
