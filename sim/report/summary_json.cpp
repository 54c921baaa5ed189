// SPDX-License-Identifier: Apache-2.0
#include "sim/report/summary_json.h"

#include <cmath>

#include "sim/report/availability_json.h"
#include "sim/report/distribution_json.h"
#include "sim/report/results_folder.h"
#include "sim/report/routing_json.h"
#include "sim/report/sizing_json.h"
#include "sim/report/validity_json.h"

namespace kvsim::sim {
namespace {

void add_requests(JsonWriter& json, const RequestCounts& counts) {
  json.key("requests").begin_object();
  json.member("offered", counts.offered).member("completed", counts.completed);
  json.member("failed", counts.failed).member("rejected", counts.rejected());
  json.key("rejected_for").begin_object();
  json.member("too_long", counts.rejected_too_long).member("no_route", counts.rejected_no_route);
  json.member("shed", counts.rejected_shed).member("router_failed", counts.rejected_router_failed);
  json.member("hand_over_failed", counts.rejected_hand_over_failed);
  json.end_object().end_object();
}

void add_throughput(JsonWriter& json, const char* name, const Throughput& rates) {
  json.key(name).begin_object();
  json.member("requests_per_second", rates.requests_per_second);
  json.member("input_tokens_per_second", rates.input_tokens_per_second);
  json.member("output_tokens_per_second", rates.output_tokens_per_second);
  json.end_object();
}

void add_latency(JsonWriter& json, const Latency& latency) {
  json.key("latency").begin_object();
  add_distribution(json, "ttft_seconds", latency.ttft);
  add_distribution(json, "tpot_seconds", latency.tpot);
  add_distribution(json, "itl_seconds", latency.itl);
  add_distribution(json, "e2e_seconds", latency.e2e);
  add_distribution(json, "queue_seconds", latency.queue);
  add_distribution(json, "load_wait_seconds", latency.load_wait);
  add_distribution(json, "ttft_from_schedule_seconds", latency.ttft_from_schedule);
  json.end_object();
}

std::uint64_t whole(double bytes) { return static_cast<std::uint64_t>(std::llround(bytes)); }

void add_hits(JsonWriter& json, const CacheUse& cache) {
  json.key("hit_tokens").begin_object();
  json.member("gpu", cache.hit_tokens_gpu).member("host", cache.hit_tokens_host);
  json.member("storage", cache.hit_tokens_storage).member("peer", 0).end_object();
}

// `storage`: what its systems lost, which only the whole fleet knows.
void add_losses(JsonWriter& json, const KvTraffic& traffic, const StorageLosses* storage) {
  const TierTotals& tiers = traffic.tiers;
  json.key("evicted_blocks").begin_object();
  json.member("gpu", traffic.gpu_evicted_blocks).member("host", tiers.host_evicted_blocks);
  if (storage != nullptr) json.member("storage", storage->evicted_blocks);
  json.end_object().key("expired_blocks").begin_object().member("host", tiers.host_expired_blocks);
  if (storage != nullptr) json.member("storage", storage->expired_blocks);
  json.end_object().key("erased_blocks").begin_object().member("host", tiers.host_erased_blocks);
  if (storage != nullptr) json.member("storage", storage->erased_blocks);
  json.end_object();
}

void add_traffic(JsonWriter& json, const KvTraffic& traffic, const StorageLosses* storage) {
  const TierTotals& tiers = traffic.tiers;
  add_losses(json, traffic, storage);
  json.key("written_bytes").begin_object().member("host", whole(tiers.to_host_bytes));
  json.member("storage", whole(tiers.storage_written_bytes)).end_object();
  json.key("read_bytes").begin_object().member("host", whole(tiers.to_gpu_bytes));
  json.member("storage", whole(tiers.storage_read_bytes)).end_object();
  json.member("skipped_store_blocks", tiers.skipped_store_blocks);
  json.member("dropped_write_blocks", tiers.dropped_write_blocks);
  json.member("refused_promotion_blocks", tiers.refused_promotion_blocks);
}

void add_cache(JsonWriter& json, const GroupSummary& group, const KvTraffic* traffic,
               const StorageLosses* storage) {
  json.key("cache").begin_object();
  json.member("prompt_tokens", group.cache.prompt_tokens);
  add_hits(json, group.cache);
  json.member("hit_ratio", group.cache.hit_ratio()).member("loaded_share", group.loaded_share());
  if (traffic != nullptr) add_traffic(json, *traffic, storage);
  json.end_object();
}

void add_time(JsonWriter& json, const TimeSplit& time) {
  json.key("time_per_request").begin_object();
  json.member("before_queue_seconds", time.before_queue).member("queue_seconds", time.queue);
  json.member("load_seconds", time.load);
  json.member("prefill_seconds", time.prefill).member("decode_seconds", time.decode);
  json.end_object();
}

void add_group(JsonWriter& json, const GroupSummary& group, const KvTraffic* traffic,
               const StorageLosses* storage) {
  add_requests(json, group.requests);
  add_throughput(json, "throughput", group.throughput);
  add_latency(json, group.latency);
  add_cache(json, group, traffic, storage);
  json.member("preemptions", group.preemptions).member("recomputed_tokens", group.recomputed_tokens);
  add_time(json, group.time);
  json.member("slo_attainment", group.slo_attainment);
}

void add_groups(JsonWriter& json, const char* name, const std::vector<GroupSummary>& groups) {
  json.key(name).begin_array();
  for (const GroupSummary& group : groups) {
    json.begin_object().member("name", group.name);
    add_group(json, group, nullptr, nullptr);
    json.end_object();
  }
  json.end_array();
}

void add_pool(JsonWriter& json, const PoolSummary& pool) {
  json.begin_object().member("name", pool.name).member("site", pool.info.site);
  json.member("accelerator", pool.info.accelerator).member("model", pool.info.model);
  json.member("replicas", pool.info.replicas);
  json.member("accelerators_per_replica", pool.info.accelerators_per_replica);
  json.member("profile", pool.info.profile).member("busy_fraction", pool.busy_fraction);
  json.member("compute_utilisation", pool.compute_utilisation);
  json.member("memory_utilisation", pool.memory_utilisation);
  json.key("kv_usage").begin_object();
  json.member("mean", pool.kv_usage_mean).member("max", pool.kv_usage_max).end_object();
  json.member("mean_watts", pool.mean_watts);
  add_step_time(json, pool);
  add_group(json, pool, &pool.traffic, nullptr);
  json.end_object();
}

const char* metric_name(SloMetric metric) {
  switch (metric) {
    case SloMetric::kTtft:
      return "ttft_seconds";
    case SloMetric::kTpot:
      return "tpot_seconds";
    case SloMetric::kE2e:
      break;
  }
  return "e2e_seconds";
}

void add_slo(JsonWriter& json, const SloSummary& slo) {
  json.begin_object().member("class", slo.slo_class).key("objectives").begin_object();
  for (const Objective& objective : slo.objectives)
    json.member(metric_name(objective.metric), objective.limit_seconds);
  json.end_object().member("offered", slo.offered).member("met", slo.met);
  json.member("attainment", slo.attainment).member("attainment_of_completed", slo.attainment_of_completed);
  json.member("worst_hour_attainment", slo.worst_hour_attainment);
  json.member("goodput_requests_per_second", slo.goodput_requests_per_second);
  json.member("goodput_tokens_per_second", slo.goodput_tokens_per_second).end_object();
}

void add_interval(JsonWriter& json, const char* name, const std::optional<Interval>& interval) {
  json.key(name);
  if (interval)
    json.begin_array().value(interval->low).value(interval->high).end_array();
  else
    json.null();
}

void add_intervals(JsonWriter& json, const char* name, const MetricIntervals& intervals) {
  json.key(name).begin_object();
  add_interval(json, "mean", intervals.mean);
  add_interval(json, "p50", intervals.p50);
  add_interval(json, "p90", intervals.p90);
  add_interval(json, "p99", intervals.p99);
  json.end_object();
}

void add_verdict(JsonWriter& json, const Verdict& verdict) {
  json.key("verdict").begin_object();
  json.member("state", to_string(verdict.state)).member("reason", verdict.reason);
  json.member("warmup_seconds", verdict.warmup_seconds);
  json.member("requests_after_warmup", verdict.requests_after_warmup);
  json.member("backlog_growth_requests_per_second", verdict.backlog_growth_requests_per_second);
  json.key("percentile_ci").begin_object().member("level", 0.95);
  add_intervals(json, "ttft_seconds", verdict.ttft);
  add_intervals(json, "e2e_seconds", verdict.e2e);
  json.end_object();
  add_throughput(json, "steady_throughput", verdict.steady_throughput);
  json.end_object();
}

void add_scenario(JsonWriter& json, const ScenarioFacts& scenario) {
  json.key("scenario").begin_object();
  json.member("fleet", scenario.fleet).member("trace", scenario.trace).key("models").begin_array();
  for (const std::string& model : scenario.models) json.value(model);
  json.end_array().member("seed", scenario.seed).key("digests").begin_object();
  for (const auto& [what, digest] : scenario.digests) json.member(what, digest);
  json.end_object().end_object();
}

void add_cost_and_power(JsonWriter& json, const Summary& summary) {
  json.key("cost").begin_object().member("per_hour", summary.cost_per_hour);
  json.member("per_million_output_tokens", summary.cost_per_million_output_tokens);
  json.member("currency", summary.currency).end_object();
  json.key("power").begin_object().member("mean_watts", summary.mean_watts);
  json.member("joules_per_output_token", summary.joules_per_output_token).end_object();
}

void add_validity(JsonWriter& json, const std::vector<Note>& notes) {
  json.key("validity").begin_array();
  for (const Note& note : notes)
    json.begin_object().member("what", note.what).member("reason", note.reason).end_object();
  json.end_array();
}

void add_performance(JsonWriter& json, const Summary& summary) {
  const Performance& performance = summary.performance;
  json.key("performance").begin_object().member("wall_seconds", performance.wall_seconds);
  std::optional<double> rate;
  if (performance.wall_seconds && *performance.wall_seconds > 0)
    rate = static_cast<double>(summary.total.requests.offered) / *performance.wall_seconds;
  json.member("simulated_requests_per_second", rate);
  json.member("peak_rss_bytes", performance.peak_rss_bytes).end_object();
}

}  // namespace

void add_summary(JsonWriter& json, const Summary& summary) {
  json.begin_object();
  json.key("kvsim")
      .begin_object()
      .member("version", KVSIM_VERSION)
      .member("schema", kSummarySchema)
      .end_object();
  add_scenario(json, summary.scenario);
  json.member("duration_seconds", summary.duration_seconds);
  add_group(json, summary.total, &summary.traffic, &summary.storage_losses);
  json.key("slo").begin_array();
  for (const SloSummary& slo : summary.slo) add_slo(json, slo);
  json.end_array();
  add_verdict(json, summary.verdict);
  add_routing(json, summary);
  json.key("fairness").begin_object().member("jain", summary.jain).end_object();
  add_groups(json, "models", summary.models);
  add_groups(json, "classes", summary.classes);
  add_groups(json, "tenants", summary.tenants);
  json.key("pools").begin_array();
  for (const PoolSummary& pool : summary.pools) add_pool(json, pool);
  json.end_array();
  if (summary.availability) add_availability(json, *summary.availability, summary.total.requests);
  if (summary.sizing) {
    json.key("sizing");
    add_sizing(json, *summary.sizing);
  }
  add_cost_and_power(json, summary);
  if (summary.uncertainty) add_uncertainty(json, *summary.uncertainty);
  add_validity(json, summary.validity);
  add_performance(json, summary);
  json.end_object();
}

void write_summary_json(std::ostream& out, const Summary& summary) {
  JsonWriter json(out);
  add_summary(json, summary);
}

}  // namespace kvsim::sim
