// SPDX-License-Identifier: Apache-2.0
#include "sim/replica/pull_connector.h"

#include <algorithm>
#include <utility>

namespace kvsim::sim {

void PullConnector::begin(Sequence& sequence, std::uint64_t tokens, Nanoseconds now) {
  sequence.remote->state = RemoteKv::State::kPulling;
  sequence.remote->pulled_tokens = static_cast<std::uint32_t>(tokens);
  sequence.remote->begun = now;
  pending_.push_back(&sequence);
}

void PullConnector::submit(Nanoseconds ready) {
  for (Sequence* sequence : std::exchange(pending_, {})) {
    const std::uint32_t from = sequence->remote->from;
    const double before =
        context_.start_seconds + (known_.insert(from).second ? context_.handshake_seconds : 0);
    const JobId job = context_.ids->next(context_.replica);
    jobs_.emplace(job, sequence);
    context_.transfers->pull({job, from, context_.replica, bytes_of(*sequence)},
                             ready + from_seconds(before));
  }
}

Sequence* PullConnector::end(JobId job) {
  const auto node = jobs_.extract(job);
  if (node.empty()) return nullptr;
  Sequence* sequence = node.mapped();
  sequence->remote->state = RemoteKv::State::kPulled;
  ++pulls_;
  pulled_bytes_ += bytes_of(*sequence);
  return sequence;
}

std::vector<JobId> PullConnector::under_way() const {
  std::vector<JobId> jobs;
  for (const auto& [id, sequence] : jobs_) jobs.push_back(id);
  std::sort(jobs.begin(), jobs.end());
  return jobs;
}

double PullConnector::bytes_of(const Sequence& sequence) const {
  return context_.bytes_per_token * sequence.remote->pulled_tokens;
}

}  // namespace kvsim::sim
