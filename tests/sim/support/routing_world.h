// SPDX-License-Identifier: Apache-2.0
// What a plugin sees of a few endpoints, set by hand.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sim/routing/plugin.h"
#include "sim/scenario/router_settings.h"
#include "tests/sim/support/linear_step_time.h"

namespace kvsim::testing {

inline sim::PluginSettings plugin(const std::string& type, std::map<std::string, double> numbers = {},
                                  std::map<std::string, std::string> texts = {}) {
  return {type, type, {std::move(numbers), std::move(texts), {}}};
}

struct NoTruth final : sim::Truth {
  sim::Gauges gauges(sim::EndpointId) override { return {}; }
  std::uint64_t cached_tokens(sim::EndpointId, const sim::RouteRequest&) override { return 0; }
  double ttft_seconds(sim::EndpointId, const sim::RouteRequest&) override { return 0; }
};

class RoutingWorld {
 public:
  // Endpoint i is scraped first at i * 0.1 s modulo the interval.
  explicit RoutingWorld(std::uint32_t count, Nanoseconds scrape_every = 50'000'000)
      : endpoints(count), in_flight(count), signals(first_scrapes(count, scrape_every), scrape_every) {
    for (std::uint32_t i = 0; i < count; ++i) {
      endpoints[i].replica = i;
      endpoints[i].kv_blocks = 1000;
      endpoints[i].step_time = std::make_shared<LinearStepTime>();
      candidates.push_back(i);
    }
    request.candidates = &candidates;
    request.input_tokens = 100;
  }
  RoutingWorld(const RoutingWorld&) = delete;

  sim::RouterView view() { return {now, signals, truth}; }
  sim::RoutingCall call() {
    view_ = std::make_unique<sim::RouterView>(view());
    return {request, *view_, endpoints, in_flight, random, {}};
  }

  void scraped(sim::EndpointId endpoint, double waiting, double running, double kv_usage) {
    signals.scraped(endpoint, {waiting, running, kv_usage});
  }
  void send(sim::EndpointId endpoint, std::uint64_t tokens) {
    in_flight.dispatched(ticket(endpoint, tokens));
  }
  void end(sim::EndpointId endpoint, std::uint64_t tokens) {
    in_flight.first_token(ticket(endpoint, tokens));
    in_flight.ended(ticket(endpoint, tokens));
  }
  static sim::Ticket ticket(sim::EndpointId endpoint, std::uint64_t tokens) {
    sim::Ticket made;
    made.decode = endpoint;
    made.uncached_tokens = tokens;
    return made;
  }

  Nanoseconds now = 0;
  std::vector<sim::Endpoint> endpoints;
  sim::EndpointIds candidates;
  sim::InFlight in_flight;
  sim::Signals signals;
  sim::RouteRequest request;
  RandomStream random{1, "test"};
  NoTruth truth;

 private:
  static std::vector<Nanoseconds> first_scrapes(std::uint32_t count, Nanoseconds every) {
    std::vector<Nanoseconds> first;
    for (std::uint32_t i = 0; i < count; ++i) first.push_back(i * Nanoseconds{100'000'000} % every);
    return first;
  }
  std::unique_ptr<sim::RouterView> view_;  // of the latest call
};

}  // namespace kvsim::testing
