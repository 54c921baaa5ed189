// SPDX-License-Identifier: Apache-2.0
// The plainest policy that disaggregates: decode replicas in turn, and for each prompt the next prefill
// replica in turn. A replica of role `both` serves its requests alone, as all do where there is no prefill
// replica.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/routing/router.h"

namespace kvsim::sim {

class PdRoundRobinRouter final : public Router {
 public:
  using Router::Router;
  Decision route(const RouteRequest& request, const RouterView& view, Explanation* explanation) override;

 private:
  EndpointIds of(const RouteRequest& request, bool prefill) const;
  static void explain(const EndpointIds& candidates, EndpointId pick, const char* name,
                      Explanation* explanation);

  std::uint64_t decode_turn_ = 0, prefill_turn_ = 0;
};

}  // namespace kvsim::sim
