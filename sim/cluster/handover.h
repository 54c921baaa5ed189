// SPDX-License-Identifier: Apache-2.0
// Blocks that prefill replicas keep for those that decode (vLLM's NIXL connector): who holds what, for whom,
// and until when. docs/disaggregation.md tells the rules.
//
// A lease begins when the prefill ends. The decode replica's heartbeats renew it from the moment in which the
// request enters its queue, if that is so set; else it just runs out. A read that has begun keeps the blocks.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/time.h"
#include "sim/replica/remote_kv.h"
#include "sim/replica/sequence.h"
#include "sim/scenario/router_settings.h"

namespace kvsim::sim {

struct Hold {
  std::uint64_t stamp = 0;       // changes with each new end of the lease, and when the place is freed
  std::uint64_t request = 0;     // whose KV it is
  std::uint32_t replica = 0;     // that holds
  Sequence* sequence = nullptr;  // with the blocks; nullptr: a free place
  Nanoseconds lease_ends = 0;    // kNever: renewed as long as needed
  std::uint32_t reader = 0;      // replica
  std::uint32_t slot = 0;        // of the client whose request waits there,
  Sequence* waiting = nullptr;   // and the request; nullptr: none waits for it
  bool is_lost = false;          // its replica is gone, and so are the blocks, but for a read that has begun
};

class HandOver {
 public:
  explicit HandOver(const DisaggregationSettings& settings) : settings_(settings) {}

  // The lease begins.
  HoldId open(std::uint64_t request, std::uint32_t replica, Sequence* sequence, Nanoseconds now);
  // The request is entering its reader's queue; false: the lease has run out, the place may be another's.
  bool renew(HoldId id, std::uint64_t request, Nanoseconds now);
  void wait(HoldId id, std::uint32_t reader, std::uint32_t slot, Sequence* waiting);
  // Frees the place; what it held.
  Hold close(HoldId id);
  // Of those that are open: what a replica holds, and what requests in a replica's queue wait for.
  std::vector<HoldId> held_by(std::uint32_t replica) const;
  std::vector<HoldId> awaited_by(std::uint32_t replica) const;
  // The reader is gone: nobody renews the lease any more.
  void abandon(HoldId id, Nanoseconds now);
  Hold& operator[](HoldId id) { return holds_[id]; }

  // From a prefill's end to the decode replica's frontend, ways apart. A nanosecond at least: engines of one
  // instant plan in a fixed order, and none may wait for another.
  Nanoseconds hop() const { return std::max<Nanoseconds>(1, from_seconds(settings_.hop_seconds)); }
  bool falls_back() const { return settings_.local_prefill_on_failure; }

 private:
  DisaggregationSettings settings_;
  std::vector<Hold> holds_;
  std::vector<HoldId> unused_;
};

}  // namespace kvsim::sim
