// SPDX-License-Identifier: Apache-2.0
#include "sim/metrics/availability.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace kvsim::sim {
namespace {

void add(AvailabilityPart& sum, const AvailabilityPart& part) {
  sum.replica_seconds += part.replica_seconds;
  sum.up_seconds += part.up_seconds;
  sum.outages += part.outages;
  sum.lost += part.lost;
  sum.retried += part.retried;
}

AvailabilityPart& named(std::vector<AvailabilityPart>& parts, const std::string& name) {
  const auto found = std::find_if(parts.begin(), parts.end(),
                                  [&](const AvailabilityPart& part) { return part.name == name; });
  if (found != parts.end()) return *found;
  parts.push_back({.name = name});
  return parts.back();
}

}  // namespace

double AvailabilityPart::up_fraction() const {
  return replica_seconds > 0 ? up_seconds / replica_seconds : std::numeric_limits<double>::quiet_NaN();
}

AvailabilityUse::AvailabilityUse(std::vector<std::uint32_t> pool_of_replica)
    : pool_of_replica_(std::move(pool_of_replica)),
      open_(pool_of_replica_.size(), -1),
      outages_(pool_of_replica_.size()),
      losses_(pool_of_replica_.size()) {}

void AvailabilityUse::on_replica(Nanoseconds time, std::uint32_t replica, ReplicaState state) {
  const bool serves = state == ReplicaState::kUp || state == ReplicaState::kDraining;
  if (state == ReplicaState::kDown) ++outages_[replica];
  std::int64_t& open = open_[replica];
  if (serves && open >= 0) downs_[static_cast<std::size_t>(std::exchange(open, -1))].to = time;
  if (serves || open >= 0) return;
  open = static_cast<std::int64_t>(downs_.size());
  downs_.push_back({replica, time, kNever});
}

void AvailabilityUse::on_lost(std::uint32_t replica, bool sent_again) {
  ++losses_[replica].lost;
  losses_[replica].retried += sent_again ? 1 : 0;
}

std::vector<Downtime> AvailabilityUse::downtimes(std::size_t pools, Nanoseconds begin,
                                                 Nanoseconds end) const {
  const double least_break = to_seconds(end - begin) / 500;
  std::vector<std::vector<Downtime>> by_pool(pools);
  for (const Down& down : downs_) {  // by `from`
    const std::uint32_t pool = pool_of_replica_[down.replica];
    std::vector<Downtime>& times = by_pool[pool];
    const Downtime time{pool, to_seconds(down.from), to_seconds(std::min(down.to, end))};
    if (down.from >= end || down.to <= begin) continue;
    if (times.empty() || time.from_seconds - times.back().to_seconds > least_break)
      times.push_back(time);
    else
      times.back().to_seconds = std::max(times.back().to_seconds, time.to_seconds);
  }
  std::vector<Downtime> all;
  for (const std::vector<Downtime>& times : by_pool) all.insert(all.end(), times.begin(), times.end());
  return all;
}

Availability AvailabilityUse::summary(const std::vector<PoolInfo>& pools, Nanoseconds begin,
                                      Nanoseconds end) const {
  Availability all;
  for (const PoolInfo& pool : pools)
    all.pools.push_back({.name = pool.name, .replica_seconds = pool.replicas * to_seconds(end - begin)});
  for (AvailabilityPart& pool : all.pools) pool.up_seconds = pool.replica_seconds;
  for (const Down& down : downs_) {
    const Nanoseconds length = std::min(down.to, end) - std::max(down.from, begin);
    if (length > 0) all.pools[pool_of_replica_[down.replica]].up_seconds -= to_seconds(length);
  }
  for (std::size_t replica = 0; replica < pool_of_replica_.size(); ++replica) {
    AvailabilityPart& pool = all.pools[pool_of_replica_[replica]];
    pool.outages += outages_[replica];
    pool.lost += losses_[replica].lost;
    pool.retried += losses_[replica].retried;
  }
  for (std::size_t i = 0; i < pools.size(); ++i) {
    add(named(all.sites, pools[i].site), all.pools[i]);
    add(all.fleet, all.pools[i]);
  }
  all.downtimes = downtimes(pools.size(), begin, end);
  return all;
}

}  // namespace kvsim::sim
