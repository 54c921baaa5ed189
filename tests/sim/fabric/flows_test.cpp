// SPDX-License-Identifier: Apache-2.0
// When flows end that share links max-min fairly, on cases small enough to work out by hand.
#include <gtest/gtest.h>

#include "tests/sim/fabric/fabric_fixture.h"

namespace kvsim::sim {
namespace {

constexpr double kGigabyte = 1e9;
constexpr Nanoseconds kMillisecond = 1'000'000;

class Flows : public FabricTest {};

// From port 0 to port 1 over a link of 10 GB/s.
FabricPlan one_link() { return {{{"link", 10e9}}, {{{0}, {}}, {{}, {}}}}; }

TEST_F(Flows, OneTakesBytesOverRate) {
  make(one_link());
  start(0, 1, 0, 1, kGigabyte);
  EXPECT_EQ(ends(), (Ends{{1, 100 * kMillisecond}}));
}

TEST_F(Flows, TwoAtOnceShareEqually) {
  make(one_link());
  start(0, 7, 0, 1, kGigabyte);
  start(0, 3, 0, 1, kGigabyte);
  EXPECT_EQ(ends(), (Ends{{3, 200 * kMillisecond}, {7, 200 * kMillisecond}}));
}

// The first has 0.5 GB left at 50 ms, both then run at 5 GB/s until 150 ms; the second has 0.5 GB left then.
TEST_F(Flows, ASecondOneSlowsTheFirst) {
  make(one_link());
  start(0, 1, 0, 1, kGigabyte);
  start(50 * kMillisecond, 2, 0, 1, kGigabyte);
  EXPECT_EQ(ends(), (Ends{{1, 150 * kMillisecond}, {2, 200 * kMillisecond}}));
}

// Ten flows of 0.1 .. 1 GB on one link: flow k ends when all have moved k/10 GB or what they have:
// sum of min(i, k) / 10 over 10 GB/s.
TEST_F(Flows, TenSizesEndOneAfterAnother) {
  make(one_link());
  Ends expected;
  for (FlowId flow = 1; flow <= 10; ++flow) {
    start(0, flow, 0, 1, static_cast<double>(flow) * 0.1 * kGigabyte);
    Nanoseconds tenths = 0;
    for (Nanoseconds other = 1; other <= 10; ++other)
      tenths += std::min(other, static_cast<Nanoseconds>(flow));
    expected.push_back({flow, tenths * 10 * kMillisecond});
  }
  EXPECT_EQ(ends(), expected);
}

// A server of 10 GB/s: the client behind a NIC of 2 GB/s holds 2, the two others 4 each: 250 and 500 ms.
TEST_F(Flows, OneBehindASlowNicLeavesItsShareToTheOthers) {
  make({{{"server", 10e9}, {"nic", 2e9}}, {{{0}, {}}, {{}, {}}, {{}, {1}}}});
  start(0, 1, 0, 1, kGigabyte);
  start(0, 2, 0, 1, kGigabyte);
  start(0, 3, 0, 2, kGigabyte);
  EXPECT_EQ(ends(), (Ends{{1, 250 * kMillisecond}, {2, 250 * kMillisecond}, {3, 500 * kMillisecond}}));
}

TEST_F(Flows, OppositeDirectionsDoNotContend) {
  make({{{"a out", 10e9}, {"a in", 10e9}}, {{{0}, {1}}, {{}, {}}}});
  start(0, 1, 0, 1, kGigabyte);
  start(0, 2, 1, 0, kGigabyte);
  EXPECT_EQ(ends(), (Ends{{1, 100 * kMillisecond}, {2, 100 * kMillisecond}}));
}

TEST_F(Flows, ALinkOnBothSidesCountsOnce) {
  make({{{"bus", 10e9}}, {{{0}, {0}}}});
  start(0, 1, 0, 0, kGigabyte);
  EXPECT_EQ(ends(), (Ends{{1, 100 * kMillisecond}}));
  EXPECT_EQ(carried(kNanosecondsPerSecond), std::vector<double>{kGigabyte});
}

TEST_F(Flows, NothingToCarryEndsAtOnce) {
  make(one_link());
  fabric().start(5, 2, 0, 1, 0);
  fabric().start(5, 1, 1, 1, kGigabyte);  // over no link
  EXPECT_EQ(fabric().next(), 5);
  EXPECT_EQ(ends(), (Ends{{1, 5}, {2, 5}}));
}

TEST_F(Flows, EndsAreRoundedUp) {
  make({{{"link", 3e9}}, {{{0}, {}}, {{}, {}}}});
  start(10, 1, 0, 1, 10);  // 3.33 ns
  EXPECT_EQ(ends(), (Ends{{1, 14}}));
}

TEST_F(Flows, NextIsNeverWhenNothingRuns) {
  make(one_link());
  EXPECT_EQ(fabric().next(), kNever);
  start(0, 1, 0, 1, kGigabyte);
  ends();
  EXPECT_EQ(fabric().next(), kNever);
}

}  // namespace
}  // namespace kvsim::sim
