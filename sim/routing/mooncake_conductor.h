// SPDX-License-Identifier: Apache-2.0
// Mooncake's Conductor as its paper has it (Qin et al., Mooncake: A KVCache-centric Disaggregated
// Architecture for LLM Serving, 2024, Algorithm 1). For each prefill endpoint i with prefix p_i of the
// prompt, the best of all being p*:
//   p* / p_i < balancing_threshold:  TTFT_i = queue_i + prefill(prompt behind p_i)
//   else                             TTFT_i = transfer(p* - p_i) + queue_i + prefill(prompt behind p*)
// The least wins, ties at random; the decode goes where a step would be shortest. Refused (early rejection)
// where its TTFT, or the step at the end of its prefill, is over the limit: by then those are gone from the
// decode endpoint whose decode has lasted as long as one did on the mean so far.
//
// Queues, prefixes and loads are what the router knows by itself; times are those of the endpoints' own step
// times. transfer_bytes_per_second 0 (the default): nobody fetches a prefix, so TTFT_i is the first form for
// all. With a rate the Conductor counts on the transfer; the engines do not make it.
#pragma once

#include <map>

#include "sim/routing/cache_knowledge.h"
#include "sim/routing/prefill_queues.h"

namespace kvsim::sim {

class MooncakeConductorRouter final : public IndexedRouter {
 public:
  MooncakeConductorRouter(const std::vector<Endpoint>& endpoints, std::uint64_t seed,
                          const Parameters& parameters);

 private:
  struct Prefill {
    EndpointId endpoint = 0;
    double ttft_seconds = 0;
    std::uint64_t context = 0;  // tokens that it need not compute
  };
  struct Decoding {
    std::uint64_t tokens = 0;
    Nanoseconds since = kNever;  // its first token
  };

  void choose(const Call& call, Decision& decision) override;
  Prefill pick_prefill(const Call& call);
  std::uint64_t context_on(std::uint64_t own, std::uint64_t best) const;
  EndpointId pick_decode(const Call& call);
  double step_seconds(EndpointId endpoint, const RouteRequest& request, Nanoseconds at) const;
  bool over_limits(const RouteRequest& request, double ttft_seconds, double step_seconds) const;
  void on_dispatched(const Ticket& ticket, Nanoseconds now) override;
  void on_prefill_ended(const Ticket& ticket, Nanoseconds now) override;
  void on_first_token(const Ticket& ticket, Nanoseconds now) override;
  void on_ended(const Ticket& ticket, Nanoseconds now) override;

  double balancing_threshold_, seconds_per_token_, ttft_limit_, tpot_limit_;
  PrefillQueues queues_;
  std::vector<std::map<std::uint64_t, Decoding>> decoding_;  // by endpoint, by request
  double decode_seconds_ = 0;                                // of all that ended
  std::uint64_t decodes_ended_ = 0;
};

}  // namespace kvsim::sim
