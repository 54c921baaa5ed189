// SPDX-License-Identifier: Apache-2.0
// llm-d-router's flow control (feature gate flowControl): requests wait in the router, in bands by priority,
// in a band by flow, in a flow by an order, and leave one at a time while the pool is not saturated. A cycle
// runs upon each arrival and each tick of 1 ms while anything waits.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "sim/scenario/router_settings.h"

namespace kvsim::sim {

struct FlowItem {
  std::uint32_t slot = 0;  // the cluster's handle of the request
  std::int32_t priority = 0;
  std::string flow;  // fairness id: the tenant
  double bytes = 0;
  std::uint32_t input_tokens = 0;
  Nanoseconds arrival = 0;
  double ttft_limit_seconds = 0;  // 0: none
};

class FlowControl {
 public:
  static constexpr Nanoseconds kTick = 1'000'000;

  explicit FlowControl(const EppSettings& settings);
  ~FlowControl();

  bool add(FlowItem item);  // false: its band or the whole queue is full (429)
  // One cycle: the request that leaves now, if any. `saturation` is the pool's.
  std::optional<FlowItem> cycle(Nanoseconds now, double saturation);
  // Those that have waited longer than their TTL (429).
  std::vector<FlowItem> take_expired(Nanoseconds now);
  void remove(std::uint32_t slot);  // its client is gone
  void served(const std::string& flow, std::uint32_t input_tokens, std::uint32_t output_tokens,
              Nanoseconds now);  // what program-aware fairness counts
  bool empty() const;
  std::size_t waiting() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace kvsim::sim
