// SPDX-License-Identifier: Apache-2.0
#include "traces/inference_perf/schedule.h"

#include <algorithm>

namespace kvsim::traces::inference_perf {

namespace {

// Appends `count` times in (start, start + length], the last at its end.
void place(std::uint64_t count, double start, double length, RandomStream& random,
           std::vector<double>& times) {
  const std::size_t first = times.size();
  double sum = 0;
  for (std::uint64_t i = 0; i < count; ++i) times.push_back(sum += random.exponential(1));
  const double scale = sum > 0 ? length / sum : 0;
  for (std::size_t i = first; i < times.size(); ++i) times[i] = start + times[i] * scale;
  if (count > 0) times.back() = start + length;
}

}  // namespace

std::vector<double> constant_schedule(std::uint64_t count, double duration_seconds, RandomStream& random) {
  std::vector<double> times;
  times.reserve(count);
  place(count, 0, duration_seconds, random, times);
  return times;
}

std::vector<double> poisson_schedule(std::uint64_t count, double rate, RandomStream& random) {
  std::vector<double> times;
  times.reserve(count);
  for (double second = 0; times.size() < count; ++second) {
    place(random.poisson(rate), second, 1, random, times);
  }
  times.resize(count);
  return times;
}

}  // namespace kvsim::traces::inference_perf
