// SPDX-License-Identifier: Apache-2.0
// GuideLLM's report: one benchmark a load.
#include "base/json_writer.h"
#include "sim/report/exports/load_reports.h"

namespace kvsim::sim {
namespace {

constexpr double kMilliseconds = 1e3;

// Of statistics_shares(), without least and largest.
const ShareNames kPercentiles{"",    "p001", "p01", "p05", "p10",  "p25", "p50",
                              "p75", "p90",  "p95", "p99", "p999", ""};
const ShareNames kExtremes{"min", "", "", "", "", "", "median", "", "", "", "", "", "max"};

void add_statistics(JsonWriter& json, const char* key, const Statistics& statistics, double scale) {
  if (statistics.count == 0) return;
  json.key(key).begin_object().key("successful").begin_object();
  json.member("mean", statistics.mean * scale).member("count", statistics.count);
  for (const auto& [name, value] : named_shares(statistics, kExtremes, scale)) json.member(name, value);
  json.key("percentiles").begin_object();
  for (const auto& [name, value] : named_shares(statistics, kPercentiles, scale)) json.member(name, value);
  json.end_object().end_object().end_object();
}

void add_rate(JsonWriter& json, const char* key, double rate) {
  json.key(key).begin_object().key("successful").begin_object().member("mean", rate);
  json.end_object().end_object();
}

void add_config(JsonWriter& json, const ReportedRun& run, const StageInfo& info) {
  json.key("config").begin_object();
  if (info.concurrency > 0) {
    json.key("strategy").begin_object().member("type_", "concurrent").member("streams", info.concurrency);
    json.end_object();
  } else if (info.requested_rate > 0) {
    json.key("strategy").begin_object().member("type_", "constant").member("rate", info.requested_rate);
    json.end_object();
  }
  json.key("spec").begin_object().member("data", run.summary.scenario.trace);
  json.key("backend").begin_object().member("model", run.summary.scenario.models.front());
  json.end_object().end_object().end_object();
}

void add_metrics(JsonWriter& json, const LoadFigures& load) {
  const StageSummary& stage = load.stage;
  json.key("metrics").begin_object().key("request_totals").begin_object();
  json.member("successful", stage.successes).member("incomplete", 0).member("errored", stage.failures);
  json.member("total", stage.requests).end_object();
  const Throughput& rates = stage.throughput;
  add_rate(json, "requests_per_second", rates.requests_per_second);
  add_rate(json, "prompt_tokens_per_second", rates.input_tokens_per_second);
  add_rate(json, "output_tokens_per_second", rates.output_tokens_per_second);
  add_rate(json, "tokens_per_second", rates.input_tokens_per_second + rates.output_tokens_per_second);
  add_statistics(json, "request_latency", stage.request_latency, 1);
  add_statistics(json, "time_to_first_token_ms", load.time_to_first_token, kMilliseconds);
  add_statistics(json, "inter_token_latency_ms", stage.time_per_output_token, kMilliseconds);
  add_statistics(json, "time_per_output_token_ms", stage.normalized_time_per_output_token, kMilliseconds);
  add_statistics(json, "prompt_token_count", stage.prompt_len, 1);
  add_statistics(json, "output_token_count", stage.output_len, 1);
  json.end_object();
}

}  // namespace

void write_guidellm(std::ostream& out, const ReportedRun& run) {
  JsonWriter json(out);
  const auto date = [](Nanoseconds time) {
    return static_cast<double>(kExportStartSeconds) + to_seconds(time);
  };
  json.begin_object().key("benchmarks").begin_array();
  for (const LoadFigures& load : run.loads) {
    json.begin_object().member("type_", "generative_benchmark");
    json.member("start_time", date(load.begin)).member("end_time", date(load.end));
    json.member("duration", to_seconds(load.end - load.begin));
    add_config(json, run, load.stage.info);
    add_metrics(json, load);
    json.end_object();
  }
  json.end_array().end_object();
}

}  // namespace kvsim::sim
