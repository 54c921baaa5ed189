// SPDX-License-Identifier: Apache-2.0
// The one total order of events: (time, phase, key). Keys are unique within a time and phase (a request, a
// replica), so the order does not depend on when an event was put in, and stepping every iteration gives the
// order that fast-forwarding gives.
#pragma once

#include <cstdint>
#include <vector>

#include "base/time.h"

namespace kvsim::sim {

// What happens first at one instant: what fails is gone; what is deleted is gone before anybody asks for it;
// requests arrive and transfers end before engines plan, so that a plan sees all that has come by then;
// answers reach their clients after every engine's step boundary of that instant, so that what a client sends
// upon an answer is seen at a later boundary, on whichever replica; samples see the state after all of it.
enum class Phase : std::uint8_t {
  kOutage,          // key: 0; replicas and storage go down, come up, are noticed
  kUpkeep,          // key: 0; evictors look, tenants are erased
  kTimeout,         // key: request slot
  kArrival,         // key: 0
  kRoute,           // key: request slot; the router has worked on it and decides
  kFlowTick,        // key: router of a model; flow control's next cycle
  kEnqueue,         // key: request slot; the request reaches its replica's waiting queue
  kAbort,           // key: request slot; the replica hears that the client is gone
  kLeaseEnd,        // key: hold; blocks that wait for a reader on another replica are freed
  kTransferEnd,     // key: 0; copies, files and lookups that end at this time
  kStepEnd,         // key: replica
  kClientReceives,  // key: request slot
  kScrape,          // key: router x replica; it reads the engine's gauges
  kSample,          // key: 0
};

class Event {
 public:
  // `stamp` is the owner's own mark: an event whose stamp is out of date is dropped by its owner.
  Event(Nanoseconds time, Phase phase, std::uint32_t key, std::uint64_t stamp)
      : time_(time), rank_(static_cast<std::uint64_t>(phase) << 32 | key), stamp_(stamp) {}

  Nanoseconds time() const { return time_; }
  Phase phase() const { return static_cast<Phase>(rank_ >> 32); }
  std::uint32_t key() const { return static_cast<std::uint32_t>(rank_); }
  std::uint64_t stamp() const { return stamp_; }

  friend bool operator<(const Event& a, const Event& b) {
    if (a.time_ != b.time_) return a.time_ < b.time_;
    if (a.rank_ != b.rank_) return a.rank_ < b.rank_;
    return a.stamp_ < b.stamp_;
  }

 private:
  Nanoseconds time_;
  std::uint64_t rank_;  // phase, then key
  std::uint64_t stamp_;
};

// A 4-ary heap. Checks itself: time never falls, and every event put in is taken out or still there.
class Calendar {
 public:
  void put(const Event& event);  // event.time >= now()
  bool empty() const { return heap_.empty(); }
  std::size_t size() const { return heap_.size(); }
  const Event& front() const { return heap_.front(); }
  Event take();
  // An event that its owner kept elsewhere, and that is before front(): as if it was taken from here.
  void pass(const Event& event);

  // Of the event taken last.
  Nanoseconds now() const { return now_; }
  Phase phase() const { return phase_; }
  std::uint64_t taken() const { return taken_; }

 private:
  void sift_up(std::size_t place);
  void sift_down(std::size_t place);

  std::vector<Event> heap_;
  Nanoseconds now_ = 0;
  Phase phase_ = Phase::kUpkeep;
  std::uint64_t taken_ = 0;
};

}  // namespace kvsim::sim
