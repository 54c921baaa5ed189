// SPDX-License-Identifier: Apache-2.0
// Which links a fleet has, which of them a transfer crosses, and which fleets make no sense.
#include "sim/fabric/topology.h"

#include <gmock/gmock.h>

#include <limits>

#include "base/errors.h"

namespace kvsim::sim {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Names = std::vector<std::string>;

Names crossed(const Topology& topology, const FlowEnds& ends) {
  Names names;
  for (const auto& side : {topology.plan().ports[ends.from_port].out, topology.plan().ports[ends.to_port].in})
    for (const LinkId link : side) names.push_back(topology.links()[link].name);
  return names;
}

double rate_of(const Topology& topology, const std::string& name) {
  for (const TopologyLink& link : topology.links())
    if (link.name == name) return link.bytes_per_second;
  return -1;
}

TopologyInput three_servers() {
  TopologyInput input;
  for (const char* name : {"s0", "s1", "s2"}) input.servers.push_back({name, "paris", 10e9, {0}});
  input.storage.push_back({"scale", "paris", false, 40e9, 20e9});
  return input;
}

TEST(TopologyLinks, OfAStarAreNicsAndStorage) {
  const Topology topology(three_servers());
  EXPECT_EQ(topology.links().size(), 2u + 3u * 2u);
  EXPECT_EQ(crossed(topology, topology.read(0, 1)), (Names{"scale read", "s1 in"}));
  EXPECT_EQ(crossed(topology, topology.write(0, 1)), (Names{"s1 out", "scale write"}));
  EXPECT_EQ(crossed(topology, topology.drives_read(0, 1)), Names{"scale read"});
  EXPECT_EQ(crossed(topology, topology.drives_write(0, 1)), Names{"scale write"});
  EXPECT_EQ(crossed(topology, topology.drives_write(0, 99)), Names{"scale write"});
  EXPECT_THROW(topology.read(0, 3), Error);
  EXPECT_THROW(topology.write(1, 0), Error);
}

// Two servers of 10 GB/s at 2:1 share 10 GB/s up; the third, alone on its leaf, has 5.
TEST(TopologyLinks, OfALeafCarryItsServersOverTheOversubscription) {
  TopologyInput input = three_servers();
  input.servers_per_leaf = 2;
  input.oversubscription = 2;
  const Topology topology(input);
  EXPECT_EQ(rate_of(topology, "leaf paris-0 up"), 10e9);
  EXPECT_EQ(rate_of(topology, "leaf paris-1 down"), 5e9);
  EXPECT_EQ(crossed(topology, topology.read(0, 1)), (Names{"scale read", "s1 in", "leaf paris-0 down"}));
  EXPECT_EQ(crossed(topology, topology.write(0, 2)), (Names{"s2 out", "leaf paris-1 up", "scale write"}));
}

TEST(TopologyLinks, BetweenSitesHoldBothWaysUnlessDeclared) {
  TopologyInput input = three_servers();
  input.servers[1].site = "berlin";
  input.site_links.push_back({"paris", "berlin", 1e9});
  const Topology both(input);
  EXPECT_EQ(crossed(both, both.read(0, 1)), (Names{"scale read", "paris to berlin", "s1 in"}));
  EXPECT_EQ(crossed(both, both.write(0, 1)), (Names{"s1 out", "berlin to paris", "scale write"}));
  EXPECT_EQ(crossed(both, both.read(0, 0)), (Names{"scale read", "s0 in"}));
  EXPECT_EQ(crossed(both, both.drives_write(0, 1)), Names{"scale write"});
  EXPECT_EQ(rate_of(both, "berlin to paris"), 1e9);
  input.site_links.push_back({"berlin", "paris", 3e9});
  EXPECT_EQ(rate_of(Topology(input), "berlin to paris"), 3e9);
}

TEST(TopologyLinks, OfLocalDrivesBelongToEachServer) {
  TopologyInput input = three_servers();
  input.storage[0].local = true;
  for (TopologyServer& server : input.servers) server.nic_bytes_per_second = 0;
  EXPECT_EQ(faults(input), Names{});
  const Topology topology(input);
  EXPECT_EQ(topology.links().size(), 6u);
  EXPECT_EQ(crossed(topology, topology.read(0, 2)), Names{"scale s2 read"});
  EXPECT_EQ(crossed(topology, topology.write(0, 2)), Names{"scale s2 write"});
  EXPECT_EQ(crossed(topology, topology.drives_write(0, 1)), Names{"scale s1 write"});
  EXPECT_THROW(topology.drives_write(0, 3), Error);
}

TEST(TopologyLinks, AreNoneForWhatNobodyUses) {
  TopologyInput input = three_servers();
  for (TopologyServer& server : input.servers) server.storage.clear();
  input.servers[0].site = "berlin";  // and no link to it
  EXPECT_EQ(faults(input), Names{});
  EXPECT_TRUE(Topology(input).links().empty());
}

TEST(TopologyFaults, NameRatesThatAreNone) {
  const double infinite = std::numeric_limits<double>::infinity();
  for (const double rate : {0.0, -1.0, infinite, std::numeric_limits<double>::quiet_NaN()}) {
    TopologyInput input = three_servers();
    input.servers[1].nic_bytes_per_second = rate;
    input.storage[0].write_bytes_per_second = rate;
    input.site_links.push_back({"paris", "rome", rate});
    EXPECT_THAT(faults(input), ElementsAre(HasSubstr("writing to storage scale"), HasSubstr("paris to rome"),
                                           HasSubstr("server s1")))
        << rate;
  }
}

TEST(TopologyFaults, NameWhatIsMissing) {
  TopologyInput input = three_servers();
  input.servers[0].site = "berlin";
  input.servers[2].storage.push_back(7);
  input.oversubscription = 0.5;
  EXPECT_THAT(faults(input), ElementsAre(HasSubstr("no link between site berlin"),
                                         HasSubstr("uses storage 7"), HasSubstr("oversubscription is 0.5")));
}

TEST(TopologyFaults, NameSiteLinksThatAreTooMany) {
  TopologyInput input = three_servers();
  input.site_links = {{"paris", "paris", 1e9}, {"paris", "rome", 1e9}, {"paris", "rome", 2e9}};
  EXPECT_THAT(faults(input), ElementsAre(HasSubstr("leads nowhere"), HasSubstr("declared twice")));
}

TEST(TopologyFaults, NameALeafThatLetsNothingThrough) {
  TopologyInput input = three_servers();
  input.servers_per_leaf = 2;
  input.oversubscription = 1e17;
  EXPECT_EQ(faults(input).size(), 4u);  // up and down of two leaves
}

}  // namespace
}  // namespace kvsim::sim
