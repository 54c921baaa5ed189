// SPDX-License-Identifier: Apache-2.0
#include "traces/profile/reuse_profile.h"

#include <algorithm>
#include <numeric>

#include "traces/blocks.h"

namespace kvsim::traces {

ReuseProfile::ReuseProfile(std::uint32_t block_tokens,
                           const std::vector<std::uint64_t>& lfu_capacities_tokens,
                           std::vector<double> retentions_seconds)
    : block_tokens_(block_tokens), lfu_hits_(lfu_capacities_tokens.size()) {
  for (const std::uint64_t tokens : lfu_capacities_tokens) lfu_.emplace_back(tokens / block_tokens);
  for (const double seconds : retentions_seconds) kept_.push_back({from_seconds(seconds)});
}

void ReuseProfile::add(const Request& request) {
  if (moments_.empty() || request.arrival >= moments_.back() + kNanosecondsPerSecond) {
    moments_.push_back(request.arrival);
    stack_.note_moment();
  }
  hashes_.clear();
  chained_blocks(request.prompt, block_tokens_, true, hashes_);
  for (const std::uint64_t hash : hashes_) {
    note(stack_.touch(hash, request.arrival));
    for (std::size_t i = 0; i < lfu_.size(); ++i) lfu_hits_[i] += lfu_[i].touch(hash) ? 1 : 0;
  }
  measure_kept(request.arrival);
}

void ReuseProfile::note(const LruStack::Touch& touch) {
  ++references_;
  if (touch.first) return;
  if (touch.distance >= at_distance_.size()) at_distance_.resize(2 * touch.distance + 1);
  ++at_distance_[touch.distance];
  for (Kept& kept : kept_) kept.hits += touch.since <= kept.retention ? 1 : 0;
}

void ReuseProfile::measure_kept(Nanoseconds now) {
  for (Kept& kept : kept_) {
    while (moments_[kept.oldest] < now - kept.retention) ++kept.oldest;
    kept.peak_blocks = std::max(kept.peak_blocks, stack_.blocks_since(kept.oldest));
  }
}

double ReuseProfile::ratio(std::uint64_t hits) const {
  return references_ == 0 ? 0 : static_cast<double>(hits) / static_cast<double>(references_);
}

double ReuseProfile::lru_hit_ratio(std::uint64_t capacity_tokens) const {
  const std::uint64_t blocks =
      std::min<std::uint64_t>(capacity_tokens / block_tokens_ + 1, at_distance_.size());
  const auto end = at_distance_.begin() + static_cast<std::ptrdiff_t>(blocks);
  return ratio(std::accumulate(at_distance_.begin(), end, std::uint64_t{0}));
}

std::vector<RetentionPoint> ReuseProfile::retention() const {
  std::vector<RetentionPoint> points;
  for (const Kept& kept : kept_)
    points.push_back({to_seconds(kept.retention), ratio(kept.hits), kept.peak_blocks});
  return points;
}

std::vector<std::uint64_t> round_capacities(std::uint64_t tokens) {
  std::vector<std::uint64_t> result;
  std::uint64_t decade = 10'000;
  while (true) {
    for (const std::uint64_t step : {1, 2, 5}) {
      result.push_back(step * decade);
      if (result.back() >= tokens) return result;
    }
    decade *= 10;
  }
}

}  // namespace kvsim::traces
