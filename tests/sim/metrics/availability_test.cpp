// SPDX-License-Identifier: Apache-2.0
// Shares of time in which replicas served.
#include <gtest/gtest.h>

#include <cmath>

#include "sim/metrics/availability.h"

namespace kvsim::sim {
namespace {

constexpr Nanoseconds kSecond = kNanosecondsPerSecond;

PoolInfo pool(const std::string& name, const std::string& site, std::uint32_t replicas) {
  PoolInfo info;
  info.name = name;
  info.site = site;
  info.replicas = replicas;
  return info;
}

TEST(Availability, APoolIsUpWhileItsReplicasAreAndASiteAsItsPoolsAre) {
  // From 10 s to 20 s: replica 0 of two is away for 4 s of them, start-up included; the third one, alone in
  // its pool, goes at 19 s and does not come back. 20 s - 4 s of 20 s; 9 s of 10 s; 25 s of 30 s.
  AvailabilityUse use({0, 0, 1});
  use.on_replica(8 * kSecond, 0, ReplicaState::kDraining);
  use.on_replica(9 * kSecond, 0, ReplicaState::kDown);
  use.on_replica(12 * kSecond, 0, ReplicaState::kStarting);
  use.on_replica(14 * kSecond, 0, ReplicaState::kUp);
  use.on_replica(19 * kSecond, 2, ReplicaState::kDown);
  use.on_lost(0, true);
  use.on_lost(2, false);
  const Availability all = use.summary({pool("a", "x", 2), pool("b", "x", 1)}, 10 * kSecond, 20 * kSecond);
  EXPECT_DOUBLE_EQ(all.pools[0].up_fraction(), 16.0 / 20);
  EXPECT_DOUBLE_EQ(all.pools[1].up_fraction(), 9.0 / 10);
  ASSERT_EQ(all.sites.size(), 1u);
  EXPECT_DOUBLE_EQ(all.sites[0].up_fraction(), 25.0 / 30);
  EXPECT_EQ(all.fleet.outages, 2u);
  EXPECT_EQ(all.fleet.lost, 2u);
  EXPECT_EQ(all.fleet.retried, 1u);
}

// Of a run of 1000 s: two replicas overlap, breaks of under 2 s are closed, what ends before the run or never
// does is cut.
TEST(Availability, DowntimesOfAPoolAreThoseOfAnyReplica) {
  AvailabilityUse use({0, 0, 1});
  const auto down = [&use](std::uint32_t replica, Nanoseconds from, Nanoseconds to) {
    use.on_replica(from * kSecond, replica, ReplicaState::kDown);
    if (to > 0) use.on_replica(to * kSecond, replica, ReplicaState::kUp);
  };
  down(2, 1, 5);
  down(0, 100, 200);
  down(1, 150, 250);
  down(0, 251, 260);
  down(0, 300, 310);
  down(2, 900, 0);
  const Availability all = use.summary({pool("a", "x", 2), pool("b", "x", 1)}, 10 * kSecond, 1010 * kSecond);
  ASSERT_EQ(all.downtimes.size(), 3u);
  const double expected[][3] = {{0, 100, 260}, {0, 300, 310}, {1, 900, 1010}};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(all.downtimes[i].pool, expected[i][0]);
    EXPECT_DOUBLE_EQ(all.downtimes[i].from_seconds, expected[i][1]);
    EXPECT_DOUBLE_EQ(all.downtimes[i].to_seconds, expected[i][2]);
  }
}

TEST(Availability, OfNoTimeNothingIsKnown) {
  EXPECT_TRUE(std::isnan(AvailabilityUse({0}).summary({pool("a", "x", 1)}, 0, 0).fleet.up_fraction()));
}

}  // namespace
}  // namespace kvsim::sim
