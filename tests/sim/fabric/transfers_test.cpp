// SPDX-License-Identifier: Apache-2.0
// Copies and files by hand: when each job comes back.
#include <gtest/gtest.h>

#include "base/errors.h"
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

}  // namespace
}  // namespace kvsim::sim
