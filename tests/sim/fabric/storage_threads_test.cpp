// SPDX-License-Identifier: Apache-2.0
// Which jobs the threads of a replica let begin, and how long they last at least.
#include "sim/fabric/storage_threads.h"

#include <gtest/gtest.h>

namespace kvsim::sim {
namespace {

constexpr auto kRead = IoDirection::kRead;
constexpr auto kWrite = IoDirection::kWrite;
constexpr Nanoseconds kSecond = kNanosecondsPerSecond;

// 8 threads, 6 of which prefer reads; a file of 1 GB takes 1 s at 2 GB/s and half a second of latency.
KvTierSettings tiers() {
  KvTierSettings tiers;
  tiers.block_bytes = 2e9;
  tiers.ranks = 2;
  tiers.storage = StorageMountSettings{
      .threads = 8, .read_preferring = 0.75, .thread_bytes_per_second = 2e9, .queue_limit_seconds = 10};
  return tiers;
}

class Threads : public testing::Test {
 protected:
  void submit(IoDirection direction, JobId job, std::uint64_t files) {
    ASSERT_TRUE(threads_.submit(direction, files));
    threads_.ready(direction, {job, files});
  }
  IoBatch begin(Nanoseconds now = 0) {
    IoBatch batch;
    EXPECT_TRUE(threads_.begin(now, batch));
    return batch;
  }
  bool none_begins() {
    IoBatch batch;
    return !threads_.begin(0, batch);
  }
  std::vector<JobId> ids(const IoBatch& batch) {
    std::vector<JobId> ids;
    for (const IoJob& job : batch.jobs) ids.push_back(job.id);
    return ids;
  }

