// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>

#include "base/text.h"
#include "sim/report/results_folder.h"
#include "sim/report/table_cells.h"

namespace kvsim::sim {
namespace {

std::vector<std::string> latency_row(const char* name, const Distribution& values) {
  return {name,
          milliseconds_cell(values.mean),
          milliseconds_cell(values.p50),
          milliseconds_cell(values.p90),
          milliseconds_cell(values.p95),
          milliseconds_cell(values.p99),
          milliseconds_cell(values.max)};
}

std::string latency_table(const Latency& latency) {
  Table rows{{"latency [ms]", "mean", "p50", "p90", "p95", "p99", "max"},
             latency_row("TTFT", latency.ttft),
             latency_row("TPOT", latency.tpot),
             latency_row("ITL", latency.itl),
             latency_row("E2E", latency.e2e),
             latency_row("queue", latency.queue)};
  if (latency.load_wait.count > 0) rows.push_back(latency_row("load wait", latency.load_wait));
  return format_table(rows);
}

std::string tiers_line(const GroupSummary& total) {
  const auto share = [&total](std::uint64_t tokens) {
    return percent_cell(static_cast<double>(tokens) / static_cast<double>(total.cache.prompt_tokens));
  };
  return fmt::format(
      "tiers       GPU {}, host {}, storage {} of prompt tokens; {} of requests waited for a load\n",
      share(total.cache.hit_tokens_gpu), share(total.cache.hit_tokens_host),
      share(total.cache.hit_tokens_storage), percent_cell(total.loaded_share()));
}

// What it adds to a request, how right its index was, how far from an oracle: each where there is such a
// thing.
std::string routing_line(const RoutingSummary& routing) {
  std::vector<std::string> parts;
  if (routing.router_seconds.count > 0)
    parts.push_back(fmt::format("{} before the decision (p99 {})",
                                milliseconds_cell(routing.router_seconds.mean),
                                milliseconds_cell(routing.router_seconds.p99)) +
                    " ms");
  if (routing.predicted_hit_tokens > 0) {
    const double prompts = static_cast<double>(routing.prompt_tokens);
    parts.push_back(fmt::format("index expected {} of prompt tokens, {} were hit",
                                percent_cell(static_cast<double>(routing.predicted_hit_tokens) / prompts),
                                percent_cell(static_cast<double>(routing.hit_tokens) / prompts)));
  }
  if (routing.explained > 0)
    parts.push_back(fmt::format("regret {} ms TTFT (p99 {})", milliseconds_cell(routing.regret_seconds.mean),
                                milliseconds_cell(routing.regret_seconds.p99)));
  return parts.empty() ? "" : "routing     " + join(parts, "; ") + '\n';
}

std::string head(const Summary& summary) {
  const RequestCounts& counts = summary.total.requests;
  const Throughput& rates = summary.total.throughput;
  std::string text =
      fmt::format("verdict     {}: {}\n", to_string(summary.verdict.state), summary.verdict.reason);
  text +=
      fmt::format("requests    {} offered, {} completed, {} {}, {} rejected in {} s\n", counts.offered,
                  counts.completed, counts.failed, summary.availability ? "timed out or lost" : "timed out",
                  counts.rejected(), number_cell(summary.duration_seconds));
  text +=
      fmt::format("throughput  {} requests/s, {} input tokens/s, {} output tokens/s\n",
                  number_cell(rates.requests_per_second, 2), number_cell(rates.input_tokens_per_second, 0),
                  number_cell(rates.output_tokens_per_second, 0));
  text += fmt::format("cache       {} of {} prompt tokens hit; {} preemptions\n",
                      percent_cell(summary.total.cache.hit_ratio()), summary.total.cache.prompt_tokens,
                      summary.total.preemptions);
  if (summary.sizing) text += tiers_line(summary.total);
  return text + routing_line(summary.routing);
}

std::string cost_and_power(const Summary& summary) {
  std::string text =
      fmt::format("power       {} W mean, {} J per output token (prior)\n",
                  number_cell(summary.mean_watts, 0), number_cell(summary.joules_per_output_token, 2));
  if (summary.cost_per_hour)
    text +=
        fmt::format("cost        {} {}/h, {} {} per million output tokens\n",
                    number_cell(*summary.cost_per_hour, 2), summary.currency,
                    number_cell(summary.cost_per_million_output_tokens.value_or(NAN), 2), summary.currency);
  return text;
}

std::string pools_table(const std::vector<PoolSummary>& pools) {
  Table rows{{"pool", "accelerator", "replicas", "requests", "TTFT p50", "TTFT p99", "TPOT p50", "out tok/s",
              "busy", "KV use", "hits", "W"}};
  for (const PoolSummary& pool : pools)
    rows.push_back({pool.name, pool.info.accelerator, std::to_string(pool.info.replicas),
                    std::to_string(pool.requests.offered), milliseconds_cell(pool.latency.ttft.p50),
                    milliseconds_cell(pool.latency.ttft.p99), milliseconds_cell(pool.latency.tpot.p50),
                    number_cell(pool.throughput.output_tokens_per_second, 0),
                    percent_cell(pool.busy_fraction), percent_cell(pool.kv_usage_mean),
                    percent_cell(pool.cache.hit_ratio()), number_cell(pool.mean_watts, 0)});
  return format_table(rows);
}

std::string availability_table(const Summary& summary) {
  Table rows{{"availability", "up", "outages", "requests lost", "sent again", "completed"}};
  const auto add = [&rows](const std::string& name, const AvailabilityPart& part, const std::string& share) {
    rows.push_back({name, percent_cell(part.up_fraction()), std::to_string(part.outages),
                    std::to_string(part.lost), std::to_string(part.retried), share});
  };
  for (const AvailabilityPart& pool : summary.availability->pools) add("pool " + pool.name, pool, "");
  for (const AvailabilityPart& site : summary.availability->sites) add("site " + site.name, site, "");
  add("fleet", summary.availability->fleet, percent_cell(summary.total.requests.completed_share()));
  return format_table(rows);
}

std::string slo_table(const std::vector<SloSummary>& slo) {
  Table rows{{"class", "met of offered", "of completed", "worst hour", "goodput req/s"}};
  for (const SloSummary& row : slo)
    rows.push_back({row.slo_class, percent_cell(row.attainment), percent_cell(row.attainment_of_completed),
                    percent_cell(row.worst_hour_attainment),
                    number_cell(row.goodput_requests_per_second, 2)});
  return format_table(rows);
}

// Rows of one model (class, tenant) alone say nothing new.
std::string groups_table(const char* what, const std::vector<GroupSummary>& groups) {
  if (groups.size() < 2) return "";
  Table rows{
      {what, "requests", "completed", "TTFT p50", "TTFT p99", "TPOT p50", "E2E p99", "out tok/s", "hits"}};
  for (const GroupSummary& group : groups)
    rows.push_back(
        {group.name, std::to_string(group.requests.offered), std::to_string(group.requests.completed),
         milliseconds_cell(group.latency.ttft.p50), milliseconds_cell(group.latency.ttft.p99),
         milliseconds_cell(group.latency.tpot.p50), milliseconds_cell(group.latency.e2e.p99),
         number_cell(group.throughput.output_tokens_per_second, 0), percent_cell(group.cache.hit_ratio())});
  return '\n' + format_table(rows);
}

}  // namespace

std::string results_table(const Summary& summary) {
  std::string text = head(summary) + cost_and_power(summary) + '\n' + latency_table(summary.total.latency) +
                     '\n' + pools_table(summary.pools);
  if (summary.availability) text += '\n' + availability_table(summary);
  if (!summary.slo.empty()) text += '\n' + slo_table(summary.slo);
  text += groups_table("model", summary.models) + groups_table("class", summary.classes) +
          groups_table("tenant", summary.tenants);
  if (summary.sizing) text += sizing_table(*summary.sizing);
  if (summary.uncertainty) text += '\n' + uncertainty_table(*summary.uncertainty);
  if (!summary.validity.empty()) text += "\nto know before using these figures:\n";
  for (const Note& note : summary.validity) text += fmt::format("  {}: {}\n", note.what, note.reason);
  return text;
}

}  // namespace kvsim::sim
