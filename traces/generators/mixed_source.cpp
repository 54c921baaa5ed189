// SPDX-License-Identifier: Apache-2.0
#include "traces/generators/mixed_source.h"

#include <algorithm>
#include <limits>

namespace kvsim::traces {

MixedSource::MixedSource(const MixSettings& settings, std::uint64_t seed, Notes notes)
    : description_(settings.description), max_requests_(settings.max_requests), notes_(std::move(notes)) {
  streams_.reserve(settings.streams.size());
  std::uint64_t sum = 0;
  for (const StreamSettings& stream : settings.streams) {
    streams_.emplace_back(stream, static_cast<std::uint32_t>(streams_.size()), seed, names_);
    duration_ = std::max(duration_, stream.duration);
    const std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    sum = stream.max_requests > most - sum ? most : sum + stream.max_requests;
  }
  max_requests_ = std::min(max_requests_, sum);
}

std::optional<Nanoseconds> MixedSource::next_arrival() {
  std::optional<Nanoseconds> earliest;
  if (taken_ >= max_requests_) return earliest;
  for (std::size_t i = 0; i < streams_.size(); ++i) {
    const std::optional<Nanoseconds> time = streams_[i].next_arrival();
    if (!time || (earliest && *time >= *earliest)) continue;
    earliest = time;
    next_stream_ = i;
  }
  return earliest;
}

Request MixedSource::take() {
  now_ = *next_arrival();
  const std::uint64_t id = taken_++;
  if (streams_[next_stream_].has_sessions()) stream_of_request_.emplace(id, next_stream_);
  return streams_[next_stream_].take(id);
}

void MixedSource::finished(const Finished& outcome) {
  if (stream_of_request_.empty()) return;
  const auto found = stream_of_request_.find(outcome.request_id);
  if (found == stream_of_request_.end()) return;
  streams_[found->second].finished(outcome);
  stream_of_request_.erase(found);
}

bool MixedSource::exhausted() {
  if (taken_ >= max_requests_) return true;
  return std::all_of(streams_.begin(), streams_.end(),
                     [](const StreamGenerator& s) { return s.exhausted(); });
}

std::optional<double> MixedSource::progress() {
  double share = -1;
  if (max_requests_ < std::numeric_limits<std::uint64_t>::max()) {
    share = static_cast<double>(taken_) / static_cast<double>(max_requests_);
  }
  if (duration_ < kNever) share = std::max(share, to_seconds(now_) / to_seconds(duration_));
  return share < 0 ? std::nullopt : std::optional(std::min(share, 1.0));
}

}  // namespace kvsim::traces
