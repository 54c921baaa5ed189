// SPDX-License-Identifier: Apache-2.0
// A bound that no real router reaches: it knows every engine's state as it is now and the step times, and
// sends a request where its first token comes first; ties at random. In a disaggregated fleet that holds for
// the prefill; the decode goes where the fewest requests run and wait. It looks at one request at a time, so
// a router that thinks of later ones can still do better.
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
