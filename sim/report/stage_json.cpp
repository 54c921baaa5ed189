// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "base/json_writer.h"
#include "sim/report/results_folder.h"

namespace kvsim::sim {
namespace {

// Names of statistics_shares(), in inference-perf's spelling.
constexpr std::array<const char*, 13> kNames{"min", "p0.1", "p1",  "p5",  "p10",   "p25", "median",
                                             "p75", "p90",  "p95", "p99", "p99.9", "max"};

void add_statistics(JsonWriter& json, const char* name, const Statistics& statistics) {
  json.key(name);
  if (statistics.count == 0) {
    json.null();
    return;
  }
  json.begin_object().member("mean", statistics.mean);
  for (std::size_t i = 0; i < kNames.size(); ++i) json.member(kNames[i], statistics.at[i]);
  json.end_object();
}

void add_load(JsonWriter& json, const StageSummary& stage) {
  json.key("load_summary").begin_object().member("count", stage.requests);
  add_statistics(json, "schedule_delay", stage.schedule_delay);
  json.member("send_duration", stage.send_seconds);
  if (stage.info.concurrency == 0) json.member("requested_rate", stage.info.requested_rate);
  json.member("achieved_rate", stage.achieved_rate);
  if (stage.info.concurrency > 0) json.member("concurrency", stage.info.concurrency);
  json.end_object();
}

void add_successes(JsonWriter& json, const StageSummary& stage) {
  json.key("successes").begin_object().member("count", stage.successes);
  json.key("latency").begin_object();
  add_statistics(json, "request_latency", stage.request_latency);
  add_statistics(json, "normalized_time_per_output_token", stage.normalized_time_per_output_token);
  add_statistics(json, "time_per_output_token", stage.time_per_output_token);
  add_statistics(json, "time_to_first_token", stage.time_to_first_token);
  add_statistics(json, "inter_token_latency", stage.inter_token_latency);
  json.end_object().key("throughput").begin_object();
  const Throughput& rates = stage.throughput;
  json.member("input_tokens_per_sec", rates.input_tokens_per_second);
  json.member("output_tokens_per_sec", rates.output_tokens_per_second);
  json.member("total_tokens_per_sec", rates.input_tokens_per_second + rates.output_tokens_per_second);
  json.member("requests_per_sec", rates.requests_per_second).end_object();
  add_statistics(json, "prompt_len", stage.prompt_len);
  add_statistics(json, "output_len", stage.output_len);
  json.end_object();
}

}  // namespace

void write_stage_json(std::ostream& out, const StageSummary& stage) {
  JsonWriter json(out);
  json.begin_object();
  add_load(json, stage);
  add_successes(json, stage);
  json.key("failures").begin_object().member("count", stage.failures);
  add_statistics(json, "request_latency", stage.failed_request_latency);
  add_statistics(json, "prompt_len", stage.failed_prompt_len);
  json.end_object().end_object();
}

}  // namespace kvsim::sim
