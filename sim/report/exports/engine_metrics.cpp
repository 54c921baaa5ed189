// SPDX-License-Identifier: Apache-2.0
#include "sim/report/exports/engine_metrics.h"

#include <fmt/format.h>

#include "models/profile.h"

namespace kvsim::sim {
namespace {

using Bounds = std::vector<double>;
using Value = EngineValue;

const Bounds kTtftBounds{0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75,
                         1,     2.5,   5,    7.5,  10,   20,   40,   80,  160,  640, 2560};
const Bounds kTokenBounds{0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5,
                          0.75, 1,     2.5,  5,     7.5, 10,   20,  40,  80};
const Bounds kRequestBounds{0.3, 0.5, 0.8, 1,  1.5, 2,   2.5, 5,   10,   15,  20,
                            30,  40,  50,  60, 120, 240, 480, 960, 1920, 7680};

// 1, 2, 5, 10, 20, ... up to the longest sequence.
Bounds length_bounds(std::uint64_t longest) {
  Bounds bounds;
  for (double power = 1; power <= static_cast<double>(longest); power *= 10)
    for (const double factor : {1.0, 2.0, 5.0})
      if (power * factor <= static_cast<double>(longest)) bounds.push_back(power * factor);
  return bounds;
}

class MetricList {
 public:
  void gauge(Value value, const char* name, const char* help, const std::string& labels = "") {
    list_.push_back({value, MetricType::kGauge, named(name), help, labels, {}});
  }
  void counter(Value value, const std::string& name, const char* help, const std::string& labels = "") {
    list_.push_back({value, MetricType::kCounter, named(name), help, labels, {}});
  }
  void histogram(Value value, const char* name, const char* help, const Bounds& bounds) {
    list_.push_back({value, MetricType::kHistogram, named(name), help, "", bounds});
  }
  std::vector<EngineMetric> take() { return std::move(list_); }

 private:
  static std::string named(const std::string& name) { return "vllm:" + name; }

  std::vector<EngineMetric> list_;
};

void add_gauges(MetricList& list, const EngineFacts& engine, bool has_new_names) {
  list.gauge(Value::kConfig, "cache_config_info", "Settings of the KV cache.",
             fmt::format("block_size=\"{}\",num_gpu_blocks=\"{}\"", engine.block_tokens, engine.kv_blocks));
  list.gauge(Value::kRunning, "num_requests_running", "Requests in the batch.");
  list.gauge(Value::kWaiting, "num_requests_waiting", "Requests in the queue.");
  list.gauge(Value::kKvUsage, has_new_names ? "kv_cache_usage_perc" : "gpu_cache_usage_perc",
             "Share of KV blocks in use; 1 is all.");
}

void add_counters(MetricList& list, const EngineFacts& engine, bool has_new_names) {
  const std::string lead = has_new_names ? "" : "gpu_";
  list.counter(Value::kPromptTokens, "prompt_tokens", "Prompt tokens, those from the cache included.");
  list.counter(Value::kGenerationTokens, "generation_tokens", "Generated tokens.");
  list.counter(Value::kPrefixQueries, lead + "prefix_cache_queries", "Tokens looked up in the prefix cache.");
  list.counter(Value::kPrefixHits, lead + "prefix_cache_hits", "Tokens found in the prefix cache.");
  if (engine.has_tiers) {
    list.counter(Value::kExternalQueries, "external_prefix_cache_queries",
                 "Tokens looked up in lower tiers.");
    list.counter(Value::kExternalHits, "external_prefix_cache_hits", "Tokens found in lower tiers.");
  }
  list.counter(Value::kPreemptions, "num_preemptions", "Preemptions.");
  for (const auto& [value, reason] :
       {std::pair{Value::kStopped, "stop"}, {Value::kLength, "length"}, {Value::kAborted, "abort"}})
    list.counter(value, "request_success", "Finished requests.",
                 fmt::format("finished_reason=\"{}\"", reason));
}

void add_histograms(MetricList& list, const EngineFacts& engine, bool is_inter_token) {
  list.histogram(Value::kTtft, "time_to_first_token_seconds", "Time to first token.", kTtftBounds);
  list.histogram(Value::kInterToken,
                 is_inter_token ? "inter_token_latency_seconds" : "time_per_output_token_seconds",
                 "Gaps between tokens.", kTokenBounds);
  if (is_inter_token)
    list.histogram(Value::kTpot, "request_time_per_output_token_seconds",
                   "Mean gap between the tokens of a request of two tokens and more.", kTokenBounds);
  list.histogram(Value::kE2e, "e2e_request_latency_seconds", "Time of a request in the engine.",
                 kRequestBounds);
  list.histogram(Value::kQueue, "request_queue_time_seconds", "Time in the queue.", kRequestBounds);
  list.histogram(Value::kPrefill, "request_prefill_time_seconds", "From the queue to the first token.",
                 kRequestBounds);
  list.histogram(Value::kDecode, "request_decode_time_seconds", "From the first token to the last.",
                 kRequestBounds);
  const Bounds lengths = length_bounds(engine.max_model_len);
  list.histogram(Value::kPromptLength, "request_prompt_tokens", "Prompt tokens of a request.", lengths);
  list.histogram(Value::kOutputLength, "request_generation_tokens", "Generated tokens of a request.",
                 lengths);
}

}  // namespace

const char* name(MetricType type) {
  if (type == MetricType::kHistogram) return "histogram";
  return type == MetricType::kCounter ? "counter" : "gauge";
}

std::vector<EngineMetric> engine_metrics(const EngineFacts& engine) {
  MetricList list;
  const bool has_new_names = models::compare_versions(engine.version, kFirstKvUsageVersion) >= 0;
  add_gauges(list, engine, has_new_names);
  add_counters(list, engine, has_new_names);
  add_histograms(list, engine, models::compare_versions(engine.version, kFirstInterTokenVersion) >= 0);
  return list.take();
}

}  // namespace kvsim::sim
