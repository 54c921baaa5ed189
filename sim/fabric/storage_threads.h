// SPDX-License-Identifier: Apache-2.0
// The threads with which one replica reads and writes the files of a storage system: which jobs may begin,
// and how long they last at least. Every rank has the same threads and the same share of each job, so one
// rank stands for all. A task is one thread's work: a file, or with `job_is_one_task` all files of a job.
//
//   open to reads    all T threads while no write is under way or waiting, else ceil(T read_preferring)
//   open to writes   all T threads while no read is under way or waiting, else the rest; either at least 1
//   a job begins     in order of its direction, when fewer tasks of that direction are under way than threads
//                    are open to it. Writes that can begin begin together, as one batch
//   a batch lasts    at least max(longest task, ceil(tasks / open) mean task), and not less than the threads
//                    need for it after the batches before it: their clock moves on by tasks / open mean task.
//                    So a replica never moves more than threads x rate, without a link of its own
//   a task lasts     files (latency + file / thread rate)
//   writes dropped   when more files wait than T limit / mean, where `mean` is the exponential mean (weight
//                    0.05 a file) of the time of a file's write; none before the first write has ended
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "base/time.h"
#include "sim/fabric/transfers.h"

namespace kvsim::sim {

enum class IoDirection { kRead, kWrite };

struct IoJob {
  JobId id = 0;
  std::uint64_t files = 0;  // of one rank
};

// Jobs that move as one flow.
struct IoBatch {
  IoDirection direction = IoDirection::kRead;
  std::vector<IoJob> jobs;
  std::uint64_t files = 0;    // of one rank
  std::uint64_t tasks = 0;    // of one rank
  std::uint64_t longest = 0;  // files of its longest task
  std::uint64_t threads = 1;  // open to it
  Nanoseconds begin = 0;
  Nanoseconds earliest_end = 0;
};

class StorageThreads {
 public:
  // latency_seconds: of one file operation of the storage system.
  StorageThreads(const KvTierSettings& tiers, double latency_seconds);

  // A job that is submitted is ready() later; false, and nothing is noted: the write is dropped.
  bool submit(IoDirection direction, std::uint64_t files);
  void ready(IoDirection direction, IoJob job);
  // Whether a batch can begin now, reads before writes; if so, takes it.
  bool begin(Nanoseconds now, IoBatch& batch);
  void end(const IoBatch& batch, Nanoseconds now);

 private:
  struct Side {
    std::deque<IoJob> waiting;
    std::uint64_t tasks = 0;      // under way
    std::uint64_t submitted = 0;  // files that have not begun
    Nanoseconds clock = 0;        // when the threads would have done all that has begun
    bool is_idle() const { return waiting.empty() && tasks == 0; }
  };

  Side& side(IoDirection direction) { return direction == IoDirection::kRead ? reads_ : writes_; }
  std::uint64_t open_threads(IoDirection direction) const;
  bool begin(IoDirection direction, Nanoseconds now, IoBatch& batch);
  void add(const IoJob& job, IoBatch& batch) const;
  void set_earliest_end(IoBatch& batch, Side& side) const;
  void note_write_time(const IoBatch& batch, Nanoseconds now);

  std::uint64_t threads_;
  std::uint64_t read_share_;  // threads that prefer reads
  double file_seconds_;
  double queue_limit_seconds_;
  bool job_is_one_task_;
  double write_seconds_ = 0;  // exponential mean of a file's write; 0: none yet
  Side reads_, writes_;
};

}  // namespace kvsim::sim
