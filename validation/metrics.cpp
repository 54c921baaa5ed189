// SPDX-License-Identifier: Apache-2.0
#include "validation/metrics.h"

#include <algorithm>
#include <map>

namespace kvsim::validation {

const std::vector<Metric>& metrics() {
  static const std::vector<Metric> known{
      {"ttft_seconds", Quantity::kSeconds, true, "time to the first token, at the client"},
      {"tpot_seconds", Quantity::kSeconds, true,
       "(last - first token) / (output tokens - 1), for each request"},
      {"itl_seconds", Quantity::kSeconds, true, "gaps between tokens, all requests pooled"},
      {"ntpot_seconds", Quantity::kSeconds, true, "E2E / output tokens, for each request; of stages"},
      {"e2e_seconds", Quantity::kSeconds, true, "from sending to the last token"},
      {"schedule_delay_seconds", Quantity::kSeconds, true,
       "sent - when the schedule wanted it sent; of stages"},
      {"queue_seconds", Quantity::kSeconds, true, "in the engine's queue before the first step"},
      {"requests_per_second", Quantity::kPerSecond, false,
       "completed over last end - first start, drain included"},
      {"input_tokens_per_second", Quantity::kPerSecond, false,
       "prompt tokens of completed requests, likewise"},
      {"output_tokens_per_second", Quantity::kPerSecond, false, "generated tokens, likewise"},
      {"tokens_per_second", Quantity::kPerSecond, false, "prompt and generated tokens, likewise"},
      {"duration_seconds", Quantity::kSeconds, false, "last end - first start"},
      {"completed", Quantity::kCount, false, "requests that got their last token"},
      {"failed", Quantity::kCount, false, "requests that timed out"},
      {"preemptions", Quantity::kCount, false, "times that a running request lost its KV cache"},
      {"hit_ratio", Quantity::kShare, false, "hit tokens / prompt tokens, first admissions"},
      {"running_requests", Quantity::kCount, true, "in the engines' batches, sampled once a second"},
      {"waiting_requests", Quantity::kCount, true, "in the engines' queues, sampled once a second"},
      {"kv_usage", Quantity::kShare, true, "share of KV blocks in use, sampled once a second"},
  };
  return known;
}

const Metric* find_metric(std::string_view name) {
  const auto found = std::find_if(metrics().begin(), metrics().end(),
                                  [&](const Metric& metric) { return metric.name == name; });
  return found == metrics().end() ? nullptr : &*found;
}

const std::vector<std::string>& statistics() {
  static const std::vector<std::string> names{"mean", "p50", "p90", "p95", "p99", "min", "max"};
  return names;
}

std::vector<std::string> metric_names() {
  std::vector<std::string> names;
  for (const Metric& metric : metrics()) names.emplace_back(metric.name);
  return names;
}

const std::vector<Unit>& units_of(Quantity quantity) {
  static const std::map<Quantity, std::vector<Unit>> units{
      {Quantity::kSeconds, {{"s", 1}, {"ms", 1e-3}, {"us", 1e-6}}},
      {Quantity::kPerSecond, {{"1/s", 1}, {"1/min", 1.0 / 60}}},
      {Quantity::kShare, {{"share", 1}, {"%", 0.01}}},
      {Quantity::kCount, {{"count", 1}}},
  };
  return units.at(quantity);
}

}  // namespace kvsim::validation
