// SPDX-License-Identifier: Apache-2.0
// NVIDIA Dynamo's KV router. In blocks, from its own books alone:
//   cost = overlap_weight x prefill_load_scale x max(active prefill + prompt - overlap, 0)
//          + active decode + the request's own
//   active prefill  uncached prompt tokens of requests without a first token
//   active decode   blocks of requests that are not over: their prompts; with track_output_blocks also the
//                   longest answer that was asked for, from the dispatch on
//   overlap         blocks of the prompt that the index finds there
// overlap_weight is the older name of prefill_load_scale: give one of the two. Temperature 0: the least cost,
// ties at random; else a draw with probabilities exp(-(cost - min) / (max - min) / temperature).
// Disaggregated [K]: the prefill by its term, the decode by its own, which knows no overlap.
#pragma once

#include "sim/routing/cache_knowledge.h"

namespace kvsim::sim {

class DynamoKvRouter final : public IndexedRouter {
 public:
  DynamoKvRouter(const std::vector<Endpoint>& endpoints, std::uint64_t seed, const Parameters& parameters);

 private:
  void choose(const Call& call, Decision& decision) override;
  double prefill_blocks(EndpointId endpoint, const RouteRequest& request) const;
  std::uint64_t request_blocks(const RouteRequest& request) const;
  EndpointId pick(const Call& call, const char* profile, const EndpointIds& candidates, bool prefill_term,
                  bool decode_term);
  std::size_t drawn(const std::vector<double>& costs);
  void on_dispatched(const Ticket& ticket, Nanoseconds) override { blocks_[ticket.decode] += ticket.blocks; }
  void on_ended(const Ticket& ticket, Nanoseconds) override { blocks_[ticket.decode] -= ticket.blocks; }

  double prefill_factor_, temperature_;
  bool track_output_blocks_;
  std::vector<std::uint64_t> blocks_;  // active decode, by endpoint
};

}  // namespace kvsim::sim
