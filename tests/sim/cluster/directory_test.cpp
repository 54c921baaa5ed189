// SPDX-License-Identifier: Apache-2.0
// What the router is handed of a tenant's law.
#include "sim/cluster/directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/cluster/simulation.h"
#include "tests/sim/support/event_log.h"
#include "tests/sim/support/fleets.h"
#include "tests/sim/support/scripted_source.h"

namespace kvsim {
namespace {

using ::testing::ElementsAre;

// Pools of 2, 1 and 1 replicas; `tenant` may use the first two.
sim::Fleet three_pools() {
  const auto times = std::make_shared<testing::LinearStepTime>();
  sim::Fleet fleet = testing::plain_fleet(testing::plain_pool("a", times));
  fleet.pools[0].replicas = 2;
  fleet.pools.push_back(testing::plain_pool("b", times));
  fleet.pools.push_back(testing::plain_pool("c", times));
  fleet.pools[0].labels = fleet.pools[1].labels = {{"country", "FR"}};
  fleet.pools[1].labels["operator"] = "ours";
  sim::Tenant tenant{"tenant"};
  tenant.residency.compute = {{"country", {"FR"}, {}}};
  tenant.residency.failover = {{"operator", {"ours"}, {}}};
  tenant.residency.router_index = {{"country", {"FR"}, {}}};
  fleet.tenants = {tenant};
  return fleet;
}

traces::Names tenants() {
  traces::Names names;
  names.tenants = {"", "tenant"};
  return names;
}

TEST(Directory, CandidatesAreLawfulEndpointsOnly) {
  const sim::Fleet fleet = three_pools();
  sim::Directory directory(fleet);
  const sim::Service service = directory.service(tenants(), {0, 0, 1});
  EXPECT_THAT(service.candidates, ElementsAre(0u, 1u, 2u));
  EXPECT_THAT(service.failover, ElementsAre(2u));
  EXPECT_FALSE(service.may_index);  // its site declares nothing
  const sim::Service other = directory.service(tenants(), {0, 0, 0});
  EXPECT_THAT(other.candidates, ElementsAre(0u, 1u, 2u, 3u));
  EXPECT_THAT(other.failover, ElementsAre(0u, 1u, 2u, 3u));
  EXPECT_TRUE(other.may_index);
}

TEST(Directory, ATenantUnderAPolicyHasASaltOfItsPolicy) {
  const sim::Fleet fleet = three_pools();
  sim::Directory directory(fleet);
  EXPECT_EQ(directory.service(tenants(), {0, 0, 0}).salt, 0u);
  EXPECT_NE(directory.service(tenants(), {0, 0, 1}).salt, 0u);
}

TEST(Directory, EndpointsAreLabelledWithVendorAndRole) {
  sim::Fleet fleet = three_pools();
  fleet.pools[0].accelerator.vendor = "AMD";
  const sim::Labels labels = sim::Directory(fleet).labels_of(fleet.pools[0]);
  EXPECT_EQ(labels, (sim::Labels{{"country", "FR"}, {"llm-d.ai/role", "both"}, {"vendor", "AMD"}}));
}

TEST(Directory, WithoutALawfulPoolARequestIsRejectedAtOnce) {
  sim::Fleet fleet = three_pools();
  fleet.tenants[0].residency.compute = {{"country", {"DE"}, {}}};
  testing::ScriptedSource source({{[] {
                                   traces::Request request = testing::plain_request(5, 100, 10, 1);
                                   request.tenant = 1;
                                   return request;
                                 }()}},
                                 tenants());
  testing::EventLog log;
  sim::simulate(fleet, source, log, {});
  ASSERT_EQ(log.records.size(), 1u);
  EXPECT_EQ(log.records[0].status, sim::RequestStatus::kRejectedNoRoute);
  EXPECT_EQ(log.records[0].finished, 5);
  EXPECT_EQ(log.records[0].routed, kNever);
}

}  // namespace
}  // namespace kvsim
