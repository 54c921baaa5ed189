// SPDX-License-Identifier: Apache-2.0
#include "sim/metrics/routing_use.h"

#include <algorithm>
#include <utility>

namespace kvsim::sim {
namespace {

// Largest over mean of the values whose replica is in the pool.
template <class T>
double imbalance_of(const std::vector<T>& values, const std::vector<std::uint32_t>& pools,
                    std::uint32_t pool) {
  double sum = 0, most = 0, count = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (pools[i] != pool) continue;
    const double value = static_cast<double>(values[i]);
    sum += value;
    most = std::max(most, value);
    ++count;
  }
  return sum > 0 ? most * count / sum : kNotANumber;
}

}  // namespace

RoutingUse::RoutingUse(std::vector<std::uint32_t> pool_of_replica)
    : pool_of_replica_(std::move(pool_of_replica)),
      requests_(pool_of_replica_.size()),
      prompt_tokens_(pool_of_replica_.size()),
      busy_(pool_of_replica_.size()) {}

void RoutingUse::on_finished(const RequestRecord& record) {
  const Nanoseconds came = record.resent == kNever ? record.arrival : record.resent;
  if (record.routed > came && record.routed != kNever)
    router_seconds_.push_back(static_cast<double>(record.routed - came));
  if (record.status != RequestStatus::kCompleted) return;
  ++requests_[record.replica];
  prompt_tokens_[record.prefill_replica.value_or(record.replica)] += record.input_tokens;
  const std::uint64_t predicted = record.predicted_hit_tokens;
  const std::uint64_t hit = std::uint64_t{record.hit_tokens} + record.host_hit_tokens;
  totals_.prompt_tokens += record.input_tokens;
  totals_.predicted_hit_tokens += predicted;
  totals_.hit_tokens += hit;
  totals_.falsely_predicted_tokens += predicted - std::min(predicted, hit);
  totals_.missed_tokens += hit - std::min(predicted, hit);
}

void RoutingUse::on_routed(const RoutingRecord& record) {
  if (!record.pick) return;
  ++totals_.explained;
  totals_.as_the_oracle += record.regret_seconds <= 0;
  regret_seconds_.push_back(record.regret_seconds);
  if (!record.sees_gauges) return;
  for (const RoutingRecord::Candidate& candidate : record.candidates)
    if (candidate.replica == *record.pick) age_seconds_.push_back(candidate.age_seconds);
}

Nanoseconds RoutingUse::busy(std::uint32_t pool) const {
  Nanoseconds sum = 0;
  for (std::size_t i = 0; i < busy_.size(); ++i)
    if (pool_of_replica_[i] == pool) sum += busy_[i];
  return sum;
}

LoadImbalance RoutingUse::imbalance(std::uint32_t pool) const {
  return {imbalance_of(requests_, pool_of_replica_, pool),
          imbalance_of(prompt_tokens_, pool_of_replica_, pool), imbalance_of(busy_, pool_of_replica_, pool)};
}

RoutingSummary RoutingUse::summary(std::size_t pools) const {
  RoutingSummary summary = totals_;
  std::vector<double> router = router_seconds_, regret = regret_seconds_, age = age_seconds_;
  summary.router_seconds = distribution(router, kNanosecondsPerSecond);
  summary.regret_seconds = distribution(regret, 1);
  summary.age_seconds = distribution(age, 1);
  for (std::uint32_t pool = 0; pool < pools; ++pool) summary.pools.push_back(imbalance(pool));
  return summary;
}

}  // namespace kvsim::sim
