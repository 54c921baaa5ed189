// SPDX-License-Identifier: Apache-2.0
// Ends of flows against progressive filling, on random networks with random starts.
#include <cmath>

#include "base/random.h"
#include "sim/fabric/topology.h"
#include "tests/random_cases.h"
#include "tests/sim/fabric/fabric_fixture.h"
#include "tests/sim/fabric/progressive_filling.h"

namespace kvsim::sim {
namespace {

class Shares : public FabricTest {
 protected:
  // Flows between random servers and the storage that they use, started over about a second.
  std::vector<OracleFlow> random_flows(const TopologyInput& input, const Topology& topology,
                                       RandomStream& random) {
    std::vector<OracleFlow> flows;
    double seconds = 0;
    for (std::uint64_t i = 0; i < 40; ++i) {
      if (random.below(4) > 0) seconds += random.exponential(0.025);
      const auto server = static_cast<std::uint32_t>(random.below(input.servers.size()));
      const auto& used = input.servers[server].storage;
      const std::uint32_t storage = used[random.below(used.size())];
      const FlowEnds ends = random.below(2) == 0   ? topology.read(storage, server)
                            : random.below(8) == 0 ? topology.drives_write(storage, server)
                                                   : topology.write(storage, server);
      const double bytes = std::round(1e6 + 1e9 * random.uniform() * random.uniform());
      flows.push_back({to_seconds(from_seconds(seconds)), ends.from_port, ends.to_port, bytes});
    }
    return flows;
  }

  void compare(const TopologyInput& input, RandomStream& random) {
    ASSERT_EQ(faults(input), std::vector<std::string>{});
    const Topology topology(input);
    std::vector<OracleFlow> flows = random_flows(input, topology, random);
    ProgressiveFilling(topology.plan(), flows).run();
    make(topology.plan());
    for (std::size_t i = 0; i < flows.size(); ++i)
      start(from_seconds(flows[i].start_seconds), i, flows[i].from_port, flows[i].to_port, flows[i].bytes);
    Ends found = ends();
    ASSERT_EQ(found.size(), flows.size());
    for (const auto& [flow, time] : found)
      ASSERT_NEAR(static_cast<double>(time), flows[flow].end_seconds * 1e9,
                  1 + 1e-6 * flows[flow].end_seconds * 1e9)
          << "flow " << flow;
    expect_all_carried(topology, flows, found.back().second);
  }

  void expect_all_carried(const Topology& topology, const std::vector<OracleFlow>& flows, Nanoseconds now) {
    std::vector<double> expected(topology.links().size(), 0);
    for (const OracleFlow& flow : flows)
      for (const auto& side :
           {topology.plan().ports[flow.from_port].out, topology.plan().ports[flow.to_port].in})
        for (const LinkId link : side) expected[link] += flow.bytes;
    EXPECT_EQ(carried(now), expected);
  }
};

double random_rate(RandomStream& random) { return 1e9 * static_cast<double>(1 + random.below(40)); }

TopologyInput random_network(const std::vector<std::string>& sites, RandomStream& random) {
  TopologyInput input;
  const std::uint64_t systems = 1 + random.below(3);
  for (std::uint64_t i = 0; i < systems; ++i)
    input.storage.push_back({"storage-" + std::to_string(i), sites[random.below(sites.size())],
                             random.below(4) == 0, random_rate(random), random_rate(random)});
  const std::uint64_t servers = 1 + random.below(12);
  for (std::uint64_t i = 0; i < servers; ++i) {
    TopologyServer& server = input.servers.emplace_back();
    server.name = "server-" + std::to_string(i);
    server.site = sites[random.below(sites.size())];
    server.nic_bytes_per_second = random_rate(random);
    for (std::uint32_t used = 0; used < systems; ++used)
      if (used == 0 || random.below(2) == 0) server.storage.push_back(used);
  }
  return input;
}

TEST_F(Shares, OfAStar) {
  for (int seed = 0; seed < random_cases(60); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    RandomStream random(seed, "star");
    compare(random_network({"paris"}, random), random);
    if (HasFatalFailure()) return;
  }
}

TEST_F(Shares, OfLeavesAndASpine) {
  for (int seed = 0; seed < random_cases(60); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    RandomStream random(seed, "leaves");
    TopologyInput input = random_network({"paris"}, random);
    input.servers_per_leaf = static_cast<std::uint32_t>(1 + random.below(5));
    input.oversubscription = 1 + 4 * random.uniform();
    compare(input, random);
    if (HasFatalFailure()) return;
  }
}

TEST_F(Shares, OfTwoSites) {
  for (int seed = 0; seed < random_cases(60); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    RandomStream random(seed, "sites");
    TopologyInput input = random_network({"paris", "berlin"}, random);
    input.servers_per_leaf = static_cast<std::uint32_t>(random.below(3));
    input.site_links.push_back({"paris", "berlin", random_rate(random)});
    if (random.below(2) == 0) input.site_links.push_back({"berlin", "paris", random_rate(random)});
    compare(input, random);
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace kvsim::sim
