// SPDX-License-Identifier: Apache-2.0
// llm-d-router's flow control (feature gate flowControl): requests wait in the router, in bands by priority,
// in a band by flow, in a flow by an order, and leave one at a time while the pool is not saturated. A cycle
// runs upon each arrival and each tick of 1 ms while anything waits. In it the most important band that is
// not empty sends one request, or, where the pool's saturation has reached that band's ceiling, nobody does:
// less important bands never overtake (head-of-line stop).
//
// With eviction a cycle that is stopped before a request of priority >= 0 names one running sheddable request
// that the fleet shall give up; never more of them than such requests wait. [K: the router's rate of
// eviction]
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "sim/routing/flow_item.h"
#include "sim/scenario/router_settings.h"

namespace kvsim::sim {

class FlowControl {
 public:
  static constexpr Nanoseconds kTick = 1'000'000;

  // InputError where a band or the usage limit names a plugin that is not there or is something else.
  explicit FlowControl(const EppSettings& settings);
  ~FlowControl();

  // `item.arrival` never falls. False: its band or the whole queue is full (429).
  bool add(FlowItem item);
  // One cycle: the request that leaves now, if any. `saturation` is the pool's.
  std::optional<FlowItem> cycle(Nanoseconds now, double saturation);
  // Those that have waited for their TTL (429).
  std::vector<FlowItem> take_expired(Nanoseconds now);
  void remove(std::uint32_t slot);  // its client is gone; nothing where it does not wait
  // The slot of a running request that shall make room, if one shall; asked after a cycle that sent none.
  std::optional<std::uint32_t> evict(double saturation);
  void ended(std::uint32_t slot);  // a request that left is over, however: it cannot be evicted any more
  void served(const std::string& flow, std::uint32_t input_tokens, std::uint32_t output_tokens,
              Nanoseconds now);  // what program-aware fairness counts
  bool empty() const;
  std::size_t waiting() const;

  // Whether no cycle sends or evicts anything while saturation stays and nobody comes or goes: ticks may be
  // left out until then.
  bool held(double saturation) const;
  Nanoseconds next_expiry() const;  // kNever: nothing waits, or there is no TTL

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace kvsim::sim
