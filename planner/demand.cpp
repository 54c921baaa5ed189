// SPDX-License-Identifier: Apache-2.0
#include "planner/demand.h"

#include <algorithm>
#include <cmath>

#include "base/errors.h"
#include "traces/offer_all.h"
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
  kind.longest_output_tokens = std::max<double>(kind.longest_output_tokens, request.output_tokens);
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

[[noreturn]] void refuse(const Problem& problem, const std::string& message, const std::string& remedy) {
  throw InputError({{{problem.workload.trace}, "workload", message, remedy}});
}

}  // namespace

double part(const Work& work, std::size_t index) {
  const double parts[] = {work.prefill_tokens, work.prefill_pairs, work.decode_tokens,
                          work.decode_context_tokens};
  return parts[index];
}

Work KindDemand::least(double attainment) const {
  const double count = std::ceil(attainment * static_cast<double>(requests) - 1e-9);
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

Demand demand_of(const Problem& problem) {
  const auto source = traces::open_source(problem.workload.trace, reading_of(problem, problem.search.seed));
  traces::EngineReuse reuse(kSmallestBlockTokens);
  Demand demand;
  Nanoseconds first = kNever, last = 0;
  traces::offer_all(*source, [&](const traces::Request& request) {
    const std::uint64_t before = reuse.hit_tokens();
    reuse.add(request);
    const double hits = static_cast<double>(reuse.hit_tokens() - before);
    add(demand.kinds[kind_of(request, source->names())], request, work_of(request, hits));
    first = std::min(first, request.arrival);
    last = std::max(last, request.arrival);
    ++demand.requests;
  });
  if (demand.requests == 0) refuse(problem, "found no request", "give a workload with requests");
  demand.span_seconds = to_seconds(last - first);
  if (demand.span_seconds <= 0)
    refuse(problem, "all requests come at one moment", "give a workload that lasts a while");
  for (auto& [kind, sums] : demand.kinds) finish(sums);
  return demand;
}

}  // namespace kvsim::planner
