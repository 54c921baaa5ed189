// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/policies.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/sim/routing/router_case.h"

namespace kvsim {
namespace {

using sim::EndpointId;
using sim::EndpointIds;
using testing::plain_endpoints;
using testing::RouterCase;

sim::RouteRequest on_connection(std::uint64_t connection) {
  sim::RouteRequest request;
  request.connection = connection;
  return request;
}

TEST(RoundRobinPerConnection, AConnectionStaysAndANewOneGetsTheNext) {
  RouterCase gateway(plain_endpoints(3));
  gateway.use<sim::RoundRobinPerConnectionRouter>();
  const std::vector<std::uint64_t> connections = {7, 8, 7, 9, 10, 8, 7};
  EndpointIds picks;
  for (const std::uint64_t connection : connections)
    picks.push_back(gateway.send({{1, 0, 10}}, on_connection(connection)));
  EXPECT_EQ(picks, (EndpointIds{0, 1, 0, 2, 0, 1, 0}));
}

TEST(RoundRobinPerConnection, ARequestWithoutConnectionIsAConnectionOfItsOwn) {
  RouterCase gateway(plain_endpoints(2));
  gateway.use<sim::RoundRobinPerConnectionRouter>();
  EXPECT_EQ(gateway.send(10), 0u);
  EXPECT_EQ(gateway.send(10), 1u);
  EXPECT_EQ(gateway.send(10), 0u);
}

TEST(RoundRobinPerConnection, WhereItMayNotGoItGetsAnother) {
  RouterCase gateway(plain_endpoints(3));
  gateway.use<sim::RoundRobinPerConnectionRouter>();
  EXPECT_EQ(gateway.send({{1, 0, 10}}, on_connection(7)), 0u);
  gateway.candidates = {1, 2};
  EXPECT_NE(gateway.send({{1, 0, 10}}, on_connection(7)), 0u);
}

TEST(RoundRobinPerWorker, EachWorkerGoesRoundByItself) {
  // Any four requests of one worker over four endpoints are on four endpoints, whatever the others do
  // between.
  RouterCase gateway(plain_endpoints(4));
  gateway.use<sim::RoundRobinPerWorkerRouter>(std::uint64_t{1}, sim::Parameters{{{"workers", 3}}, {}, {}});
  for (int round = 0; round < 4; ++round) {
    std::set<EndpointId> met;
    for (int i = 0; i < 4; ++i) met.insert(gateway.send({{1, 0, 10}}, on_connection(7)));
    EXPECT_EQ(met.size(), 4u);
  }
}

TEST(RoundRobinPerWorker, WorkersAreNotInStep) {
  // With many workers and one request each, some endpoint gets two before another gets one.
  RouterCase gateway(plain_endpoints(8));
  gateway.use<sim::RoundRobinPerWorkerRouter>(std::uint64_t{1}, sim::Parameters{{{"workers", 64}}, {}, {}});
  std::set<EndpointId> met;
  for (std::uint64_t connection = 1; connection <= 8; ++connection)
    met.insert(gateway.send({{1, 0, 10}}, on_connection(connection)));
  EXPECT_LT(met.size(), 8u);
}

// The plain rule, by a scan.
EndpointId scanned(const std::vector<double>& loads, const EndpointIds& candidates, std::size_t& start) {
  std::size_t best = start % candidates.size();
  for (std::size_t i = 1; i < candidates.size(); ++i) {
    const std::size_t place = (start + i) % candidates.size();
    if (loads[candidates[place]] < loads[candidates[best]]) best = place;
  }
  start = (best + 1) % candidates.size();
  return candidates[best];
}

TEST(LeastRequest, PicksWhatAScanPicks) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomStream draw(seed, "least-request");
    std::vector<sim::Endpoint> endpoints = plain_endpoints(1 + draw.below(40));
    const bool uneven = draw.below(2) == 0;
    if (uneven)
      for (sim::Endpoint& endpoint : endpoints)
        endpoint.capacity_weight = static_cast<double>(1 + draw.below(3));
    RouterCase gateway(endpoints);
    gateway.use<sim::LeastRequestRouter>();
    const EndpointIds everybody = gateway.candidates;
    std::vector<double> counts(endpoints.size());
    std::size_t start = 0;
    for (int i = 0; i < 400; ++i) {
      gateway.candidates = everybody;
      if (everybody.size() > 1 && draw.below(8) == 0)
        gateway.candidates.erase(gateway.candidates.begin() +
                                 static_cast<long>(draw.below(everybody.size())));
      std::vector<double> loads = counts;
      for (std::size_t e = 0; e < loads.size(); ++e) loads[e] /= endpoints[e].capacity_weight;
      const EndpointId expected = scanned(loads, gateway.candidates, start);
      ASSERT_EQ(gateway.send(10), expected) << "request " << i;
      ++counts[expected];
      while (!gateway.tickets.empty() && draw.below(2) == 0) {
        const std::size_t place = draw.below(gateway.tickets.size());
        --counts[gateway.tickets[place].decode];
        gateway.router->first_token(gateway.tickets[place], 0);
        gateway.router->ended(gateway.tickets[place], 0);
        gateway.tickets.erase(gateway.tickets.begin() + static_cast<long>(place));
      }
    }
  }
}

}  // namespace
}  // namespace kvsim
