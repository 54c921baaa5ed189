// SPDX-License-Identifier: Apache-2.0
// A request that waits in the router.
#pragma once

#include <cstdint>
#include <string>

#include "base/time.h"

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

}  // namespace kvsim::sim
