// SPDX-License-Identifier: Apache-2.0
// Which links does KV cross on its way from one replica to another? Rates in MB/s are round, so times are
// too; each pull begins 1 ns late.
#include <gtest/gtest.h>

#include "base/errors.h"
#include "sim/fabric/transfers.h"
#include "tests/sim/support/near.h"

namespace kvsim::sim {
namespace {

constexpr Nanoseconds kMs = 1'000'000;

// Two givers and two takers of 100 MB/s on servers of their own with 1 GB/s; the takers' order is 2, 3.
class PullsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!has_simgrid()) GTEST_SKIP() << "a build without SimGrid";
    for (std::uint32_t i = 0; i < 4; ++i) {
      topology_.servers.push_back({"server-" + std::to_string(i), "paris", 1e9, {}});
      topology_.peers.push_back({i, 100e6, i < 2, i >= 2, 0});
      replicas_.push_back({i, {}, 0});
    }
  }
  // Ends of pulls of 1 MB each that all begin at once.
  std::vector<Nanoseconds> ends(const std::vector<std::pair<std::uint32_t, std::uint32_t>>& pairs) {
    Transfers transfers(topology_, {}, replicas_);
    for (std::size_t i = 0; i < pairs.size(); ++i)
      transfers.pull({i, pairs[i].first, pairs[i].second, 1e6}, 0);
    std::vector<Nanoseconds> times(pairs.size());
    while (!transfers.idle()) {
      const Nanoseconds next = transfers.next();
      std::vector<JobId> ended;
      transfers.take_ended(next, ended);
      for (const JobId job : ended) times[job] = next;
    }
    return times;
  }
  void expect(const std::vector<std::pair<std::uint32_t, std::uint32_t>>& pairs,
              std::vector<Nanoseconds> times) {
    const std::vector<Nanoseconds> found = ends(pairs);
    for (std::size_t i = 0; i < times.size(); ++i)
      EXPECT_TRUE(kvsim::testing::near(found[i], times[i], 3)) << i;
  }
  TopologyInput topology_;
  std::vector<ReplicaTransfers> replicas_;
};

TEST_F(PullsTest, APairHasItsShareOfTheNics) { expect({{0, 2}}, {10 * kMs}); }

TEST_F(PullsTest, PairsApartDoNotShare) { expect({{0, 2}, {1, 3}}, {10 * kMs, 10 * kMs}); }

TEST_F(PullsTest, TwoThatTakeFromOneShareIt) { expect({{0, 2}, {0, 3}}, {20 * kMs, 20 * kMs}); }

TEST_F(PullsTest, OneThatTakesFromTwoIsTheBottleneck) { expect({{0, 2}, {1, 2}}, {20 * kMs, 20 * kMs}); }

TEST_F(PullsTest, ReplicasOfOneServerShareItsNics) {
  topology_.servers[0].nic_bytes_per_second = 100e6;
  topology_.peers[1].server = replicas_[1].server = 0;
  expect({{0, 2}, {1, 3}}, {20 * kMs, 20 * kMs});
}

TEST_F(PullsTest, OnlyWhatLeavesTheLeafCrossesIt) {
  // Two servers a leaf: 0 and 1, 2 and 3. Up lead 2 x 1 GB/s / 40 = 50 MB/s.
  topology_.servers_per_leaf = 2;
  topology_.oversubscription = 40;
  topology_.peers[1] = {1, 100e6, false, true, 0};
  expect({{0, 2}}, {20 * kMs});
  expect({{0, 1}}, {10 * kMs});
}

TEST_F(PullsTest, SitesNeedALinkAndShareIt) {
  topology_.servers[2].site = topology_.servers[3].site = "berlin";
  EXPECT_THROW(ends({{0, 2}}), Error);
  topology_.site_links = {{"berlin", "paris", 50e6}};
  expect({{0, 2}, {1, 3}}, {40 * kMs, 40 * kMs});
}

TEST_F(PullsTest, WithinAServerTheInterconnectCarriesIt) {
  topology_.peers[2].server = replicas_[2].server = 0;
  replicas_[0].local_bytes_per_second = 1e9;
  replicas_[2].local_bytes_per_second = 2e9;
  expect({{0, 2}, {0, 2}}, {1 * kMs, 1 * kMs});
}

TEST_F(PullsTest, GroupsNeedNoWayToEachOther) {
  topology_.servers[3].site = "berlin";
  topology_.peers[3].group = 1;
  expect({{0, 2}}, {10 * kMs});
}

TEST_F(PullsTest, FaultsAreToldInWords) {
  topology_.servers[0].nic_bytes_per_second = 0;
  topology_.peers[1].bytes_per_second = -1;
  topology_.peers.push_back({9, 1e6, true, false, 0});
  const std::vector<std::string> found = faults(topology_);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_NE(found[0].find("server 9"), std::string::npos);
  topology_.peers.pop_back();
  EXPECT_EQ(faults(topology_).size(), 2u);
}

}  // namespace
}  // namespace kvsim::sim
