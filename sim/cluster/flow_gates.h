// SPDX-License-Identifier: Apache-2.0
// Flow control of a run's routers and its ticks. A tick falls on each whole millisecond while anything waits.
// Where a cycle was stopped by saturation, and saturation can only change with what the router hears, ticks
// are left out until it hears something (hurry), until somebody comes, or until a request expires: results
// are those of all ticks.
#pragma once

#include <cstdint>
#include <deque>

#include "sim/core/calendar.h"
#include "sim/routing/flow_control.h"

namespace kvsim::sim {

class FlowGates {
 public:
  // `routers`: of all models. Without flow control in the settings there are none. `calendar` outlives them.
  FlowGates(const RouterSettings& settings, std::size_t routers, Calendar& calendar, bool every_tick);

  bool any() const { return !gates_.empty(); }
  FlowControl& operator[](std::uint32_t router) { return gates_[router].control; }
  bool stale(const Event& tick) const { return tick.stamp() != gates_[tick.key()].stamp; }

  void ticked(std::uint32_t router) { gates_[router].tick = kNever; }
  // Something that saturation may depend on has changed, or is about to.
  void hurry(std::uint32_t router);
  // After a cycle. `idle`: it did nothing at `saturation`, which lasts until hurry().
  void plan(std::uint32_t router, double saturation, bool idle);

 private:
  struct Gate {
    explicit Gate(const EppSettings& settings) : control(settings) {}
    FlowControl control;
    Nanoseconds tick = kNever;  // expected
    std::uint64_t stamp = 0;
  };
  Nanoseconds next_tick() const;
  void expect(std::uint32_t router, Nanoseconds time);

  std::deque<Gate> gates_;  // by model, router
  Calendar& calendar_;
  bool every_tick_;
};

}  // namespace kvsim::sim
