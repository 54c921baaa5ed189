// SPDX-License-Identifier: Apache-2.0
// In which order the requests of one flow leave it (llm-d-router's ordering policies).
//   fcfs-ordering-policy          as they came
//   edf-ordering-policy           by the time at which they expire: arrival + TTL. All requests of a router
//                                 have the same TTL here, so this is the order in which they came.
//   slo-deadline-ordering-policy  by arrival + limit of the time to first token; those without one come last
// Ties go as they came.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "sim/routing/flow_item.h"
#include "sim/scenario/router_settings.h"

namespace kvsim::sim {

enum class FlowOrdering : std::uint8_t { kFcfs, kEarliestDeadline, kSloDeadline };  // as listed above

FlowOrdering flow_ordering(const PluginSettings& plugin);  // InputError for another type

// A waiting request's place: the smallest leaves first.
struct FlowPlace {
  Nanoseconds rank = 0;
  std::uint64_t number = 0;  // in the order of arrival at this router
  Nanoseconds arrival = 0;
  auto operator<=>(const FlowPlace&) const = default;
};

// `ttl` 0: none.
FlowPlace flow_place(FlowOrdering ordering, const FlowItem& item, std::uint64_t number, Nanoseconds ttl);

// The flows of a band by name; none is empty.
using Flows = std::map<std::string, std::set<FlowPlace>>;

}  // namespace kvsim::sim
