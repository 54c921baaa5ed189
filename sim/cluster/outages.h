// SPDX-License-Identifier: Apache-2.0
// Which replicas and storage systems of a run are up, and what routers know of it. docs/outages.md tells the
// rules. The owner asks for what is due, in order, and tells when a replica that is drained has become empty;
// else the timeline depends on fleet and seed alone.
//
//   an element  what fails as one: a replica, a server, a pool, a site, a storage system of an OutageSpec
//   a replica   is down while any element that it belongs to is, then starts up, then serves. Routers send to
//               it while it serves and is not drained, and after a failure until they notice
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <queue>
#include <string>
#include <vector>

#include "base/random.h"
#include "sim/cluster/directory.h"
#include "sim/scenario/fleet.h"

namespace kvsim::sim {

struct OutageChange {
  enum class What : std::uint8_t {
    kDrains,   // takes no new requests
    kFails,    // all that is in it is lost
    kNoticed,  // routers know that it is gone; what was lost with it is known to be lost
    kStarts,   // the outage is over
    kServes,   // again
    kStorageFails,
    kStorageServes,
  };
  What what = What::kFails;
  std::uint32_t index = 0;  // fleet-wide replica, or storage system
};

class Outages {
 public:
  Outages(const Fleet& fleet, const Directory& directory, std::uint64_t seed);

  bool any() const { return !elements_.empty(); }
  Nanoseconds next() const;  // kNever: nothing more will happen
  // The next change that is due at `now`; nothing: no more of them.
  std::optional<OutageChange> take(Nanoseconds now);

  bool serves(std::uint32_t replica) const { return replicas_[replica].state == State::kUp; }
  bool is_sent_to(std::uint32_t replica) const;  // by routers
  bool is_unnoticed(std::uint32_t replica) const { return replicas_[replica].unnoticed; }
  bool drains(std::uint32_t replica) const { return replicas_[replica].drains > 0; }
  std::uint64_t version() const { return version_; }  // grows where is_sent_to() may have changed

  // A replica that drains has nothing left.
  void empty(std::uint32_t replica, Nanoseconds now);

 private:
  enum class State : std::uint8_t { kUp, kDown, kStarting };
  struct Replica {
    State state = State::kUp;
    bool unnoticed = false;
    bool is_empty = false;     // while it drains
    std::uint32_t causes = 0;  // elements that are down
    std::uint32_t drains = 0;  // elements that drain
    std::uint64_t stamp = 0;   // of its start-up
    std::uint64_t failures = 0;
  };
  struct Element {
    const OutageSpec* spec = nullptr;
    std::vector<std::uint32_t> replicas;
    std::vector<std::uint32_t> storage;
    RandomStream draw;
    std::uint32_t group = 0;  // of a drain
    bool busy = false;        // drained or down
    bool draining = false;
  };
  enum class Act : std::uint8_t { kDown, kUp, kTurn, kNotice, kServe };
  struct Due {
    Nanoseconds time;
    std::uint64_t order;
    Act act;
    std::uint32_t index;  // of an element or a replica
    std::uint64_t stamp;
    bool operator>(const Due& other) const {
      return time != other.time ? time > other.time : order > other.order;
    }
  };

  void add_elements(const OutageSpec& spec, std::uint64_t seed);
  Element element_of(const OutageSpec& spec, std::uint32_t member, std::uint64_t seed) const;
  void add_site(const std::string& site, Element& element) const;
  void begin(std::uint32_t index);
  void put(Nanoseconds time, Act act, std::uint32_t index, std::uint64_t stamp = 0);
  void change(OutageChange::What what, std::uint32_t index);
  void act(const Due& due);
  void turn(std::uint32_t index, Nanoseconds now);
  void go_down(std::uint32_t index, Nanoseconds now);
  void come_up(std::uint32_t index, Nanoseconds now);
  void take_down(std::uint32_t replica, bool planned, Nanoseconds now);
  void let_start(std::uint32_t replica, const Element& element, Nanoseconds now);
  void serve(std::uint32_t replica);
  void notice(std::uint32_t replica);
  bool is_drained(const Element& element) const;
  Nanoseconds lasts(Element& element) const;
  Nanoseconds startup(const Element& element, std::uint32_t replica) const;
  Nanoseconds longest_startup(const Element& element) const;

  const Fleet& fleet_;
  const Directory& directory_;
  std::vector<Element> elements_;
  std::vector<Replica> replicas_;
  std::vector<std::uint32_t> storage_causes_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
  std::uint64_t last_order_ = 0;
  std::deque<OutageChange> changes_;
  std::uint64_t version_ = 0;
};

}  // namespace kvsim::sim
