// SPDX-License-Identifier: Apache-2.0
// An engine's end in the midst of its work.
#include <algorithm>

#include "sim/replica/replica.h"

namespace kvsim::sim {

bool Replica::idle() const {
  return next_wake_ == kNever && !scheduler_.has_work() && scheduler_.held() == 0 &&
         !(connector_ && connector_->busy()) && !(pulls_ && pulls_->busy());
}

EngineWreck Replica::crash(Nanoseconds now, Nanoseconds seen_from) {
  bring_to_boundary_before(seen_from);
  EngineWreck wreck;
  const auto lose = [&](const Sequence& sequence) {
    if (!sequence.aborted) wreck.lost.push_back(answer_of(sequence, unseen_tokens(sequence)));
  };
  for (const Sequence* sequence : scheduler_.running()) lose(*sequence);
  for (const Sequence* sequence : scheduler_.set_aside()) lose(*sequence);
  scheduler_.visit_queue(lose);
  std::sort(wreck.lost.begin(), wreck.lost.end(),
            [](const EngineAnswer& a, const EngineAnswer& b) { return a.slot < b.slot; });
  current_.planned = current_.ended;
  if (!current_.empty()) {
    tell(current_);
    count(current_);
  }
  current_.planned = current_.ended = plan_limit_ = wake_step_ = 0;
  if (connector_) wreck.under_way = connector_->abandon(now);
  if (pulls_) {
    const std::vector<JobId> reads = pulls_->under_way();
    wreck.under_way.insert(wreck.under_way.end(), reads.begin(), reads.end());
  }
  wreck.work = snapshot(now);
  if (moved_by_tenant() != nullptr) wreck.moved = *moved_by_tenant();
  return wreck;
}

}  // namespace kvsim::sim
