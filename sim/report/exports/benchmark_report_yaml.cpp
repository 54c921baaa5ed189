// SPDX-License-Identifier: Apache-2.0
// llm-d's benchmark report, version 0.2, which allows no keys but its own.
#include <fmt/format.h>

#include "sim/report/exports/load_reports.h"
#include "sim/scenario/yaml_text.h"

namespace kvsim::sim {
namespace {

// Of statistics_shares().
const ShareNames kNames{"min", "p0p1", "p1",  "p5",  "p10",   "p25", "p50",
                        "p75", "p90",  "p95", "p99", "p99p9", "max"};

constexpr const char* kMetadata = "{schema_version: 0.0.1}";

const char* role_of(const Pool& pool) {
  if (pool.role == PoolRole::kPrefill) return "prefill";
  return pool.role == PoolRole::kDecode ? "decode" : "aggregate";
}

void add_statistics(std::ostream& out, const char* key, const char* units, const Statistics& statistics) {
  if (statistics.count == 0) return;
  out << fmt::format("        {}: {{units: {}, mean: {}", key, units, yaml_number(statistics.mean));
  for (const auto& [name, value] : named_shares(statistics, kNames, 1))
    out << fmt::format(", {}: {}", name, yaml_number(value));
  out << "}\n";
}

void add_run(std::ostream& out, const ReportedRun& run, const LoadFigures& load) {
  std::string id = fmt::format("kvsim-{}-seed-{}", run.fleet.digest, run.summary.scenario.seed);
  if (!load.is_whole_run) id += fmt::format("-stage-{}", load.stage.info.index);
  out << fmt::format("version: '0.2'\nrun:\n  uid: {}\n  description: {}\n", yaml_text(id),
                     yaml_text("simulated by kvsim: " + run.summary.scenario.fleet));
  out << fmt::format("  time: {{start: '{}', end: '{}', duration: PT{}S}}\n", export_time(load.begin),
                     export_time(load.end), yaml_number(to_seconds(load.end - load.begin)));
}

void add_pool(std::ostream& out, const Pool& pool) {
  out << fmt::format("    - metadata: {{schema_version: 0.0.1, label: {}}}\n", yaml_text(pool.name));
  out << fmt::format(
      "      standardized:\n        kind: inference_engine\n        tool: vllm\n"
      "        tool_version: {}\n        role: {}\n        replicas: {}\n"
      "        model: {{name: {}}}\n",
      yaml_text(pool.engine.version), role_of(pool), pool.replicas, yaml_text(pool.model.name));
  out << fmt::format(
      "        accelerator: {{model: {}, count: {}, parallelism: "
      "{{dp: 1, dp_local: 1, workers: 1, ep: 1, pp: 1, tp: {}}}}}\n",
      yaml_text(pool.accelerator.name), pool.tp, pool.tp);
  out << fmt::format(
      "      native:\n        args: {{max-model-len: {}, max-num-seqs: {}, "
      "max-num-batched-tokens: {}, block-size: {}}}\n        envars: {{}}\n",
      pool.engine.max_model_len, pool.engine.max_num_seqs, pool.engine.max_num_batched_tokens,
      pool.engine.block_size_tokens);
}

void add_lengths(std::ostream& out, const char* key, const Statistics& lengths) {
  if (lengths.count == 0) return;
  const double least = lengths.at.front(), most = lengths.at.back();
  out << fmt::format("        {}: {{distribution: {}, value: {}, min: {}, max: {}}}\n", key,
                     least == most ? "fixed" : "other", yaml_number(lengths.mean), yaml_number(least),
                     yaml_number(most));
}

void add_load(std::ostream& out, const LoadFigures& load) {
  const StageInfo& info = load.stage.info;
  out << fmt::format(
      "  load:\n    metadata: {}\n    standardized:\n        tool: kvsim\n"
      "        tool_version: {}\n        source: unknown\n",
      kMetadata, yaml_text(KVSIM_VERSION));
  if (!load.is_whole_run) out << fmt::format("        stage: {}\n", info.index);
  if (info.requested_rate > 0) out << fmt::format("        rate_qps: {}\n", yaml_number(info.requested_rate));
  if (info.concurrency > 0) out << fmt::format("        concurrency: {}\n", info.concurrency);
  add_lengths(out, "input_seq_len", load.stage.prompt_len);
  add_lengths(out, "output_seq_len", load.stage.output_len);
  out << "    native: {}\n";
}

void add_requests(std::ostream& out, const StageSummary& stage) {
  out << fmt::format("      requests:\n        total: {}\n        failures: {}\n        incomplete: 0\n",
                     stage.requests, stage.failures);
  add_statistics(out, "input_length", "count", stage.prompt_len);
  add_statistics(out, "output_length", "count", stage.output_len);
}

void add_latency(std::ostream& out, const StageSummary& stage) {
  if (stage.successes == 0) return;
  out << "      latency:\n";
  add_statistics(out, "time_to_first_token", "s", stage.time_to_first_token);
  add_statistics(out, "normalized_time_per_output_token", "s/token", stage.normalized_time_per_output_token);
  add_statistics(out, "time_per_output_token", "s/token", stage.time_per_output_token);
  add_statistics(out, "inter_token_latency", "s/token", stage.inter_token_latency);
  add_statistics(out, "request_latency", "s", stage.request_latency);
}

void add_throughput(std::ostream& out, const Throughput& rates) {
  out << "      throughput:\n";
  const auto add = [&out](const char* key, const char* units, double rate) {
    out << fmt::format("        {}: {{units: {}, mean: {}}}\n", key, units, yaml_number(rate));
  };
  add("input_token_rate", "tokens/s", rates.input_tokens_per_second);
  add("output_token_rate", "tokens/s", rates.output_tokens_per_second);
  add("total_token_rate", "tokens/s", rates.input_tokens_per_second + rates.output_tokens_per_second);
  add("request_rate", "queries/s", rates.requests_per_second);
}

// Means over the whole run.
void add_pool_use(std::ostream& out, const PoolSummary& pool) {
  double running = 0, waiting = 0, usage = 0, seconds = 0;
  for (const SeriesPoint& point : pool.series) {
    running += point.running * point.width_seconds;
    waiting += point.waiting * point.width_seconds;
    usage += point.kv_usage * point.width_seconds;
    seconds += point.width_seconds;
  }
  if (!(seconds > 0)) return;
  out << fmt::format("      - component_label: {}\n        aggregate:\n", yaml_text(pool.name));
  const auto add = [&](const char* key, const char* units, double sum) {
    out << fmt::format("          {}: {{units: {}, mean: {}}}\n", key, units, yaml_number(sum / seconds));
  };
  add("running_requests", "count", running);
  add("waiting_requests", "count", waiting);
  add("kv_cache_usage", "percent", 100 * usage);
}

}  // namespace

void write_benchmark_report(std::ostream& out, const ReportedRun& run, const LoadFigures& load) {
  add_run(out, run, load);
  out << "scenario:\n  stack:\n";
  for (const Pool& pool : run.fleet.pools) add_pool(out, pool);
  add_load(out, load);
  out << "results:\n  request_performance:\n    aggregate:\n";
  add_requests(out, load.stage);
  add_latency(out, load.stage);
  add_throughput(out, load.stage.throughput);
  if (!load.is_whole_run) return;
  out << "  observability:\n    components:\n";
  for (const PoolSummary& pool : run.summary.pools) add_pool_use(out, pool);
}

}  // namespace kvsim::sim
