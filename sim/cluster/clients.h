// SPDX-License-Identifier: Apache-2.0
// Requests under way, seen from the client: one slot each, reused. A slot's stamp changes when it is freed,
// so that events about its former owner are recognised.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "sim/metrics/observer.h"
#include "sim/replica/replica.h"
#include "sim/routing/router.h"

namespace kvsim::sim {

enum class Whereabouts {
  kAtRouter,
  kOnTheWay,  // to an engine, or from the prefill to the decode replica
  kInEngine,
  kComingBack,
  kLost,  // with its replica; nobody has noticed yet
  kWithdrawn,
};

struct Client {
  std::uint64_t stamp = 0;
  Whereabouts where = Whereabouts::kOnTheWay;
  RequestRecord record;
  EngineRequest request;         // until it is enqueued
  Sequence* sequence = nullptr;  // while in the engine
  bool prefilling = false;       // that engine, or the one it is on the way to, only prefills for another
  std::optional<HoldId>
      hold;  // of the blocks over there, from its prefill's end to its queue at the decode replica
  std::uint64_t connection = 0;
  std::uint64_t max_tokens = 0;       // prompt and longest answer
  std::uint32_t router = 0;           // which of its model's
  std::optional<Ticket> ticket;       // since it was routed
  bool first_token_told = false;      // to the router
  bool router_too_slow = false;       // it will not have got to this request in time
  Nanoseconds first_token_delay = 0;  // in the router, on its way back
  std::uint32_t retries = 0;

  // What it was given so far is lost: it is sent again as it was.
  void begin_again(Nanoseconds now) {
    RequestRecord anew;
    anew.id = record.id;
    anew.group = record.group;
    anew.stage = record.stage;
    anew.input_tokens = record.input_tokens;
    anew.intended = record.intended;
    anew.arrival = record.arrival;
    anew.queued = anew.resent = now;
    anew.scheduled = kNever;
    record = anew;
    ++retries;
    where = Whereabouts::kAtRouter;
    request.remote.reset();
    sequence = nullptr;
    prefilling = first_token_told = router_too_slow = false;
    hold.reset();
    ticket.reset();
    first_token_delay = 0;
  }
};

class Clients {
 public:
  std::uint32_t open() {
    if (unused_.empty()) {
      unused_.push_back(static_cast<std::uint32_t>(slots_.size()));
      slots_.emplace_back();
    }
    const std::uint32_t slot = unused_.back();
    unused_.pop_back();
    ++active_;
    const std::uint64_t stamp = slots_[slot].stamp;
    slots_[slot] = {};
    slots_[slot].stamp = stamp;
    return slot;
  }
  void close(std::uint32_t slot) {
    ++slots_[slot].stamp;
    unused_.push_back(slot);
    --active_;
  }
  Client& operator[](std::uint32_t slot) { return slots_[slot]; }
  std::uint64_t active() const { return active_; }

 private:
  std::deque<Client> slots_;
  std::vector<std::uint32_t> unused_;
  std::uint64_t active_ = 0;
};

}  // namespace kvsim::sim
