// SPDX-License-Identifier: Apache-2.0
// Which replica gets a request. A router serves one model and is one replica of the real thing: it has its
// own counters and index. It sees read-only views and changes nothing but its own memory.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/kv/cache_events.h"
#include "sim/routing/endpoint.h"
#include "sim/routing/explanation.h"
#include "sim/routing/in_flight.h"
#include "sim/routing/signals.h"
#include "sim/scenario/fleet.h"

namespace kvsim::sim {

// A request as a router sees it. Pointers stay good during the call only.
struct RouteRequest {
  std::uint64_t id = 0;
  std::uint64_t session = 0;               // 0: none
  std::uint64_t connection = 0;            // TCP connection; 0: one of its own
  const std::string* tenant = nullptr;     // also the flow (x-gateway-inference-fairness-id)
  const std::string* slo_class = nullptr;  // also the objective (x-gateway-inference-objective)
  std::int32_t priority = 0;      // of the InferenceObjective: higher is more important, < 0 sheddable
  double ttft_limit_seconds = 0;  // of its class; 0: none
  double tpot_limit_seconds = 0;
  Nanoseconds arrival = 0;
  std::uint32_t input_tokens = 0;
  std::uint32_t max_output_tokens = 0;
  std::uint64_t salt = 0;
  const std::vector<traces::Piece>* prompt = nullptr;
  const EndpointIds* candidates = nullptr;  // may serve it: lawful, of its pools; not empty
  bool may_index = true;                    // its prompt may stand in this router's index
};

// A ticket that says whose it is; where it goes and what it is charged with is to be filled in.
inline Ticket ticket_of(const RouteRequest& request) {
  Ticket ticket;
  ticket.request = request.id;
  ticket.session = request.session;
  ticket.input_tokens = request.input_tokens;
  return ticket;
}

// The fleet as it is now, which no real router sees: for the oracle, and to judge the others.
class Truth {
 public:
  virtual ~Truth() = default;
  virtual Gauges gauges(EndpointId endpoint) = 0;
  virtual std::uint64_t cached_tokens(EndpointId endpoint, const RouteRequest& request) = 0;
  // Time to first token there, by the step times of all that waits and runs there before it.
  virtual double ttft_seconds(EndpointId endpoint, const RouteRequest& request) = 0;
};

struct RouterView {
  Nanoseconds now = 0;
  const Signals& signals;
  Truth& truth;
};

enum class Refusal : std::uint8_t {
  kNone,
  kNoEndpoint,  // filters left nothing (429)
  kShed,        // sheddable while saturated, or an admitter said no (429)
};

struct Decision {
  Refusal refusal = Refusal::kNone;
  Ticket ticket;
  std::uint32_t predicted_hit_tokens = 0;  // that the index expects on the replica that prefills
  std::optional<EndpointId> kv_source;     // has more of the prompt, for engines that pull from each other
};

// What a router wants to be told.
struct RouterNeeds {
  bool gauges = false;
  bool kv_usage = false;  // among the gauges
  bool cache_events = false;
};

class Router {
 public:
  explicit Router(const std::vector<Endpoint>& endpoints)
      : endpoints_(endpoints), in_flight_(endpoints.size()) {}
  virtual ~Router() = default;

  // Picks; what was picked is not counted yet. `explanation`: nullptr most often.
  virtual Decision route(const RouteRequest& request, const RouterView& view, Explanation* explanation) = 0;
  void dispatched(const Ticket& ticket, Nanoseconds now) {
    in_flight_.dispatched(ticket);
    on_dispatched(ticket, now);
  }
  void prefill_ended(const Ticket& ticket, Nanoseconds now) {
    in_flight_.prefill_ended(ticket);
    on_prefill_ended(ticket, now);
  }
  void first_token(const Ticket& ticket, Nanoseconds now) {
    in_flight_.first_token(ticket);
    on_first_token(ticket, now);
  }
  void ended(const Ticket& ticket, Nanoseconds now) {
    in_flight_.ended(ticket);
    on_ended(ticket, now);
  }
  virtual void cache_event(EndpointId, const CacheEvent&, Nanoseconds /*now*/) {}
  // Its pod is gone, and with it what was in its caches; it may come back as a new one.
  virtual void endpoint_gone(EndpointId) {}
  virtual RouterNeeds needs() const { return {}; }
  // 1: full. Flow control holds requests back by it.
  virtual double saturation(const RouterView&) { return 0; }
  // Whether saturation may change by the passing of time alone (SaturationDetector::ages).
  virtual bool saturation_ages(const Signals&) const { return false; }

  const InFlight& in_flight() const { return in_flight_; }

 protected:
  // The counts of in_flight() have changed already.
  virtual void on_dispatched(const Ticket&, Nanoseconds /*now*/) {}
  virtual void on_prefill_ended(const Ticket&, Nanoseconds /*now*/) {}
  virtual void on_first_token(const Ticket&, Nanoseconds /*now*/) {}
  virtual void on_ended(const Ticket&, Nanoseconds /*now*/) {}

  const std::vector<Endpoint>& endpoints_;

 private:
  InFlight in_flight_;
};

// `endpoints` outlive the router; at least one. An unknown policy is an InputError that lists the valid ones.
std::unique_ptr<Router> make_router(const RouterSettings& settings, const std::vector<Endpoint>& endpoints,
                                    std::uint64_t seed);
using RouterMaker = std::function<std::unique_ptr<Router>(const RouterSettings&, const std::vector<Endpoint>&,
                                                          std::uint64_t seed)>;

}  // namespace kvsim::sim
