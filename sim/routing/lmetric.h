// SPDX-License-Identifier: Apache-2.0
// The product of what a request would add and what is there:
//   cost = uncached tokens of the prompt x (requests in flight + 1)
// (llm-d-router's experimental lmetric-scorer; Dynamo has the like [K]). Disaggregated: so for the prefill;
// the decode goes where the fewest requests are in flight.
#pragma once

#include "sim/routing/cache_knowledge.h"

namespace kvsim::sim {

class LmetricRouter final : public IndexedRouter {
 public:
  LmetricRouter(const std::vector<Endpoint>& endpoints, std::uint64_t seed, const Parameters& parameters)
      : IndexedRouter(endpoints, seed, "router/lmetric", parameters) {}

 private:
  void choose(const Call& call, Decision& decision) override;
};

}  // namespace kvsim::sim
