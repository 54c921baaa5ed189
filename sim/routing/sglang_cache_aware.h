// SPDX-License-Identifier: Apache-2.0
// SGLang's router (sgl-model-gateway), policy cache_aware. Loads are its own counts of requests in flight.
//   where max - min > balance_abs_threshold and max > balance_rel_threshold x min: the least loaded endpoint;
//   else, where more than cache_threshold of the prompt was sent to an endpoint before: that one;
//   else the endpoint with the smallest tree.
// The prompt is then noted under the endpoint, whatever chose it. Each eviction_interval trees are cut down
// to max_tree_size characters. Disaggregated: so for the prefill; the decode goes to the less loaded of two
// drawn at random (its default, power_of_two).
#pragma once

#include "sim/routing/rival_router.h"
#include "sim/routing/text_tree.h"

namespace kvsim::sim {

class SglangCacheAwareRouter final : public RivalRouter {
 public:
  SglangCacheAwareRouter(const std::vector<Endpoint>& endpoints, std::uint64_t seed,
                         const Parameters& parameters);
  void endpoint_gone(EndpointId endpoint) override { tree_.forget(endpoint); }

 private:
  void choose(const Call& call, Decision& decision) override;
  EndpointId pick(const Call& call, const TextTree::Match& match);
  EndpointId smallest_tree(const EndpointIds& candidates) const;
  EndpointId less_loaded_of_two(const Call& call);
  void evict_by(Nanoseconds now);

  double cache_threshold_, balance_abs_threshold_, balance_rel_threshold_;
  std::uint64_t max_tree_tokens_;
  Nanoseconds eviction_interval_, next_eviction_;
  TextTree tree_;
};

}  // namespace kvsim::sim
