// SPDX-License-Identifier: Apache-2.0
// Copies and files by hand: when each job comes back.
#include <gtest/gtest.h>

#include "base/errors.h"
#include "base/random.h"
#include "tests/sim/fabric/transfers_fixture.h"

namespace kvsim::sim {
namespace {

constexpr Nanoseconds kMillisecond = 1'000'000;

class Copies : public TransfersTest {};

// A block is 8 MB over 2 ranks, in copies of 2 MB: 2 copies of (1 us + 2 MB / 50 GB/s = 41 us) a rank.
TEST_F(Copies, TakeTheirTurn) {
  make();
  EXPECT_EQ(transfers().copy(1, 0, CopyDirection::kToHost, 1, 0), 82'000);
  EXPECT_EQ(transfers().copy(2, 0, CopyDirection::kToHost, 10, 10'000), 11 * 82'000);
  EXPECT_EQ(transfers().copy(3, 0, CopyDirection::kToHost, 1, kMillisecond), kMillisecond + 82'000);
  EXPECT_EQ(ends(), (Ends{{1, 82'000}, {2, 902'000}, {3, 1'082'000}}));
  EXPECT_EQ(transfers().copied_bytes(0, CopyDirection::kToHost), 12 * 8e6);
}

TEST_F(Copies, OfTheOtherDirectionAndTheOtherReplicaGoOnSideBySide) {
  make(2);
  transfers().copy(1, 0, CopyDirection::kToHost, 1, 0);
  transfers().copy(2, 0, CopyDirection::kToGpu, 1, 0);
  transfers().copy(3, 1, CopyDirection::kToGpu, 1, 0);
  EXPECT_EQ(ends(), (Ends{{1, 82'000}, {2, 82'000}, {3, 82'000}}));
}

TEST_F(Copies, AndWaitsEndInOrderOfTheirNumbers) {
  make();
  transfers().wait(9, 82'000);
  transfers().copy(4, 0, CopyDirection::kToHost, 1, 0);
  transfers().wait(2, 82'000);
  EXPECT_FALSE(transfers().idle());
  EXPECT_EQ(ends(), (Ends{{2, 82'000}, {4, 82'000}, {9, 82'000}}));
  EXPECT_TRUE(transfers().idle());
  EXPECT_EQ(transfers().next(), kNever);
}

class Files : public TransfersTest {
 protected:
  void SetUp() override {
    if (!has_simgrid()) GTEST_SKIP() << "a build without SimGrid";
  }
};

// 16 blocks of 8 MB = 128 MB over the server's NIC of 10 GB/s: 12.8 ms.
TEST_F(Files, AreAsFastAsTheNetwork) {
  make();
  transfers().read(1, 0, 16, 0);
  EXPECT_EQ(ends(), (Ends{{1, 12'800'000}}));
  EXPECT_EQ(transfers().traffic(0).read_bytes, 128e6);
  EXPECT_EQ(transfers().traffic(0).operations, 32u);
}

// 4 threads of 1 GB/s, files of 4 MB, 1 ms latency: 16 files of a rank take 4 turns of 5 ms.
TEST_F(Files, AreAsFastAsTheThreads) {
  tiers_.storage->threads = 4;
  tiers_.storage->thread_bytes_per_second = 1e9;
  system_.latency_seconds = 1e-3;
  make();
  transfers().read(1, 0, 16, 0);
  EXPECT_EQ(ends(), (Ends{{1, 20 * kMillisecond}}));
}

TEST_F(Files, OfTwoServersShareTheStorage) {
  system_.read_bytes_per_second = 10e9;
  make(2);
  transfers().read(1, 0, 16, 0);
  transfers().read(2, 1, 16, 0);
  EXPECT_EQ(ends(), (Ends{{1, 25'600'000}, {2, 25'600'000}}));
}

// Drives of 10 GB/s in each server: 12.8 ms, and the network is not touched.
TEST_F(Files, OnLocalDrivesShareNothingBetweenServers) {
  system_.local = true;
  system_.read_bytes_per_second = 10e9;
  make(2);
  transfers().read(1, 0, 16, 0);
  transfers().read(2, 1, 16, 0);
  EXPECT_EQ(ends(), (Ends{{1, 12'800'000}, {2, 12'800'000}}));
  EXPECT_EQ(transfers().links().size(), 4u);
}

TEST_F(Files, BeginWhenTheyAreReady) {
  make();
  transfers().read(1, 0, 16, 50 * kMillisecond);
  EXPECT_EQ(transfers().next(), 50 * kMillisecond);
  EXPECT_EQ(ends(), (Ends{{1, 62'800'000}}));
}

// 1 block = 2 files of 4 MB at 1000 operations/s: 2 ms, whatever the bandwidth; the network sees 8 MB only.
TEST_F(Files, AreNoFasterThanTheOperationsPerSecond) {
  system_.operations_per_second = 1000;
  make();
  transfers().write(1, 0, 1, 0, 0);
  EXPECT_EQ(ends(), (Ends{{1, 2 * kMillisecond}}));
  std::vector<double> bytes;
  transfers().carried(2 * kMillisecond, bytes);
  ASSERT_EQ(bytes.size(), 4u);
  EXPECT_EQ(transfers().links()[1].name, "scale write");
  EXPECT_EQ(bytes[1], 2 * 100e9 / 1000);
  EXPECT_EQ(transfers().links()[2].name, "server-0 out");
  EXPECT_EQ(bytes[2], 8e6);
}

// 10 deletes at 1000/s take 10 ms; 20 that come meanwhile go together, until 30 ms. A write of a block then
// still finds them: it needs 2 ms of operations and has half the drives: its 8 MB are there sooner.
TEST_F(Files, AreDeletedAtTheirShareOfOperations) {
  system_.operations_per_second = 1000;
  make();
  transfers().remove(0, 0, 10, 0);
  transfers().remove(0, 0, 15, kMillisecond);
  transfers().remove(0, 0, 5, 2 * kMillisecond);
  EXPECT_TRUE(transfers().idle());
  ends(9 * kMillisecond);
  EXPECT_EQ(transfers().traffic(0).operations, 0u);
  ends(10 * kMillisecond);
  EXPECT_EQ(transfers().traffic(0).operations, 10u);
  EXPECT_EQ(transfers().next(), 30 * kMillisecond);
  ends();
  EXPECT_EQ(transfers().traffic(0).operations, 30u);
  EXPECT_EQ(transfers().traffic(0).written_bytes, 0);
}

// 64 blocks (51.2 ms) hold all threads; the two that wait begin together and end together: 12.8 ms more.
TEST_F(Files, WrittenTogetherEndTogether) {
  make();
  transfers().write(1, 0, 64, 0, 0);
  transfers().write(3, 0, 12, 0, kMillisecond);
  transfers().write(2, 0, 4, 0, 2 * kMillisecond);
  EXPECT_EQ(ends(), (Ends{{1, 51'200'000}, {2, 64'000'000}, {3, 64'000'000}}));
}

TEST_F(Files, NeverLeaveTheReplicaThatHasNone) {
  tiers_.storage.reset();
  make();
  EXPECT_THROW(transfers().read(1, 0, 1, 0), Error);
}

// What was read and written is what the links carried, less what runs on.
TEST_F(Files, AreAllCarried) {
  system_.read_bytes_per_second = 15e9;
  make(3);
  RandomStream random(1, "files");
  Nanoseconds now = 0;
  for (JobId job = 1; job <= 300; ++job) {
    now += static_cast<Nanoseconds>(random.below(20'000'000));
    ends(now);
    const auto replica = static_cast<std::uint32_t>(random.below(3));
    if (random.below(2) == 0)
      transfers().read(job, replica, 1 + random.below(40), now);
    else
      ASSERT_TRUE(transfers().write(job, replica, 1 + random.below(20), now, now + kMillisecond));
  }
  EXPECT_EQ(ends().size(), 300u);
  EXPECT_TRUE(transfers().idle());
  std::vector<double> bytes;
  transfers().carried(now + 10 * kNanosecondsPerSecond, bytes);
  EXPECT_EQ(bytes[0], transfers().traffic(0).read_bytes);
  EXPECT_EQ(bytes[1], transfers().traffic(0).written_bytes);
  EXPECT_EQ(bytes[2] + bytes[4] + bytes[6], bytes[1]);  // out of the servers
  EXPECT_EQ(bytes[3] + bytes[5] + bytes[7], bytes[0]);
}

}  // namespace
}  // namespace kvsim::sim