  StorageThreads threads_{tiers(), 0.5};
};

// ceil(20 / 8) = 3 turns of a second.
TEST_F(Threads, TakeTurns) {
  submit(kRead, 1, 20);
  const IoBatch batch = begin();
  EXPECT_EQ(batch.threads, 8u);
  EXPECT_EQ(batch.earliest_end, 3 * kSecond);
}

TEST_F(Threads, ReadSideBySideWhileSomeAreFree) {
  submit(kRead, 1, 3);
  submit(kRead, 2, 4);
  submit(kRead, 3, 4);
  submit(kRead, 4, 1);
  EXPECT_EQ(ids(begin()), std::vector<JobId>{1});
  EXPECT_EQ(ids(begin()), std::vector<JobId>{2});
  const IoBatch third = begin();  // a thread was free; 11 files are under way now
  EXPECT_EQ(ids(third), std::vector<JobId>{3});
  EXPECT_TRUE(none_begins());
  threads_.end(third, kSecond);
  EXPECT_EQ(ids(begin(kSecond)), std::vector<JobId>{4});
}

// The second of two reads of 7 files finds one thread free and shares them: 14 files on 8 threads, 1.75 s.
TEST_F(Threads, NeverMoveMoreThanTheirRate) {
  submit(kRead, 1, 7);
  submit(kRead, 2, 7);
  EXPECT_EQ(begin().earliest_end, kSecond);
  EXPECT_EQ(begin().earliest_end, 7 * kSecond / 4);
}

TEST_F(Threads, WriteTogetherWhatWaited) {
  submit(kWrite, 1, 8);
  const IoBatch first = begin();
  for (JobId job = 2; job <= 4; ++job) submit(kWrite, job, 8);
  EXPECT_TRUE(none_begins());
  threads_.end(first, kSecond);
  const IoBatch rest = begin(kSecond);
  EXPECT_EQ(ids(rest), (std::vector<JobId>{2, 3, 4}));
  EXPECT_EQ(rest.files, 24u);
  EXPECT_EQ(rest.earliest_end, 4 * kSecond);
}

// While both directions want them, 6 serve reads and 2 serve writes.
TEST_F(Threads, AreDividedBetweenReadsAndWrites) {
  submit(kWrite, 1, 6);
  submit(kRead, 2, 6);
  const IoBatch read = begin();
  EXPECT_EQ(read.direction, kRead);
  EXPECT_EQ(read.threads, 6u);
  EXPECT_EQ(read.earliest_end, kSecond);
  const IoBatch write = begin();
  EXPECT_EQ(write.direction, kWrite);
  EXPECT_EQ(write.threads, 2u);
  EXPECT_EQ(write.earliest_end, 3 * kSecond);
  submit(kRead, 3, 1);
  EXPECT_TRUE(none_begins());  // 6 files are under way
  threads_.end(write, 3 * kSecond);
  EXPECT_EQ(begin().threads, 8u);
}

TEST(ThreadsOfOneKind, LeaveTheOtherAtLeastOne) {
  for (const double share : {0.0, 1.0}) {
    KvTierSettings all = tiers();
    all.storage->read_preferring = share;
    StorageThreads threads(all, 0);
    for (const IoDirection direction : {kRead, kWrite}) {
      threads.submit(direction, 1);
      threads.ready(direction, {1, 1});
    }
    IoBatch read, write;
    ASSERT_TRUE(threads.begin(0, read));
    ASSERT_TRUE(threads.begin(0, write));
    EXPECT_EQ(read.threads, share == 0 ? 1u : 8u);
    EXPECT_EQ(write.threads, share == 0 ? 8u : 1u);
  }
}

// As one task: 5 files one after another on one thread; 9 jobs at once take two turns of 8 threads.
TEST(ThreadsWithOneTaskAJob, DoItsFilesOneAfterAnother) {
  KvTierSettings tiered = tiers();
  tiered.storage->job_is_one_task = true;
  StorageThreads threads(tiered, 0.5);
  IoBatch batch;
  threads.submit(kRead, 5);
  threads.ready(kRead, {1, 5});
  ASSERT_TRUE(threads.begin(0, batch));
  EXPECT_EQ(batch.earliest_end, 5 * kSecond);
  threads.end(batch, 5 * kSecond);
  for (JobId job = 0; job < 9; ++job) {
    threads.submit(kWrite, 2);
    threads.ready(kWrite, {job, 2});
  }
  ASSERT_TRUE(threads.begin(10 * kSecond, batch));
  EXPECT_EQ(batch.tasks, 9u);
  EXPECT_EQ(batch.earliest_end, 14 * kSecond);
}

TEST(ThreadsWithoutRate, AreBoundByLatencyOnly) {
  KvTierSettings free = tiers();
  free.storage->thread_bytes_per_second = 0;
  StorageThreads threads(free, 0.25);
  IoBatch batch;
  threads.submit(kRead, 17);
  threads.ready(kRead, {1, 17});
  ASSERT_TRUE(threads.begin(0, batch));
  EXPECT_EQ(batch.earliest_end, 3 * kSecond / 4);
}

// Before the first write ends nothing is dropped. It took 2 s a file, so 8 threads x 10 s / 2 s = 40 files
// may wait; 41 may not.
TEST_F(Threads, DropWritesThatWouldWaitTooLong) {
  submit(kWrite, 1, 8);
  const IoBatch first = begin();
  submit(kWrite, 2, 1000);
  threads_.end(first, 2 * kSecond);
  EXPECT_FALSE(threads_.submit(kWrite, 1));
  EXPECT_TRUE(threads_.submit(kRead, 1000));
  const IoBatch second = begin(2 * kSecond);
  EXPECT_EQ(second.files, 1000u);
  submit(kWrite, 3, 40);
  submit(kWrite, 4, 1);
  EXPECT_FALSE(threads_.submit(kWrite, 1));
}

// Mean of 8 files of 2 s and then 1 of 10 s: 0.95 x 2 + 0.05 x 10 = 2.4 s, so 80 / 2.4 = 33.3 files may wait.
TEST_F(Threads, RememberWriteTimesWithTheirWeight) {
  submit(kWrite, 1, 8);
  threads_.end(begin(), 2 * kSecond);
  submit(kWrite, 2, 1);
  threads_.end(begin(2 * kSecond), 12 * kSecond);
  EXPECT_TRUE(threads_.submit(kWrite, 33));
  EXPECT_TRUE(threads_.submit(kWrite, 1));
  EXPECT_FALSE(threads_.submit(kWrite, 1));
}

}  // namespace
}  // namespace kvsim::sim
