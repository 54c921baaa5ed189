// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/flow_control.h"

namespace kvsim::sim {

struct FlowControl::State {};

FlowControl::FlowControl(const EppSettings&) : state_(std::make_unique<State>()) {}
FlowControl::~FlowControl() = default;
bool FlowControl::add(FlowItem) { return true; }
std::optional<FlowItem> FlowControl::cycle(Nanoseconds, double) { return {}; }
std::vector<FlowItem> FlowControl::take_expired(Nanoseconds) { return {}; }
void FlowControl::remove(std::uint32_t) {}
void FlowControl::served(const std::string&, std::uint32_t, std::uint32_t, Nanoseconds) {}
bool FlowControl::empty() const { return true; }
std::size_t FlowControl::waiting() const { return 0; }

}  // namespace kvsim::sim
