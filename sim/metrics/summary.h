// SPDX-License-Identifier: Apache-2.0
// Everything that result files tell of a run. docs/metrics.md defines each figure; times are seconds, NaN and
// empty optionals are unknown (null in JSON).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/metrics/availability.h"
#include "sim/metrics/band.h"
#include "sim/metrics/batch_means.h"
#include "sim/metrics/fitted_use.h"
#include "sim/metrics/kv_traffic.h"
#include "sim/metrics/pool_series.h"
#include "sim/metrics/quantiles.h"
#include "sim/metrics/routing_use.h"
#include "sim/metrics/sizing.h"

namespace kvsim::sim {

struct RequestCounts {
  std::uint64_t offered = 0;
  std::uint64_t completed = 0;
  std::uint64_t failed = 0;  // timed out, or lost with a replica and not sent again
  std::uint64_t rejected_too_long = 0;
  std::uint64_t rejected_no_route = 0;
  std::uint64_t rejected_shed = 0;              // by the router: saturation, full queues, time to live
  std::uint64_t rejected_router_failed = 0;     // the router was too slow
  std::uint64_t rejected_hand_over_failed = 0;  // the prompt's KV was lost between prefill and decode replica
  double completed_share() const {
    return offered == 0 ? kNotANumber : static_cast<double>(completed) / static_cast<double>(offered);
  }
  std::uint64_t rejected() const {
    return rejected_too_long + rejected_no_route + rejected_shed + rejected_router_failed +
           rejected_hand_over_failed;
  }
};

struct Throughput {  // of completed requests
  double requests_per_second = 0;
  double input_tokens_per_second = 0;
  double output_tokens_per_second = 0;
};

struct Latency {                    // of completed requests
  Distribution ttft;                // from the sending
  Distribution ttft_from_schedule;  // from the moment the workload's schedule wanted it sent
  Distribution tpot;                // requests of two tokens and more
  Distribution itl;
  Distribution e2e;
  Distribution queue;      // loads included
  Distribution load_wait;  // of those that loaded from host memory or storage
};

struct LatencyCurves {  // quantiles at 0, 1, ... 100 %
  std::vector<double> ttft;
  std::vector<double> tpot;
  std::vector<double> itl;
  std::vector<double> e2e;
};

struct CacheUse {  // first admissions of all requests that were admitted
  std::uint64_t prompt_tokens = 0;
  std::uint64_t hit_tokens_gpu = 0;
  std::uint64_t hit_tokens_host = 0;
  std::uint64_t hit_tokens_storage = 0;
  double hit_ratio() const {
    const std::uint64_t hits = hit_tokens_gpu + hit_tokens_host + hit_tokens_storage;
    return prompt_tokens == 0 ? kNotANumber : static_cast<double>(hits) / static_cast<double>(prompt_tokens);
  }
};

struct TimeSplit {                    // means over completed requests; they add up to the mean E2E
  double before_queue = kNotANumber;  // network, front end, routing
  double queue = kNotANumber;         // without the waits for loads
  double load = kNotANumber;          // waiting for loads from lower tiers
  double prefill = kNotANumber;       // from the last admission before the first token to that token
  double decode = kNotANumber;
};

struct GroupSummary {
  std::string name;
  RequestCounts requests;
  Throughput throughput;
  Latency latency;
  CacheUse cache;
  std::uint64_t preemptions = 0;
  std::uint64_t recomputed_tokens = 0;
  TimeSplit time;
  std::optional<double> slo_attainment;  // over offered requests that have objectives
  // Of completed requests, those that waited for a load.
  double loaded_share() const {
    return requests.completed == 0
               ? kNotANumber
               : static_cast<double>(latency.load_wait.count) / static_cast<double>(requests.completed);
  }
};
double loaded_share(
    const GroupSummary& group);  // of completed requests: waited for a load; NaN: none completed

struct PoolSummary : GroupSummary {
  PoolInfo info;
  double busy_fraction = 0;
  double compute_utilisation = 0;  // share of peak FLOP/s, of peak bandwidth: over the whole run
  double memory_utilisation = 0;
  double kv_usage_mean = kNotANumber;
  double kv_usage_max = kNotANumber;  // largest row of the time series
  KvTraffic traffic;
  double mean_watts = kNotANumber;
  std::vector<QuantityUse> fitted;  // what step times were fitted on, beside what the run asked for
  std::vector<SeriesPoint> series;
};

enum class SloMetric { kTtft, kTpot, kE2e };
struct Objective {
  SloMetric metric = SloMetric::kTtft;
  double limit_seconds = 0;  // met when <=
};

struct SloSummary {
  std::string slo_class;
  std::vector<Objective> objectives;
  std::uint64_t offered = 0;
  std::uint64_t met = 0;            // completed and within all objectives
  double attainment = kNotANumber;  // met / offered: timeouts and rejections are misses
  double attainment_of_completed = kNotANumber;
  double worst_hour_attainment = kNotANumber;
  double goodput_requests_per_second = 0;
  double goodput_tokens_per_second = 0;  // input and output
};

enum class RunState { kSteady, kQueueGrows, kTooShort };
const char* to_string(RunState state);

struct MetricIntervals {  // 95 % confidence, after warm-up
  std::optional<Interval> mean;
  std::optional<Interval> p50;
  std::optional<Interval> p90;
  std::optional<Interval> p99;
};

struct Verdict {
  RunState state = RunState::kTooShort;
  std::string reason;
  double warmup_seconds = 0;
  double backlog_growth_requests_per_second = 0;
  std::uint64_t requests_after_warmup = 0;
  MetricIntervals ttft;
  MetricIntervals e2e;
  Throughput steady_throughput;  // completions between warm-up and last arrival
};

struct StageInfo {
  std::int32_t index = 0;
  double requested_rate = 0;  // 0: by concurrency
  std::uint32_t concurrency = 0;
};

struct StageSummary {  // inference-perf's view of one stage
  StageInfo info;
  std::uint64_t requests = 0;
  double send_seconds = 0;  // first to last arrival
  double achieved_rate = kNotANumber;
  Statistics schedule_delay;
  std::uint64_t successes = 0;
  Statistics request_latency;
  Statistics normalized_time_per_output_token;
  Statistics time_per_output_token;
  Statistics time_to_first_token;
  Statistics inter_token_latency;
  Throughput throughput;
  Statistics prompt_len;
  Statistics output_len;
  std::uint64_t failures = 0;
  Statistics failed_request_latency;
  Statistics failed_prompt_len;
};

struct Note {  // something that a reader of the result must know
  std::string what;
  std::string reason;
};

struct ScenarioFacts {
  std::string fleet;
  std::string trace;
  std::vector<std::string> models;
  std::uint64_t seed = 0;
  std::map<std::string, std::string> digests;  // of inputs, by what they are
};

struct Performance {  // the only figures that a clock reaches; absent: null
  std::optional<double> wall_seconds;
  std::optional<std::uint64_t> peak_rss_bytes;
};

// Over runs with profiles drawn from their uncertainty, all else alike.
struct Uncertainty {
  std::uint64_t draws = 0;   // that ran
  std::uint64_t failed = 0;  // whose fleet is none: memory that leaves no room for KV, say
  std::vector<Band> bands;
};

struct Summary {
  ScenarioFacts scenario;
  double duration_seconds = 0;  // first arrival to last end
  GroupSummary total;
  LatencyCurves curves;
  std::vector<SloSummary> slo;
  Verdict verdict;
  double jain = kNotANumber;
  std::vector<GroupSummary> models;
  std::vector<GroupSummary> classes;
  std::vector<GroupSummary> tenants;
  std::vector<PoolSummary> pools;
  KvTraffic traffic;  // of all pools
  StorageLosses storage_losses;
  RoutingSummary routing;
  std::optional<Sizing> sizing;              // where the fleet has tiers below the GPU
  std::optional<Availability> availability;  // where it has outages
  std::vector<StageSummary> stages;
  std::string currency;
  std::optional<double> cost_per_hour;
  std::optional<double> cost_per_million_output_tokens;
  double mean_watts = kNotANumber;
  double joules_per_output_token = kNotANumber;
  std::optional<Uncertainty> uncertainty;  // where it was asked for
  std::vector<Note> validity;
  Performance performance;
};

}  // namespace kvsim::sim
