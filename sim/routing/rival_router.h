// SPDX-License-Identifier: Apache-2.0
// What routers other than llm-d's have in common: a cost by candidate, the lowest wins, ties at random. In a
// disaggregated fleet (some endpoint has the role prefill) a request gets one endpoint to prefill and one to
// decode; elsewhere one that does both.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "sim/routing/router.h"

namespace kvsim::sim {

class RivalRouter : public Router {
 public:
  RivalRouter(const std::vector<Endpoint>& endpoints, std::uint64_t seed, std::string_view stream);
  // Refuses (kNoEndpoint) where nobody among the candidates may decode.
  Decision route(const RouteRequest& request, const RouterView& view, Explanation* explanation) final;

 protected:
  struct Call {
    const RouteRequest& request;
    const RouterView& view;
    Explanation* explanation;
    const EndpointIds& prefill;  // empty: who decodes prefills too
    const EndpointIds& decode;   // not empty
    bool split() const { return !prefill.empty(); }
    const EndpointIds& prefillers() const { return split() ? prefill : decode; }
  };
  // `decision` names the request; endpoints, charges and refusal are to be filled in.
  virtual void choose(const Call& call, Decision& decision) = 0;

  // The place of the least cost; among equals one drawn at random.
  std::size_t cheapest(const std::vector<double>& costs);
  EndpointId fewest_requests(const Call& call, const EndpointIds& candidates);
  // One profile of the explanation, if there is one: scores and totals are costs turned round.
  static void explain(const Call& call, const char* profile, const EndpointIds& candidates,
                      std::vector<Explanation::Column> terms, const std::vector<double>& costs,
                      EndpointId pick);
  // Who prefills is charged with the prompt's tokens that it does not have.
  static void charge_prefill(const Call& call, EndpointId prefill, std::uint64_t uncached_tokens,
                             Ticket& ticket);

  RandomStream random_;

 private:
  bool disaggregated_ = false;
  EndpointIds prefill_, decode_;
};

}  // namespace kvsim::sim
