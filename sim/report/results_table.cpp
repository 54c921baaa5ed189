// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>

#include "base/text.h"
#include "sim/report/results_folder.h"

namespace kvsim::sim {
namespace {

using Table = std::vector<std::vector<std::string>>;

std::string number(double value, int decimals = 1) {
  return std::isfinite(value) ? fmt::format("{:.{}f}", value, decimals) : "-";
}

std::string percent(double share) {
  return std::isfinite(share) ? fmt::format("{:.1f} %", share * 100) : "-";
}

std::string milliseconds(double seconds) { return number(seconds * 1000, seconds < 0.1 ? 2 : 0); }

std::vector<std::string> latency_row(const char* name, const Distribution& values) {
  return {name,
          milliseconds(values.mean),
          milliseconds(values.p50),
          milliseconds(values.p90),
          milliseconds(values.p95),
          milliseconds(values.p99),
          milliseconds(values.max)};
}

std::string latency_table(const Latency& latency) {
  return format_table({{"latency [ms]", "mean", "p50", "p90", "p95", "p99", "max"},
                       latency_row("TTFT", latency.ttft),
                       latency_row("TPOT", latency.tpot),
                       latency_row("ITL", latency.itl),
                       latency_row("E2E", latency.e2e),
                       latency_row("queue", latency.queue)});
}

std::string head(const Summary& summary) {
  const RequestCounts& counts = summary.total.requests;
  const Throughput& rates = summary.total.throughput;
  std::string text =
      fmt::format("verdict     {}: {}\n", to_string(summary.verdict.state), summary.verdict.reason);
  text +=
      fmt::format("requests    {} offered, {} completed, {} timed out, {} rejected in {} s\n", counts.offered,
                  counts.completed, counts.failed, counts.rejected(), number(summary.duration_seconds));
  text += fmt::format("throughput  {} requests/s, {} input tokens/s, {} output tokens/s\n",
                      number(rates.requests_per_second, 2), number(rates.input_tokens_per_second, 0),
                      number(rates.output_tokens_per_second, 0));
  text += fmt::format("cache       {} of {} prompt tokens hit; {} preemptions\n",
                      percent(summary.total.cache.hit_ratio()), summary.total.cache.prompt_tokens,
                      summary.total.preemptions);
  return text;
}

std::string cost_and_power(const Summary& summary) {
  std::string text = fmt::format("power       {} W mean, {} J per output token (prior)\n",
                                 number(summary.mean_watts, 0), number(summary.joules_per_output_token, 2));
  if (summary.cost_per_hour)
    text += fmt::format("cost        {} {}/h, {} {} per million output tokens\n",
                        number(*summary.cost_per_hour, 2), summary.currency,
                        number(summary.cost_per_million_output_tokens.value_or(NAN), 2), summary.currency);
  return text;
}

std::string pools_table(const std::vector<PoolSummary>& pools) {
  Table rows{{"pool", "accelerator", "replicas", "requests", "TTFT p50", "TTFT p99", "TPOT p50", "out tok/s",
              "busy", "KV use", "hits", "W"}};
  for (const PoolSummary& pool : pools)
    rows.push_back({pool.name, pool.info.accelerator, std::to_string(pool.info.replicas),
                    std::to_string(pool.requests.offered), milliseconds(pool.latency.ttft.p50),
                    milliseconds(pool.latency.ttft.p99), milliseconds(pool.latency.tpot.p50),
                    number(pool.throughput.output_tokens_per_second, 0), percent(pool.busy_fraction),
                    percent(pool.kv_usage_mean), percent(pool.cache.hit_ratio()),
                    number(pool.mean_watts, 0)});
  return format_table(rows);
}

std::string slo_table(const std::vector<SloSummary>& slo) {
  Table rows{{"class", "met of offered", "of completed", "worst hour", "goodput req/s"}};
  for (const SloSummary& row : slo)
    rows.push_back({row.slo_class, percent(row.attainment), percent(row.attainment_of_completed),
                    percent(row.worst_hour_attainment), number(row.goodput_requests_per_second, 2)});
  return format_table(rows);
}

// Rows of one model (class, tenant) alone say nothing new.
std::string groups_table(const char* what, const std::vector<GroupSummary>& groups) {
  if (groups.size() < 2) return "";
  Table rows{
      {what, "requests", "completed", "TTFT p50", "TTFT p99", "TPOT p50", "E2E p99", "out tok/s", "hits"}};
  for (const GroupSummary& group : groups)
    rows.push_back({group.name, std::to_string(group.requests.offered),
                    std::to_string(group.requests.completed), milliseconds(group.latency.ttft.p50),
                    milliseconds(group.latency.ttft.p99), milliseconds(group.latency.tpot.p50),
                    milliseconds(group.latency.e2e.p99), number(group.throughput.output_tokens_per_second, 0),
                    percent(group.cache.hit_ratio())});
  return '\n' + format_table(rows);
}

}  // namespace

std::string results_table(const Summary& summary) {
  std::string text = head(summary) + cost_and_power(summary) + '\n' + latency_table(summary.total.latency) +
                     '\n' + pools_table(summary.pools);
  if (!summary.slo.empty()) text += '\n' + slo_table(summary.slo);
  text += groups_table("model", summary.models) + groups_table("class", summary.classes) +
          groups_table("tenant", summary.tenants);
  if (!summary.validity.empty()) text += "\nto know before using these figures:\n";
  for (const Note& note : summary.validity) text += fmt::format("  {}: {}\n", note.what, note.reason);
  return text;
}

}  // namespace kvsim::sim
