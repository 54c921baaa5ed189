// SPDX-License-Identifier: Apache-2.0
#include "sim/fabric/pulls.h"

#include <algorithm>

#include "sim/fabric/durations.h"

namespace kvsim::sim {

Pulls::Pulls(Flows& flows, const std::vector<ReplicaTransfers>& replicas) : flows_(flows) {
  for (const ReplicaTransfers& replica : replicas) {
    server_.push_back(replica.server);
    local_rate_.push_back(replica.local_bytes_per_second);
  }
}

void Pulls::submit(const Pull& pull, Nanoseconds ready) {
  under_way_[++last_number_] = pull;
  timers_.put(ready + 1, {Due::What::kReady, last_number_});
}

void Pulls::step(Nanoseconds now, const std::vector<FlowId>& flows, std::vector<JobId>& ended) {
  for (const FlowId flow : flows) finish(Flows::number_of(flow), ended);
  while (timers_.is_due(now)) {
    const Due due = timers_.take();
    due.what == Due::What::kEnd ? finish(due.number, ended) : begin(due.number, now);
  }
}

void Pulls::begin(std::uint64_t number, Nanoseconds now) {
  const Pull& pull = under_way_.at(number);
  if (server_.at(pull.from) != server_.at(pull.to))
    return flows_.start(now, Flows::Kind::kPull, number, flows_.topology().between(pull.from, pull.to),
                        pull.bytes);
  const double rate = std::min(local_rate_[pull.from], local_rate_[pull.to]);
  timers_.put(rate > 0 ? later(now, pull.bytes / rate) : now, {Due::What::kEnd, number});
}

void Pulls::finish(std::uint64_t number, std::vector<JobId>& ended) {
  const auto place = under_way_.find(number);
  ended.push_back(place->second.job);
  under_way_.erase(place);
}

}  // namespace kvsim::sim
