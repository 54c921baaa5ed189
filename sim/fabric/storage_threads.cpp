// SPDX-License-Identifier: Apache-2.0
#include "sim/fabric/storage_threads.h"

#include <algorithm>
#include <cmath>

#include "sim/fabric/durations.h"

namespace kvsim::sim {
namespace {

constexpr double kWriteTimeWeight = 0.05;

double power(double base, std::uint64_t exponent) {
  double result = 1;
  for (; exponent > 0; exponent /= 2, base *= base)
    if (exponent % 2 == 1) result *= base;
  return result;
}

std::uint64_t rounds(std::uint64_t tasks, std::uint64_t threads) {
  return tasks / threads + (tasks % threads > 0 ? 1 : 0);
}

double seconds_of_file(const KvTierSettings& tiers, double latency_seconds) {
  const double rate = tiers.storage->thread_bytes_per_second;
  return latency_seconds + (rate > 0 ? tiers.block_bytes / tiers.ranks / rate : 0);
}

}  // namespace

StorageThreads::StorageThreads(const KvTierSettings& tiers, double latency_seconds)
    : threads_(tiers.storage->threads),
      read_share_(
          static_cast<std::uint64_t>(std::ceil(tiers.storage->threads * tiers.storage->read_preferring))),
      file_seconds_(seconds_of_file(tiers, latency_seconds)),
      queue_limit_seconds_(tiers.storage->queue_limit_seconds),
      job_is_one_task_(tiers.storage->job_is_one_task) {}

bool StorageThreads::submit(IoDirection direction, std::uint64_t files) {
  const bool is_dropped =
      direction == IoDirection::kWrite && static_cast<double>(writes_.submitted) * write_seconds_ >
                                              static_cast<double>(threads_) * queue_limit_seconds_;
  if (!is_dropped) side(direction).submitted += files;
  return !is_dropped;
}

void StorageThreads::ready(IoDirection direction, IoJob job) { side(direction).waiting.push_back(job); }

std::uint64_t StorageThreads::open_threads(IoDirection direction) const {
  const bool is_read = direction == IoDirection::kRead;
  if ((is_read ? writes_ : reads_).is_idle()) return threads_;
  return std::max<std::uint64_t>(is_read ? read_share_ : threads_ - read_share_, 1);
}

bool StorageThreads::begin(Nanoseconds now, IoBatch& batch) {
  return begin(IoDirection::kRead, now, batch) || begin(IoDirection::kWrite, now, batch);
}

bool StorageThreads::begin(IoDirection direction, Nanoseconds now, IoBatch& batch) {
  Side& own = side(direction);
  const std::uint64_t threads = open_threads(direction);
  if (own.waiting.empty() || own.tasks >= threads) return false;
  batch = IoBatch{};
  batch.direction = direction;
  batch.threads = threads;
  batch.begin = now;
  do {
    add(own.waiting.front(), batch);
    own.waiting.pop_front();
  } while (direction == IoDirection::kWrite && !own.waiting.empty());
  own.submitted -= batch.files;
  own.tasks += batch.tasks;
  set_earliest_end(batch, own);
  return true;
}

void StorageThreads::add(const IoJob& job, IoBatch& batch) const {
  batch.jobs.push_back(job);
  batch.files += job.files;
  batch.tasks += job_is_one_task_ ? 1 : job.files;
  batch.longest =
      std::max(batch.longest, job_is_one_task_ ? job.files : std::min<std::uint64_t>(job.files, 1));
}

void StorageThreads::set_earliest_end(IoBatch& batch, Side& side) const {
  const double work = static_cast<double>(batch.files) * file_seconds_;
  const auto turns = static_cast<double>(rounds(batch.tasks, batch.threads));
  const double mean_task = batch.tasks > 0 ? work / static_cast<double>(batch.tasks) : 0;
  side.clock = later(std::max(side.clock, batch.begin), work / static_cast<double>(batch.threads));
  const double lasts = std::max(static_cast<double>(batch.longest) * file_seconds_, turns * mean_task);
  batch.earliest_end = std::max(later(batch.begin, lasts), side.clock);
}

void StorageThreads::end(const IoBatch& batch, Nanoseconds now) {
  side(batch.direction).tasks -= batch.tasks;
  if (batch.direction == IoDirection::kWrite && batch.files > 0) note_write_time(batch, now);
}

// A thread wrote rounds x files of a task, one after another. Each file counts with its weight.
void StorageThreads::note_write_time(const IoBatch& batch, Nanoseconds now) {
  const double files_of_thread = static_cast<double>(rounds(batch.tasks, batch.threads)) *
                                 static_cast<double>(batch.files) / static_cast<double>(batch.tasks);
  const double file_seconds = to_seconds(now - batch.begin) / files_of_thread;
  const double kept = write_seconds_ > 0 ? power(1 - kWriteTimeWeight, batch.files) : 0;
  write_seconds_ = kept * write_seconds_ + (1 - kept) * file_seconds;
}

}  // namespace kvsim::sim
