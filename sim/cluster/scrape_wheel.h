// SPDX-License-Identifier: Apache-2.0
// When engines' gauges are read next. Each key (router x replica) has ticks of its own, all at the same
// distance, so they come round in one order, and to find the next one that somebody waits for is to go on
// along it. Ticks of one instant come in the order of their keys.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/time.h"
#include "sim/routing/signals.h"

namespace kvsim::sim {

class ScrapeWheel {
 public:
  ScrapeWheel() = default;  // of no keys
  // Key i has its ticks at first[i] + every, first[i] + 2 every, ... and before all at first[i], which is
  // in [0, every).
  ScrapeWheel(const std::vector<Nanoseconds>& first, Nanoseconds every)
      : every_(every), place_of_(first.size()), turns_(first.size(), kNever) {
    for (std::uint32_t key = 0; key < first.size(); ++key) places_.emplace_back(first[key], key);
    std::sort(places_.begin(), places_.end());
    for (std::uint32_t place = 0; place < places_.size(); ++place) place_of_[places_[place].second] = place;
  }

  bool none() const { return places_.empty(); }
  bool expects_any() const { return waiting_ > 0; }
  bool expects(std::uint32_t key) const { return turns_[place_of_[key]] != kNever; }

  // The next of those that are expected, of which there is one.
  Nanoseconds time() const { return turn_ + places_[at_].first; }
  std::uint32_t key() const { return places_[at_].second; }

  // The key's first tick after `now`, which never falls. It is not expected yet.
  void expect(std::uint32_t key, Nanoseconds now) {
    const std::uint32_t place = place_of_[key];
    const Nanoseconds first = places_[place].first;
    const Nanoseconds turn = tick_after(now, first, every_) - first;
    turns_[place] = turn;
    if (waiting_++ == 0 || std::pair(turn, place) < std::pair(turn_, at_)) turn_ = turn, at_ = place;
  }

  // It is not expected any more.
  std::uint32_t take() {
    const std::uint32_t taken = key();
    turns_[at_] = kNever;
    --waiting_;
    while (waiting_ > 0 && turns_[at_] != turn_)
      if (++at_ == places_.size()) at_ = 0, turn_ += every_;
    return taken;
  }

 private:
  Nanoseconds every_ = 1;
  std::vector<std::pair<Nanoseconds, std::uint32_t>> places_;  // first tick and key, in order
  std::vector<std::uint32_t> place_of_;                        // by key
  std::vector<Nanoseconds>
      turns_;  // by place: with which its first tick makes the one that is expected; kNever: none
  std::uint32_t waiting_ = 0;
  Nanoseconds turn_ = 0;  // of the next one
  std::uint32_t at_ = 0;
};

}  // namespace kvsim::sim
