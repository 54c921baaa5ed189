// SPDX-License-Identifier: Apache-2.0
// What a request inside an engine knows of the tiers under the GPU. Only engines with tiers have it.
#pragma once

#include <cstdint>
#include <vector>

#include "base/time.h"
#include "sim/kv/block_keys.h"

namespace kvsim::sim {

struct OffloadState {
  BlockOwner owner;
  std::uint64_t key_seed = 0;
  std::vector<BlockKey> keys;  // of its offload blocks, as far as they were needed
  KeyCursor cursor;
  std::vector<BlockKey> told_keys;  // what routers call them; empty where nobody listens
  KeyCursor told_cursor;
  std::uint64_t stored_blocks = 0;  // leading blocks that were handed to the tiers
  std::uint32_t jobs = 0;           // stores and loads in flight that use its GPU blocks
  Nanoseconds copies_end = 0;       // when its copies to the host will have ended

  // The lookup before its admission.
  bool asked = false;                 // and answered
  std::uint64_t asked_in_plan = 0;    // of the scheduler
  std::uint64_t asked_version = 0;    // of the connector
  std::uint64_t external_tokens = 0;  // what the last lookup would load
  Nanoseconds check_ends = kNever;    // tiered mode: when it is known whether storage has its next block
  bool promoted = false;              // storage was asked for the rest of it
  std::uint64_t promoted_from = 0;    // blocks from here on come out of storage
  bool load_in_flight = false;
  std::uint64_t load_begin = 0;  // offload blocks [load_begin, load_end) are being loaded
  std::uint64_t load_end = 0;
  Nanoseconds aside_since = kNever;  // since when it waits for the tiers
  Nanoseconds load_wait = 0;         // in all, since it was queued

  // Of the first admission.
  std::uint32_t host_hit_tokens = 0;
  std::uint32_t storage_hit_tokens = 0;

  void forget_lookup() {  // preempted: all is to be asked again
    asked = promoted = false;
    external_tokens = 0;
    check_ends = kNever;
  }
};

}  // namespace kvsim::sim
