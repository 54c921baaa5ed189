// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/flow_ordering.h"

#include "sim/routing/flow_plugins.h"

namespace kvsim::sim {
namespace {

Nanoseconds rank(FlowOrdering ordering, const FlowItem& item, Nanoseconds ttl) {
  switch (ordering) {
    case FlowOrdering::kFcfs:
      return item.arrival;
    case FlowOrdering::kEarliestDeadline:
      return ttl > 0 ? item.arrival + ttl : kNever;
    case FlowOrdering::kSloDeadline:
      return item.ttft_limit_seconds > 0 ? item.arrival + from_seconds(item.ttft_limit_seconds) : kNever;
  }
  return kNever;
}

}  // namespace

FlowOrdering flow_ordering(const PluginSettings& plugin) {
  return static_cast<FlowOrdering>(
      type_among(plugin, "ordering policy",
                 {"fcfs-ordering-policy", "edf-ordering-policy", "slo-deadline-ordering-policy"}));
}

FlowPlace flow_place(FlowOrdering ordering, const FlowItem& item, std::uint64_t number, Nanoseconds ttl) {
  return {rank(ordering, item, ttl), number, item.arrival};
}

}  // namespace kvsim::sim
