// SPDX-License-Identifier: Apache-2.0
#include "validation/measurements/request_samples.h"

#include <algorithm>

namespace kvsim::validation {
namespace {

struct Latencies {
  std::vector<double> ttft, tpot, itl, e2e, ntpot;
};

struct Tokens {
  std::optional<double> total;  // nothing until a request tells its own
  double requests = 0;
  void add(std::optional<double> tokens) {
    if (!tokens) return;
    total = total.value_or(0) + *tokens;
    ++requests;
  }
};

void add_latencies(const SampledRequest& request, Latencies& to) {
  const double whole = request.end_seconds - request.start_seconds;
  to.e2e.push_back(whole);
  if (request.output_tokens && *request.output_tokens > 0) to.ntpot.push_back(whole / *request.output_tokens);
  const std::vector<double>& times = request.token_seconds;
  if (times.size() < 2) return;
  to.ttft.push_back(times.front() - request.start_seconds);
  const double tokens = std::max(2.0, request.output_tokens.value_or(static_cast<double>(times.size())));
  to.tpot.push_back((times.back() - times.front()) / (tokens - 1));
  for (std::size_t i = 1; i < times.size(); ++i) to.itl.push_back(times[i] - times[i - 1]);
}

void add_figures(Measurements& run, const Latencies& latencies, const MeasuredStage& stage, const Tokens& in,
                 const Tokens& out) {
  FigureList figures(run, {});
  figures.add_counts(stage);
  figures.add("requests_per_second", ratio(stage.successes, stage.duration_seconds));
  figures.add("input_tokens_per_second", ratio(in.total, stage.duration_seconds));
  figures.add("output_tokens_per_second", ratio(out.total, stage.duration_seconds));
  figures.add_samples("ttft_seconds", latencies.ttft);
  figures.add_samples("tpot_seconds", latencies.tpot);
  figures.add_samples("ntpot_seconds", latencies.ntpot);
  figures.add_samples("itl_seconds", latencies.itl);
  figures.add_samples("e2e_seconds", latencies.e2e);
}

}  // namespace

void add_requests(Measurements& run, const std::vector<SampledRequest>& requests) {
  if (requests.empty()) return;
  Latencies latencies;
  Tokens in, out;
  double first = requests.front().start_seconds, last = requests.front().end_seconds, failed = 0;
  for (const SampledRequest& request : requests) {
    first = std::min(first, request.start_seconds);
    last = std::max(last, request.end_seconds);
    failed += request.failed ? 1 : 0;
    if (request.failed) continue;
    in.add(request.input_tokens);
    out.add(request.output_tokens);
    add_latencies(request, latencies);
  }
  MeasuredStage stage;
  stage.requests = static_cast<double>(requests.size());
  stage.failures = failed;
  stage.successes = *stage.requests - failed;
  stage.duration_seconds = last - first;
  stage.prompt_tokens_mean = ratio(in.total, in.requests);
  stage.output_tokens_mean = ratio(out.total, out.requests);
  add_figures(run, latencies, stage, in, out);
  run.stages.push_back(stage);
}

}  // namespace kvsim::validation
