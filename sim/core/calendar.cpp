// SPDX-License-Identifier: Apache-2.0
#include "sim/core/calendar.h"

#include <algorithm>
#include <utility>

#include "base/errors.h"

namespace kvsim::sim {

namespace {
constexpr std::size_t kArity = 4;
}

void Calendar::put(const Event& event) {
  if (event.time() < now_) throw Error(ExitCode::kInternal, "an event was scheduled in the past");
  heap_.push_back(event);
  sift_up(heap_.size() - 1);
}

Event Calendar::take() {
  const Event first = heap_.front();
  heap_.front() = heap_.back();
  heap_.pop_back();
  if (!heap_.empty()) sift_down(0);
  pass(first);
  return first;
}

void Calendar::pass(const Event& event) {
  now_ = event.time();
  phase_ = event.phase();
  ++taken_;
}

void Calendar::sift_up(std::size_t place) {
  const Event moving = heap_[place];
  while (place > 0) {
    const std::size_t parent = (place - 1) / kArity;
    if (!(moving < heap_[parent])) break;
    heap_[place] = heap_[parent];
    place = parent;
  }
  heap_[place] = moving;
}

void Calendar::sift_down(std::size_t place) {
  const Event moving = heap_[place];
  while (true) {
    const std::size_t first = place * kArity + 1;
    if (first >= heap_.size()) break;
    const auto begin = heap_.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = heap_.begin() + static_cast<std::ptrdiff_t>(std::min(first + kArity, heap_.size()));
    const auto least = std::min_element(begin, end);
    if (!(*least < moving)) break;
    heap_[place] = *least;
    place = static_cast<std::size_t>(least - heap_.begin());
  }
  heap_[place] = moving;
}

}  // namespace kvsim::sim
