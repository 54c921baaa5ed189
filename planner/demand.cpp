// SPDX-License-Identifier: Apache-2.0
#include "planner/demand.h"

#include <algorithm>
#include <cmath>

#include "base/errors.h"
#include "base/progress.h"
#include "traces/open_source.h"
#include "traces/profile/engine_reuse.h"

namespace kvsim::planner {
namespace {

constexpr std::uint32_t kSmallestBlockTokens = 16;

Work work_of(const traces::Request& request, double hit_tokens) {
  const double input = request.input_tokens;
  const double decodes = request.output_tokens - 1.0;
  Work work;
  work.prefill_tokens = input - hit_tokens;
  work.prefill_pairs = work.prefill_tokens * (hit_tokens + (work.prefill_tokens + 1) / 2);
  work.decode_tokens = decodes;
  work.decode_context_tokens = decodes * (input + (decodes + 1) / 2);
  return work;
}

void add(KindDemand& kind, const traces::Request& request, const Work& work) {
  ++kind.requests;
  kind.input_tokens += request.input_tokens;
  kind.output_tokens += request.output_tokens;
  kind.longest_input_tokens = std::max<double>(kind.longest_input_tokens, request.input_tokens);
  kind.longest_output_tokens = std::max<double>(kind.longest_output_tokens, request.output_tokens);
  kind.arrivals.push_back(request.arrival);
  kind.parts.resize(kWorkParts);
  for (std::size_t i = 0; i < kWorkParts; ++i) kind.parts[i].push_back(static_cast<float>(part(work, i)));
}

Work from_parts(const std::vector<double>& parts) { return {parts[0], parts[1], parts[2], parts[3]}; }

double sum_of_first(const std::vector<float>& sorted, std::size_t count) {
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += sorted[i];
  return sum;
}

void finish(KindDemand& kind) {
  const double requests = static_cast<double>(kind.requests);
  kind.input_tokens /= requests;
  kind.output_tokens /= requests;
  std::vector<double> means;
  for (std::vector<float>& values : kind.parts) {
    std::sort(values.begin(), values.end());
    means.push_back(sum_of_first(values, values.size()) / requests);
  }
  kind.mean = from_parts(means);
}

class Reading {
 public:
  explicit Reading(const Problem& problem)
      : source_(traces::open_source(problem.workload.trace, reading_of(problem, problem.search.seed))) {}

  // Each request answered the moment it arrives: the timing of a closed loop under a server that takes no
  // time.
  Demand answered() {
    while (source_->next_arrival()) source_->finished({take().id, last_, traces::Outcome::kCompleted});
    return finished();
  }
  // No request is answered: what waits for an answer does not come. Those before `end`.
  Demand unanswered(Nanoseconds end) {
    while (source_->next_arrival().value_or(end) < end) take();
    return finished();
  }
  bool none_waits() const { return source_->exhausted(); }

 private:
  traces::Request take() {
    if (demand_.requests++ % 4096 == 0) throw_if_interrupted();
    traces::Request request = source_->take();
    const std::uint64_t before = reuse_.hit_tokens();
    reuse_.add(request);
    const double hits = static_cast<double>(reuse_.hit_tokens() - before);
    add(demand_.kinds[kind_of(request, source_->names())], request, work_of(request, hits));
    first_ = std::min(first_, request.arrival);
    last_ = std::max(last_, request.arrival);
    return request;
  }
  Demand finished() {
    if (demand_.requests == 0) return demand_;
    demand_.first_arrival_seconds = to_seconds(first_);
    demand_.span_seconds = to_seconds(last_ - first_);
    demand_.last_independent_seconds = to_seconds(last_);
    for (auto& [kind, sums] : demand_.kinds) finish(sums);
    return std::move(demand_);
  }

  std::unique_ptr<traces::Source> source_;
  traces::EngineReuse reuse_{kSmallestBlockTokens};
  Demand demand_;
  Nanoseconds first_ = kNever, last_ = 0;
};

// Of what comes whatever is answered, in place of all.
void keep_independent(const Demand& independent, Demand& demand) {
  demand.last_independent_seconds =
      std::max(demand.first_arrival_seconds, independent.last_independent_seconds);
  for (auto& [name, kind] : demand.kinds) {
    const auto found = independent.kinds.find(name);
    const bool none = found == independent.kinds.end();
    kind.arrivals = none ? std::vector<Nanoseconds>{} : found->second.arrivals;
    kind.parts = none ? std::vector<std::vector<float>>(kWorkParts) : found->second.parts;
  }
}

[[noreturn]] void refuse(const Problem& problem, const std::string& message, const std::string& remedy) {
  throw InputError({{{problem.workload.trace}, "workload", message, remedy}});
}

}  // namespace

double part(const Work& work, std::size_t index) {
  const double parts[] = {work.prefill_tokens, work.prefill_pairs, work.decode_tokens,
                          work.decode_context_tokens};
  return parts[index];
}

double KindDemand::arriving_after(double seconds) const {
  return static_cast<double>(std::count_if(arrivals.begin(), arrivals.end(), [seconds](Nanoseconds arrival) {
    return to_seconds(arrival) > seconds;
  }));
}

Work KindDemand::least(double count) const {
  std::vector<double> sums;
  for (const std::vector<float>& values : parts)
    sums.push_back(sum_of_first(values, static_cast<std::size_t>(std::max(0.0, count))));
  return from_parts(sums);
}

double Demand::rate(const KindDemand& kind) const {
  return static_cast<double>(kind.requests) / span_seconds;
}

traces::TraceOptions reading_of(const Problem& problem, std::uint64_t seed) {
  traces::TraceOptions reading = problem.workload.reading;
  reading.rate_scale *= problem.workload.rate_factor();
  reading.seed = seed;
  return reading;
}

// Where requests wait for answers, those that do not are read once more: before the last arrival that there
// can be at the earliest, each of them comes to every fleet.
Demand demand_of(const Problem& problem) {
  Reading open(problem);
  Demand demand = open.unanswered(kNever);
  if (!open.none_waits()) {
    demand = Reading(problem).answered();
    const double end = demand.first_arrival_seconds + demand.span_seconds;
    keep_independent(Reading(problem).unanswered(from_seconds(end)), demand);
  }
  if (demand.requests == 0) refuse(problem, "found no request", "give a workload with requests");
  if (demand.span_seconds <= 0)
    refuse(problem, "all requests come at one moment", "give a workload that lasts a while");
  return demand;
}

const Demand& Demands::of(const Problem& problem) {
  const std::string& trace = problem.workload.trace;
  const std::uint64_t seed = problem.search.seed;
  const std::string key =
      trace + ' ' + traces::source_digest(trace, reading_of(problem, seed), 0) + std::to_string(seed);
  const auto known = known_.find(key);
  return known != known_.end() ? known->second : known_.emplace(key, demand_of(problem)).first->second;
}

}  // namespace kvsim::planner
