// SPDX-License-Identifier: Apache-2.0
// Load balancers that know nothing of caches: what Kubernetes services and gateways do.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "base/random.h"
#include "sim/routing/router.h"

namespace kvsim::sim {

// Uniform over replicas, for each request.
class RandomRouter final : public Router {
 public:
  RandomRouter(std::vector<std::uint32_t> candidates, std::uint64_t seed)
      : candidates_(std::move(candidates)), stream_(seed, "router/random") {}
  std::uint32_t pick(const RouteRequest&, const RouterView&) override {
    return candidates_[stream_.below(candidates_.size())];
  }

 private:
  std::vector<std::uint32_t> candidates_;
  RandomStream stream_;
};

// Uniform over replicas for each TCP connection, which then stays where it is (kube-proxy in iptables mode).
class RandomPerConnectionRouter final : public Router {
 public:
  RandomPerConnectionRouter(std::vector<std::uint32_t> candidates, std::uint64_t seed)
      : candidates_(std::move(candidates)), seed_(seed), own_(seed, "router/random-per-connection") {}
  std::uint32_t pick(const RouteRequest& request, const RouterView&) override {
    if (request.connection == 0) return candidates_[own_.below(candidates_.size())];
    return candidates_[mix64(mix64(seed_) ^ request.connection) % candidates_.size()];
  }

 private:
  std::vector<std::uint32_t> candidates_;
  std::uint64_t seed_;
  RandomStream own_;
};

class RoundRobinRouter final : public Router {
 public:
  explicit RoundRobinRouter(std::vector<std::uint32_t> candidates) : candidates_(std::move(candidates)) {}
  std::uint32_t pick(const RouteRequest&, const RouterView&) override {
    return candidates_[turn_++ % candidates_.size()];
  }

 private:
  std::vector<std::uint32_t> candidates_;
  std::uint64_t turn_ = 0;
};

// Fewest requests in flight; ties go round, starting behind the last pick.
class LeastRequestRouter final : public Router {
 public:
  explicit LeastRequestRouter(std::vector<std::uint32_t> candidates) : candidates_(std::move(candidates)) {}
  std::uint32_t pick(const RouteRequest&, const RouterView& view) override;

 private:
  std::vector<std::uint32_t> candidates_;
  std::size_t start_ = 0;
};

// The less loaded of two drawn at random (Mitzenmacher 2001; Envoy's least-request with two choices).
class PowerOfTwoRouter final : public Router {
 public:
  PowerOfTwoRouter(std::vector<std::uint32_t> candidates, std::uint64_t seed)
      : candidates_(std::move(candidates)), stream_(seed, "router/power-of-two") {}
  std::uint32_t pick(const RouteRequest&, const RouterView& view) override;

 private:
  std::vector<std::uint32_t> candidates_;
  RandomStream stream_;
};

// Rendezvous hash of the session (of the request where it has none): a session stays on one replica, and a
// replica that leaves moves only its own sessions.
class SessionHashRouter final : public Router {
 public:
  SessionHashRouter(std::vector<std::uint32_t> candidates, std::uint64_t seed)
      : candidates_(std::move(candidates)), seed_(seed) {}
  std::uint32_t pick(const RouteRequest& request, const RouterView&) override;

 private:
  std::vector<std::uint32_t> candidates_;
  std::uint64_t seed_;
};

}  // namespace kvsim::sim
