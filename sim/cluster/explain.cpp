// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/explain.h"

#include <algorithm>

namespace kvsim::sim {
namespace {

RoutingRecord::Candidate candidate_of(EndpointId id, const RouteRequest& request, const RouterView& view,
                                      const std::vector<Endpoint>& endpoints, const InFlight& in_flight) {
  RoutingRecord::Candidate candidate;
  candidate.replica = endpoints[id].replica;
  candidate.seen_waiting = view.signals.waiting()[id];
  candidate.seen_running = view.signals.running()[id];
  candidate.seen_kv_usage = view.signals.kv_usage()[id];
  candidate.age_seconds = to_seconds(view.signals.age(id, view.now));
  candidate.in_flight = in_flight.requests(id);
  const Gauges gauges = view.truth.gauges(id);
  candidate.waiting = gauges.waiting;
  candidate.running = gauges.running;
  candidate.kv_usage = gauges.kv_usage;
  candidate.cached_tokens = view.truth.cached_tokens(id, request);
  candidate.ttft_seconds = view.truth.ttft_seconds(id, request);
  candidate.prefills = endpoints[id].role != PoolRole::kDecode;
  return candidate;
}

RoutingRecord::Profile profile_of(const Explanation::Profile& given, const std::vector<Endpoint>& endpoints) {
  RoutingRecord::Profile profile;
  profile.name = given.name;
  for (const EndpointId id : given.candidates) profile.replicas.push_back(endpoints[id].replica);
  profile.columns = given.columns;
  profile.totals = given.totals;
  profile.pick = endpoints[given.pick].replica;
  return profile;
}

const RoutingRecord::Candidate* of_replica(const RoutingRecord& record, std::uint32_t replica) {
  const auto found = std::find_if(record.candidates.begin(), record.candidates.end(),
                                  [&](const auto& candidate) { return candidate.replica == replica; });
  return found == record.candidates.end() ? nullptr : &*found;
}

void judge(RoutingRecord& record) {
  const RoutingRecord::Candidate* picked = of_replica(record, record.prefill.value_or(*record.pick));
  if (picked == nullptr) return;
  const RoutingRecord::Candidate* best = picked;
  for (const RoutingRecord::Candidate& candidate : record.candidates)
    if (candidate.prefills == picked->prefills && candidate.ttft_seconds < best->ttft_seconds)
      best = &candidate;
  record.oracle = best->replica;
  record.regret_seconds = picked->ttft_seconds - best->ttft_seconds;
}

}  // namespace

RoutingRecord begin_record(const RouteRequest& request, const RouterView& view,
                           const std::vector<Endpoint>& endpoints, const InFlight& in_flight) {
  RoutingRecord record;
  record.request = request.id;
  record.time = view.now;
  for (const EndpointId id : *request.candidates)
    record.candidates.push_back(candidate_of(id, request, view, endpoints, in_flight));
  return record;
}

void finish_record(RoutingRecord& record, const Explanation& explanation, const Decision& decision,
                   const std::vector<Endpoint>& endpoints) {
  record.filters = explanation.filters;
  for (const Explanation::Profile& profile : explanation.profiles)
    record.profiles.push_back(profile_of(profile, endpoints));
  record.predicted_hit_tokens = decision.predicted_hit_tokens;
  if (decision.refusal != Refusal::kNone) return;
  record.pick = endpoints[decision.ticket.decode].replica;
  if (decision.ticket.prefill) record.prefill = endpoints[*decision.ticket.prefill].replica;
  judge(record);
}

}  // namespace kvsim::sim
