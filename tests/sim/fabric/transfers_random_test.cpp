// SPDX-License-Identifier: Apache-2.0
// Properties of any mix of copies, files, deletes and waits; and input that Transfers refuses.
#include <gmock/gmock.h>

#include <algorithm>
#include <limits>
#include <map>

#include "base/errors.h"
#include "base/random.h"
#include "tests/random_cases.h"
#include "tests/sim/fabric/transfers_fixture.h"

namespace kvsim::sim {
namespace {

using testing::Contains;
using testing::HasSubstr;

class RandomTransfers : public TransfersTest {
 protected:
  void make_random(int seed) {
    RandomStream random(seed, "settings");
    tiers_.storage->threads = static_cast<std::uint32_t>(1 + random.below(16));
    tiers_.storage->read_preferring = random.uniform();
    tiers_.storage->thread_bytes_per_second = random.below(2) == 0 ? 0 : 1e9;
    tiers_.storage->queue_limit_seconds = 0.05 + random.uniform();
    tiers_.storage->job_is_one_task = random.below(2) == 0;
    system_.latency_seconds = 1e-3 * random.uniform();
    system_.local = random.below(3) == 0;
    system_.operations_per_second = random.below(2) == 0 ? 0 : 5000;
    system_.read_bytes_per_second = 1e9 * static_cast<double>(5 + random.below(30));
    make(3);
  }

  // Submits job after job; remembers what is to come back, and not before when.
  void submit_random(int seed) {
    RandomStream random(seed, "jobs");
    for (JobId job = 1; job <= 200; ++job) {
      now_ += static_cast<Nanoseconds>(random.below(10'000'000));
      ends(now_);
      const auto replica = static_cast<std::uint32_t>(random.below(3));
      const Nanoseconds ready = now_ + static_cast<Nanoseconds>(random.below(5'000'000));
      if (submit(random.below(5), job, replica, random.below(30), ready)) ready_[job] = ready;
    }
  }

  bool submit(std::uint64_t what, JobId job, std::uint32_t replica, std::uint64_t blocks, Nanoseconds ready) {
    if (what == 0) return transfers().write(job, replica, blocks, now_, ready);
    if (what == 1) transfers().read(job, replica, blocks, ready);
    if (what == 2) transfers().copy(job, replica, CopyDirection::kToGpu, blocks, ready);
    if (what == 3) transfers().wait(job, ready);
    if (what == 4) transfers().remove(0, replica, blocks, now_);
    return what != 4;
  }

  void SetUp() override {
    if (!has_simgrid()) GTEST_SKIP() << "a build without SimGrid";
  }

  Nanoseconds now_ = 0;
  std::map<JobId, Nanoseconds> ready_;
};

TEST_F(RandomTransfers, EachJobComesBackOnceAndTheSameWayAgain) {
  for (int seed = 0; seed < random_cases(60); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Ends runs[2];
    for (Ends& run : runs) {
      now_ = 0;
      ready_.clear();
      make_random(seed);
      submit_random(seed);
      run = ends();
      EXPECT_TRUE(transfers().idle());
    }
    ASSERT_EQ(runs[0], runs[1]);
    ASSERT_EQ(runs[0].size(), ready_.size());
    const auto by_time = [](const auto& a, const auto& b) {
      return std::pair(a.second, a.first) < std::pair(b.second, b.first);
    };
    ASSERT_TRUE(std::is_sorted(runs[0].begin(), runs[0].end(), by_time));
    for (const auto& [job, time] : runs[0]) {
      ASSERT_EQ(ready_.count(job), 1u) << "job " << job << " came back twice or was dropped";
      ASSERT_GE(time, ready_[job]);
      ready_.erase(job);
    }
  }
}

class TransferFaults : public TransfersTest {
 protected:
  std::string refusal() {
    try {
      make();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::kBadInput);
      return error.what();
    }
    return "";
  }
};

TEST_F(TransferFaults, AreNoneInSoundSettings) { EXPECT_EQ(refusal(), ""); }

TEST_F(TransferFaults, AreAllNamed) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  tiers_.block_bytes = nan;
  tiers_.ranks = 0;
  tiers_.copy_bytes = -1;
  tiers_.to_gpu.bytes_per_second = 0;
  tiers_.storage->threads = 0;
  tiers_.storage->read_preferring = 1.5;
  tiers_.storage->thread_bytes_per_second = std::numeric_limits<double>::infinity();
  tiers_.storage->queue_limit_seconds = nan;
  tiers_.storage->system = 3;
  system_.operations_per_second = -5;
  system_.latency_seconds = nan;
  system_.read_bytes_per_second = nan;
  const std::string told = refusal();
  for (const char* name : {"block_bytes", "ranks", "copy_bytes", "bytes_per_second of copies", "threads is 0",
                           "read_preferring", "thread_bytes_per_second", "queue_limit_seconds", "storage 3",
                           "operations_per_second", "latency_seconds", "reading from storage scale"})
    EXPECT_THAT(told, HasSubstr(name));
}

TEST_F(TransferFaults, DoNotConcernReplicasWithoutTiers) {
  tiers_ = KvTierSettings{};
  EXPECT_EQ(refusal(), "");
}

}  // namespace
}  // namespace kvsim::sim
