// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/flow_bands.h"

#include "sim/routing/flow_plugins.h"

namespace kvsim::sim {

FlowBand::FlowBand(const PriorityBand& settings, const EppSettings& plugins, const Ledgers& ledgers)
    : capacity_(settings.max_requests, settings.max_bytes),
      ordering_(flow_ordering(plugin_named(plugins, settings.ordering))),
      fairness_(make_fairness(plugin_named(plugins, settings.fairness), ledgers)) {}

void FlowBand::add(const FlowItem& item, std::uint64_t number, Nanoseconds ttl) {
  capacity_.add(item.bytes);
  flows_[item.flow].insert(flow_place(ordering_, item, number, ttl));
}

void FlowBand::remove(const FlowItem& item, std::uint64_t number, Nanoseconds ttl) {
  capacity_.remove(item.bytes);
  const auto flow = flows_.find(item.flow);
  flow->second.erase(flow_place(ordering_, item, number, ttl));
  if (flow->second.empty()) flows_.erase(flow);
}

std::uint64_t FlowBand::next(Nanoseconds now) { return fairness_->pick(flows_, now)->second.begin()->number; }

FlowBands::FlowBands(const EppSettings& settings) : settings_(settings), ledgers_(empty_ledgers(settings)) {
  for (const PriorityBand& band : settings_.flow_control.bands) open(band);
}

FlowBand& FlowBands::open(const PriorityBand& settings) {
  return bands_.try_emplace(settings.priority, settings, settings_, ledgers_).first->second;
}

FlowBand& FlowBands::of(std::int32_t priority) {
  const auto found = bands_.find(priority);
  if (found != bands_.end()) return found->second;
  const FlowControlSettings& flow = settings_.flow_control;
  PriorityBand settings = priority < 0 ? flow.default_negative_band : flow.default_band;
  settings.priority = priority;
  return open(settings);
}

FlowBands::Top FlowBands::top() {
  std::size_t rank = 0;
  for (auto& [priority, band] : bands_) {
    if (!band.empty()) return {rank, priority, &band};
    ++rank;
  }
  return {};
}

void FlowBands::served(const std::string& flow, double service, Nanoseconds now) {
  for (auto& [name, ledger] : ledgers_) ledger.add(flow, service, now);
}

}  // namespace kvsim::sim
