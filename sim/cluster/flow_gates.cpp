// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/flow_gates.h"

namespace kvsim::sim {
namespace {

constexpr Nanoseconds kTick = FlowControl::kTick;

Nanoseconds tick_from(Nanoseconds time) { return (time + kTick - 1) / kTick * kTick; }

}  // namespace

FlowGates::FlowGates(const RouterSettings& settings, std::size_t routers, Calendar& calendar, bool every_tick)
    : calendar_(calendar), every_tick_(every_tick) {
  if (!settings.epp || !settings.epp->flow_control.enabled) return;
  for (std::size_t i = 0; i < routers; ++i) gates_.emplace_back(*settings.epp);
}

// The tick of this instant is still to come where what happens now comes before ticks.
Nanoseconds FlowGates::next_tick() const {
  const Nanoseconds now = calendar_.now();
  return tick_from(calendar_.phase() < Phase::kFlowTick ? now : now + 1);
}

void FlowGates::expect(std::uint32_t router, Nanoseconds time) {
  Gate& gate = gates_[router];
  if (time >= gate.tick) return;
  gate.tick = time;
  calendar_.put({time, Phase::kFlowTick, router, ++gate.stamp});
}

void FlowGates::hurry(std::uint32_t router) {
  if (!gates_[router].control.empty()) expect(router, next_tick());
}

void FlowGates::plan(std::uint32_t router, double saturation, bool idle) {
  const FlowControl& control = gates_[router].control;
  if (control.empty()) return;
  if (!every_tick_ && idle && control.held(saturation)) {
    const Nanoseconds expiry = control.next_expiry();
    if (expiry != kNever) expect(router, tick_from(expiry));
    return;
  }
  expect(router, tick_from(calendar_.now() + 1));
}

}  // namespace kvsim::sim
