// SPDX-License-Identifier: Apache-2.0
// Load balancers that know nothing of caches: what Kubernetes services and gateways do. Where capacity
// weights differ, shares of traffic are in proportion to them. Prefill pools get nothing of them: such a pool
// serves no request alone.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "base/random.h"
#include "sim/routing/min_tree.h"
#include "sim/routing/router.h"

namespace kvsim::sim {

// Picks an endpoint; the rest is the same for all of them.
class PlainRouter : public Router {
 public:
  explicit PlainRouter(const std::vector<Endpoint>& endpoints);
  Decision route(const RouteRequest& request, const RouterView& view, Explanation* explanation) final;

 protected:
  virtual EndpointId pick(const RouteRequest& request) = 0;
  struct Turn {
    std::uint64_t taken = 0;
    std::vector<double> credit;  // by endpoint; used where weights differ
  };
  EndpointId next(const EndpointIds& candidates, Turn& turn) const;
  EndpointId draw(const EndpointIds& candidates, RandomStream& stream) const;  // in proportion to weights
  double weight(EndpointId endpoint) const { return endpoints_[endpoint].capacity_weight; }
  double load(EndpointId endpoint) const {
    return static_cast<double>(in_flight().requests(endpoint)) / weight(endpoint);
  }

  bool even_ = true;  // all weights are the same

 private:
  bool some_only_prefill_ = false;
  EndpointIds serving_;  // of the candidates of the current request
};

// A draw for each request.
class RandomRouter final : public PlainRouter {
 public:
  RandomRouter(const std::vector<Endpoint>& endpoints, std::uint64_t seed)
      : PlainRouter(endpoints), stream_(seed, "router/random") {}

 private:
  EndpointId pick(const RouteRequest& request) override { return draw(*request.candidates, stream_); }
  RandomStream stream_;
};

// A draw for each TCP connection, which then stays where it is (kube-proxy in iptables mode).
class RandomPerConnectionRouter final : public PlainRouter {
 public:
  RandomPerConnectionRouter(const std::vector<Endpoint>& endpoints, std::uint64_t seed)
      : PlainRouter(endpoints), seed_(seed), own_(seed, "router/random-per-connection") {}

 private:
  EndpointId pick(const RouteRequest& request) override;
  std::uint64_t seed_;
  RandomStream own_;
};

// In turn; with unlike weights smoothly in proportion (nginx's smooth weighted round robin).
class RoundRobinRouter final : public PlainRouter {
 public:
  explicit RoundRobinRouter(const std::vector<Endpoint>& endpoints) : PlainRouter(endpoints) {}

 private:
  EndpointId pick(const RouteRequest& request) override { return next(*request.candidates, turn_); }
  Turn turn_;
};

// In turn within each of the gateway's worker threads, which know nothing of each other and start at places
// of their own (Envoy). A connection stays with its worker, by hash.
class RoundRobinPerWorkerRouter final : public PlainRouter {
 public:
  RoundRobinPerWorkerRouter(const std::vector<Endpoint>& endpoints, std::uint64_t seed,
                            const Parameters& parameters);  // workers

 private:
  EndpointId pick(const RouteRequest& request) override;
  std::uint64_t seed_;
  std::vector<Turn> turns_;  // by worker
};

// Each new TCP connection in turn; it then stays where it is (kube-proxy in IPVS mode).
class RoundRobinPerConnectionRouter final : public PlainRouter {
 public:
  explicit RoundRobinPerConnectionRouter(const std::vector<Endpoint>& endpoints) : PlainRouter(endpoints) {}

 private:
  EndpointId pick(const RouteRequest& request) override;
  Turn turn_;
  std::unordered_map<std::uint64_t, EndpointId> bound_;  // by connection
};

// Fewest requests in flight for its weight; ties go round, starting behind the last pick.
class LeastRequestRouter final : public PlainRouter {
 public:
  explicit LeastRequestRouter(const std::vector<Endpoint>& endpoints)
      : PlainRouter(endpoints), loads_(endpoints.size()) {}

 private:
  EndpointId pick(const RouteRequest& request) override;
  std::size_t least(const EndpointIds& candidates, std::size_t start) const;
  void on_dispatched(const Ticket& ticket, Nanoseconds now) override;
  void on_ended(const Ticket& ticket, Nanoseconds now) override;
  std::size_t start_ = 0;
  MinTree loads_;  // by endpoint
};

// The less loaded of two drawn at random (Mitzenmacher 2001; Envoy's least-request with two choices).
class PowerOfTwoRouter final : public PlainRouter {
 public:
  PowerOfTwoRouter(const std::vector<Endpoint>& endpoints, std::uint64_t seed)
      : PlainRouter(endpoints), stream_(seed, "router/power-of-two") {}

 private:
  EndpointId pick(const RouteRequest& request) override;
  RandomStream stream_;
};

// Rendezvous hash of the session (of the request where it has none): a session stays on one replica, and a
// replica that leaves moves only its own sessions.
class SessionHashRouter final : public PlainRouter {
 public:
  SessionHashRouter(const std::vector<Endpoint>& endpoints, std::uint64_t seed)
      : PlainRouter(endpoints), seed_(seed) {}

 private:
  EndpointId pick(const RouteRequest& request) override;
  std::uint64_t seed_;
};

}  // namespace kvsim::sim
