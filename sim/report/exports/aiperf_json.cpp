// SPDX-License-Identifier: Apache-2.0
// AIPerf's profile_export_aiperf.json: its tags, in its units.
#include "base/json_writer.h"
#include "sim/report/exports/load_reports.h"

namespace kvsim::sim {
namespace {

constexpr double kMilliseconds = 1e3;

// Of statistics_shares(); AIPerf has no 0.1 % and 99.9 %.
const ShareNames kNames{"min", "", "p1", "p5", "p10", "p25", "p50", "p75", "p90", "p95", "p99", "", "max"};

void add_statistics(JsonWriter& json, const char* tag, const char* unit, const Statistics& statistics,
                    double scale) {
  if (statistics.count == 0) return;
  json.key(tag).begin_object().member("unit", unit).member("avg", statistics.mean * scale);
  for (const auto& [name, value] : named_shares(statistics, kNames, scale)) json.member(name, value);
  json.member("count", statistics.count).end_object();
}

void add_value(JsonWriter& json, const char* tag, const char* unit, double value) {
  json.key(tag).begin_object().member("unit", unit).member("avg", value).end_object();
}

void add_load(JsonWriter& json, const ReportedRun& run, const LoadFigures& load) {
  json.key("input_config").begin_object();
  json.key("endpoint").begin_object().key("model_names").begin_array();
  for (const std::string& model : run.summary.scenario.models) json.value(model);
  json.end_array().end_object();
  json.key("loadgen").begin_object();
  if (load.stage.info.requested_rate > 0) json.member("request_rate", load.stage.info.requested_rate);
  if (load.stage.info.concurrency > 0) json.member("concurrency", load.stage.info.concurrency);
  json.end_object().end_object();
}

void add_totals(JsonWriter& json, const LoadFigures& load) {
  const Throughput& rates = load.stage.throughput;
  add_value(json, "request_count", "requests", static_cast<double>(load.stage.successes));
  add_value(json, "error_request_count", "requests", static_cast<double>(load.stage.failures));
  add_value(json, "benchmark_duration", "sec", to_seconds(load.end - load.begin));
  add_value(json, "request_throughput", "requests/sec", rates.requests_per_second);
  add_value(json, "output_token_throughput", "tokens/sec", rates.output_tokens_per_second);
  add_value(json, "total_token_throughput", "tokens/sec",
            rates.input_tokens_per_second + rates.output_tokens_per_second);
}

}  // namespace

void write_aiperf(std::ostream& out, const ReportedRun& run, const LoadFigures& load) {
  JsonWriter json(out);
  json.begin_object().member("schema_version", "1.5");
  json.member("start_time", export_time(load.begin)).member("end_time", export_time(load.end));
  json.member("was_cancelled", false);
  add_load(json, run, load);
  add_totals(json, load);
  const StageSummary& stage = load.stage;
  add_statistics(json, "time_to_first_token", "ms", load.time_to_first_token, kMilliseconds);
  add_statistics(json, "inter_token_latency", "ms", stage.time_per_output_token, kMilliseconds);
  add_statistics(json, "inter_chunk_latency", "ms", stage.inter_token_latency, kMilliseconds);
  add_statistics(json, "request_latency", "ms", stage.request_latency, kMilliseconds);
  add_statistics(json, "input_sequence_length", "tokens", stage.prompt_len, 1);
  add_statistics(json, "output_sequence_length", "tokens", stage.output_len, 1);
  json.end_object();
}

}  // namespace kvsim::sim
