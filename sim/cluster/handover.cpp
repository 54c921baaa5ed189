// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/handover.h"

#include "base/errors.h"
#include "sim/fabric/durations.h"

namespace kvsim::sim {

HoldId HandOver::open(std::uint64_t request, std::uint32_t replica, Sequence* sequence, Nanoseconds now) {
  if (unused_.empty()) {
    unused_.push_back(static_cast<HoldId>(holds_.size()));
    holds_.emplace_back();
  }
  const HoldId id = unused_.back();
  unused_.pop_back();
  Hold& hold = holds_[id];
  hold = {hold.stamp + 1, request, replica, sequence, later(now, settings_.lease_seconds), 0, 0,
          nullptr,        false};
  return id;
}

bool HandOver::renew(HoldId id, std::uint64_t request, Nanoseconds now) {
  Hold& hold = holds_[id];
  if (hold.sequence == nullptr || hold.request != request || hold.lease_ends <= now) return false;
  if (!settings_.lease_renewed) return true;
  hold.lease_ends = kNever;
  ++hold.stamp;
  return true;
}

void HandOver::wait(HoldId id, std::uint32_t reader, std::uint32_t slot, Sequence* waiting) {
  Hold& hold = holds_[id];
  hold.reader = reader;
  hold.slot = slot;
  hold.waiting = waiting;
}

std::vector<HoldId> HandOver::held_by(std::uint32_t replica) const {
  std::vector<HoldId> found;
  for (HoldId id = 0; id < holds_.size(); ++id)
    if (holds_[id].sequence != nullptr && !holds_[id].is_lost && holds_[id].replica == replica)
      found.push_back(id);
  return found;
}

std::vector<HoldId> HandOver::awaited_by(std::uint32_t replica) const {
  std::vector<HoldId> found;
  for (HoldId id = 0; id < holds_.size(); ++id)
    if (holds_[id].waiting != nullptr && holds_[id].reader == replica) found.push_back(id);
  return found;
}

void HandOver::abandon(HoldId id, Nanoseconds now) {
  Hold& hold = holds_[id];
  hold.waiting = nullptr;
  hold.lease_ends = hold.is_lost ? now : later(now, settings_.lease_seconds);
  ++hold.stamp;
}

Hold HandOver::close(HoldId id) {
  const Hold hold = holds_[id];
  if (hold.sequence == nullptr)
    throw Error(ExitCode::kInternal, "blocks held for another replica are freed twice");
  holds_[id].sequence = holds_[id].waiting = nullptr;
  ++holds_[id].stamp;
  unused_.push_back(id);
  return hold;
}

}  // namespace kvsim::sim
