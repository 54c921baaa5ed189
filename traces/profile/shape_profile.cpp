// SPDX-License-Identifier: Apache-2.0
#include "traces/profile/shape_profile.h"

#include <algorithm>
#include <cmath>

namespace kvsim::traces {
namespace {

double real(std::uint64_t count) { return static_cast<double>(count); }

}  // namespace

std::uint32_t Lengths::ranked(std::uint64_t rank) const {
  std::uint64_t below = 0;
  for (const auto& [tokens, count] : count_of_) {
    below += count;
    if (rank < below) return tokens;
  }
  return count_of_.rbegin()->first;
}

double Lengths::quantile(double share, std::uint64_t count) const {
  const double place = share * real(count - 1);
  const auto rank = static_cast<std::uint64_t>(place);
  const double low = ranked(rank);
  return low + (place - real(rank)) * (ranked(std::min(rank + 1, count - 1)) - low);
}

LengthShape Lengths::shape() const {
  LengthShape shape;
  std::uint64_t count = 0;
  for (const auto& [tokens, times] : count_of_) {
    count += times;
    shape.total += tokens * times;
  }
  if (count == 0) return shape;
  shape.mean = real(shape.total) / real(count);
  shape.p50 = quantile(0.5, count);
  shape.p90 = quantile(0.9, count);
  shape.p95 = quantile(0.95, count);
  shape.p99 = quantile(0.99, count);
  shape.max = count_of_.rbegin()->first;
  return shape;
}

double ShapeProfile::Slots::dispersion() const {
  if (sum == 0) return 0;
  const double slots = static_cast<double>(slot);
  const double mean = real(sum) / slots;
  return (squares / slots - mean * mean) / mean;
}

void ShapeProfile::Slots::close(std::int64_t next) {
  peak = std::max(peak, in_slot);
  sum += in_slot;
  squares += real(in_slot) * real(in_slot);
  slot = next;
  in_slot = 0;
}

void ShapeProfile::Slots::add(Nanoseconds since_start) {
  if (since_start / width != slot) close(since_start / width);
  ++in_slot;
}

void ShapeProfile::add_gap(Nanoseconds gap) {
  const double seconds = to_seconds(gap);
  gap_squares_ += seconds * seconds;
  if (gap == 0) ++same_stamp_;
  if (gap > 0) smallest_gap_ = std::min(smallest_gap_, gap);
}

void ShapeProfile::add(const Request& request) {
  if (requests_ == 0) first_ = request.arrival;
  if (requests_ > 0) add_gap(request.arrival - last_);
  last_ = request.arrival;
  ++requests_;
  if (request.after != kNoRequest) ++later_turns_;
  if (request.session > 0) sessions_.at(request.session);
  second_.add(request.arrival - first_);
  minute_.add(request.arrival - first_);
  input_.add(request.input_tokens);
  output_.add(request.output_tokens);
}

ArrivalShape ShapeProfile::arrivals() const {
  ArrivalShape shape{requests_, sessions_.size(), later_turns_, to_seconds(last_ - first_)};
  shape.peak_second_per_second = real(std::max(second_.peak, second_.in_slot));
  shape.peak_minute_per_second = real(std::max(minute_.peak, minute_.in_slot)) / 60;
  shape.minute_dispersion = minute_.dispersion();
  if (smallest_gap_ != kNever) shape.smallest_gap_seconds = to_seconds(smallest_gap_);
  if (requests_ < 2 || shape.span_seconds <= 0) return shape;
  const double gaps = real(requests_ - 1);
  const double mean_gap = shape.span_seconds / gaps;
  shape.mean_per_second = 1 / mean_gap;
  shape.gap_variation = std::sqrt(std::max(0.0, gap_squares_ / gaps - mean_gap * mean_gap)) / mean_gap;
  shape.same_stamp_share = real(same_stamp_) / real(requests_);
  return shape;
}

}  // namespace kvsim::traces
