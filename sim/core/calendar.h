// SPDX-License-Identifier: Apache-2.0
// The one total order of events: (time, phase, key). Keys are unique within a time and phase (a request, a
// replica), so the order does not depend on when an event was put in, and stepping every iteration gives the
// order that fast-forwarding gives.
#pragma once

#include <cstdint>
#include <vector>

#include "base/time.h"

namespace kvsim::sim {

// What happens first at one instant: requests arrive before engines plan, so that a plan sees all that has
// come by then; answers reach their clients after every engine's step boundary of that instant, so that what
// a client sends upon an answer is seen at a later boundary, on whichever replica; samples see the state
// after all of it.
enum class Phase : std::uint8_t {
  kTimeout,         // key: request slot
  kArrival,         // key: 0
  kEnqueue,         // key: request slot; the request reaches its replica's waiting queue
  kAbort,           // key: request slot; the replica hears that the client is gone
  kStepEnd,         // key: replica
  kClientReceives,  // key: request slot
  kSample,          // key: 0
};

struct Event {
  Nanoseconds time = 0;
  Phase phase = Phase::kArrival;
  std::uint32_t key = 0;
  std::uint64_t stamp =
      0;  // the owner's own mark: an event whose stamp is out of date is dropped by its owner

  friend bool operator<(const Event& a, const Event& b) {
    if (a.time != b.time) return a.time < b.time;
    if (a.phase != b.phase) return a.phase < b.phase;
    if (a.key != b.key) return a.key < b.key;
    return a.stamp < b.stamp;
  }
};

// A 4-ary heap. Checks itself: time never falls, and every event put in is taken out or still there.
class Calendar {
 public:
  void put(const Event& event);  // event.time >= now()
  bool empty() const { return heap_.empty(); }
  const Event& front() const { return heap_.front(); }
  Event take();

  Nanoseconds now() const { return now_; }
  std::uint64_t taken() const { return taken_; }

 private:
  void sift_up(std::size_t place);
  void sift_down(std::size_t place);

  std::vector<Event> heap_;
  Nanoseconds now_ = 0;
  std::uint64_t taken_ = 0;
};

}  // namespace kvsim::sim
