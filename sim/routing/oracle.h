// SPDX-License-Identifier: Apache-2.0
// No real router, but one to measure them by: it knows every engine's state as it is now and the step times,
// and sends a request where its first token comes first; ties at random. In a disaggregated fleet that holds
// for the prefill; the decode goes where the fewest requests run and wait. It is greedy: best for the request
// at hand, no bound for the fleet, since a router that keeps caches apart spares later requests.
#pragma once

#include "sim/routing/rival_router.h"

namespace kvsim::sim {

class OracleRouter final : public RivalRouter {
 public:
  OracleRouter(const std::vector<Endpoint>& endpoints, std::uint64_t seed)
      : RivalRouter(endpoints, seed, "router/oracle") {}

 private:
  void choose(const Call& call, Decision& decision) override;
  EndpointId pick_decode(const Call& call);
};

}  // namespace kvsim::sim
