// SPDX-License-Identifier: Apache-2.0
// A request inside an engine. `computed` and `generated` are its state after every step planned so far: a
// plan is carried out exactly, so planning may count on it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "base/time.h"
#include "sim/kv/prefix_cache.h"
#include "sim/replica/offload_state.h"
#include "sim/replica/remote_kv.h"
#include "traces/request.h"

namespace kvsim::sim {

enum class SequenceState : std::uint8_t {
  kWaiting,  // in the queue
  kAside,    // waits for word of the tiers; others may pass
  kLoading,  // holds its GPU blocks while some of them come from a lower tier or another replica; others may
             // pass
  kLoaded,   // they have come; goes before the queue
  kRunning,
  kHeld,     // over, but its blocks are kept for another replica that will read them
  kLeaving,  // over, but a store still reads its blocks, or a load writes them
};

struct alignas(64) Sequence {
  // What every plan looks at, in one line of a processor's cache, with how many blocks it holds.
  std::uint64_t computed = 0;   // tokens whose KV exists
  std::uint64_t generated = 0;  // tokens sampled
  std::uint64_t known = 0;  // leading tokens that are computed and whose values the engine knows: cacheable
  std::uint64_t batch = 0;  // serial number of the batch that it last sampled in
  Nanoseconds gap_since =
      kNever;  // its last token, where that was before the step that precedes the next one
  std::uint32_t prompt_tokens = 0;
  std::uint32_t output_target = 0;  // tokens after which it stops
  std::uint32_t group = 0;
  SequenceState state = SequenceState::kWaiting;
  bool announced_stop : 1 =
      true;                    // the stop is its max_tokens; else end-of-sequence, seen only in the output
  bool near_tail : 1 = false;  // at admission, its prompt went on where another request was still computing
  bool aborted : 1 = false;    // the client is gone; leaves at the next step boundary
  bool looked_up : 1 = false;  // its hits at first admission are counted
  bool prefill_only : 1 = false;  // another replica decodes
  bool recomputes : 1 = false;    // high_water is not 0
  BlockHolder blocks;

  std::uint32_t slot = 0;     // the cluster's handle of the request
  std::int32_t priority = 0;  // lower is more important
  std::uint64_t salt = 0;
  Nanoseconds queued = 0;
  std::pair<std::int64_t, std::int64_t> queue_key;  // of the waiting queue
  std::vector<traces::Piece> content;               // prompt, then the answer so far
  std::uint64_t output_stream = 0;
  std::uint64_t high_water = 0;      // most tokens ever computed, before a preemption
  Nanoseconds scheduled = kNever;    // latest admission
  Nanoseconds first_token = kNever;  // when the engine had it
  std::uint32_t hit_tokens = 0;      // of the first admission
  std::uint32_t preemptions = 0;
  std::uint64_t recomputed_tokens = 0;
  std::unique_ptr<OffloadState> offload;  // nullptr: the engine has no tiers
  std::unique_ptr<RemoteKv> remote;       // nullptr: no other replica has computed its prompt

  std::uint64_t tokens() const { return prompt_tokens + generated; }
  bool is_offered() const { return remote && remote->state == RemoteKv::State::kOffered; }
  bool is_pulling() const { return remote && remote->state == RemoteKv::State::kPulling; }
  bool done() const {
    return generated == output_target;
  }  // its last token is sampled, perhaps still in flight
};
static_assert(offsetof(Sequence, blocks) == 56 && offsetof(BlockHolder, parts) == 8);

}  // namespace kvsim::sim
