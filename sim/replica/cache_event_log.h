// SPDX-License-Identifier: Apache-2.0
// What a replica's cache told, and when it gets out: with the end of the step that was planned, as vLLM
// publishes one batch of events a step. Times never fall.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "sim/kv/cache_events.h"

namespace kvsim::sim {

struct StampedCacheEvent {
  Nanoseconds time = 0;
  CacheEvent event;
};

class CacheEventLog final : public CacheListener {
 public:
  void on_cache_event(CacheEvent event) override { fresh_.push_back(std::move(event)); }

  void publish(Nanoseconds time) {
    if (fresh_.empty()) return;
    last_ = std::max(last_, time);
    for (CacheEvent& event : fresh_) published_.push_back({last_, std::move(event)});
    fresh_.clear();
  }
  void take(std::vector<StampedCacheEvent>& events) {
    events.insert(events.end(), std::make_move_iterator(published_.begin()),
                  std::make_move_iterator(published_.end()));
    published_.clear();
  }

 private:
  std::vector<CacheEvent> fresh_;
  std::vector<StampedCacheEvent> published_;
  Nanoseconds last_ = 0;
};

}  // namespace kvsim::sim
