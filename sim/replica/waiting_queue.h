// SPDX-License-Identifier: Apache-2.0
// The engine's waiting queue: by arrival with preempted requests in front (fcfs), or by (priority, arrival).
#pragma once

#include <cstdint>
#include <set>

#include "sim/replica/engine_settings.h"
#include "sim/replica/sequence.h"

namespace kvsim::sim {

class WaitingQueue {
 public:
  explicit WaitingQueue(QueuePolicy policy) : policy_(policy) {}

  void push(Sequence& sequence) { insert(sequence, ++last_); }
  void push_preempted(Sequence& sequence) { insert(sequence, --first_); }
  void remove(Sequence& sequence) { order_.erase({sequence.queue_key, &sequence}); }

  bool empty() const { return order_.empty(); }
  std::size_t size() const { return order_.size(); }
  template <class Visit>
  void visit(const Visit& see) const {
    for (const Entry& entry : order_) see(*entry.second);
  }
  Sequence* head() const { return order_.empty() ? nullptr : order_.begin()->second; }

 private:
  using Entry = std::pair<std::pair<std::int64_t, std::int64_t>, Sequence*>;
  struct ByKey {
    bool operator()(const Entry& a, const Entry& b) const {
      return a.first != b.first ? a.first < b.first : a.second->slot < b.second->slot;
    }
  };

  void insert(Sequence& sequence, std::int64_t turn) {
    sequence.queue_key = policy_ == QueuePolicy::kPriority
                             ? std::pair<std::int64_t, std::int64_t>{sequence.priority, sequence.queued}
                             : std::pair<std::int64_t, std::int64_t>{turn, 0};
    order_.insert({sequence.queue_key, &sequence});
  }

  QueuePolicy policy_;
  std::int64_t first_ = 0;  // turns of preempted requests run downwards
  std::int64_t last_ = 0;
  std::set<Entry, ByKey> order_;
};

}  // namespace kvsim::sim
