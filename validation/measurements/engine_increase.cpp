// SPDX-License-Identifier: Apache-2.0
#include "validation/measurements/engine_increase.h"

#include <cmath>

#include "base/text.h"

namespace kvsim::validation {
namespace {

bool take_ending(std::string& name, std::string_view ending) {
  if (!name.ends_with(ending)) return false;
  name.resize(name.size() - ending.size());
  return true;
}

void add_up(std::optional<double>& sum, double value) { sum = sum.value_or(0) + value; }

std::optional<std::uint64_t> whole(const Labels& labels, std::string_view name) {
  const auto found = labels.find(name);
  const auto value = found == labels.end() ? std::nullopt : parse_integer(found->second);
  return value && *value > 0 ? std::optional(static_cast<std::uint64_t>(*value)) : std::nullopt;
}

bool is_failure(const std::string& reason) { return reason == "abort" || reason == "error"; }

}  // namespace

std::string plain_name(std::string_view name) {
  for (const std::string_view lead : {"vllm:", "vllm_"})
    if (name.starts_with(lead)) return std::string(name.substr(lead.size()));
  return std::string(name);
}

std::string gauge_metric(std::string_view plain_name) {
  if (plain_name == "num_requests_running") return "running_requests";
  if (plain_name == "num_requests_waiting") return "waiting_requests";
  if (plain_name == "kv_cache_usage_perc" || plain_name == "gpu_cache_usage_perc") return "kv_usage";
  return "";
}

EngineFacts engine_facts(const Labels& labels) {
  return {whole(labels, "num_gpu_blocks"), whole(labels, "block_size")};
}

void EngineIncrease::add(const std::string& full_name, const Labels& labels, double increase) {
  if (std::isnan(increase)) return;
  std::string name = plain_name(full_name);
  if (take_ending(name, "_bucket")) {
    const auto bound = labels.find("le");
    const auto value = bound == labels.end() ? std::nullopt : parse_metric_value(bound->second);
    if (value && !std::isnan(*value)) histograms_[name].up_to[*value] += increase;
  } else if (take_ending(name, "_sum")) {
    add_up(histograms_[name].sum, increase);
  } else if (take_ending(name, "_count")) {
    add_up(histograms_[name].count, increase);
  } else if (take_ending(name, "_total")) {
    const auto reason = labels.find("finished_reason");
    if (name == "request_success" && reason != labels.end()) {
      finished_[reason->second] += increase;
    } else {
      counters_[name] += increase;
    }
  }
}

std::optional<double> EngineIncrease::counter(const std::string& name) const {
  const auto found = counters_.find(name);
  return found == counters_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<double> EngineIncrease::mean(const std::string& histogram) const {
  const auto found = histograms_.find(histogram);
  return found == histograms_.end() ? std::nullopt : ratio(found->second.sum, found->second.count);
}

std::optional<double> EngineIncrease::quantile(const std::string& histogram, double share) const {
  const auto found = histograms_.find(histogram);
  return found == histograms_.end() ? std::nullopt : quantile(found->second, share);
}

// As Prometheus' histogram_quantile: even within a bucket. What lies above the last finite bound is unknown.
std::optional<double> EngineIncrease::quantile(const Histogram& histogram, double share) {
  if (histogram.up_to.empty() || !(histogram.up_to.rbegin()->second > 0)) return {};
  const double rank = share * histogram.up_to.rbegin()->second;
  double low = 0, below = 0;
  for (const auto& [bound, count] : histogram.up_to) {
    if (count >= rank) {
      if (std::isinf(bound)) return {};
      return count > below ? low + (bound - low) * (rank - below) / (count - below) : bound;
    }
    low = bound;
    below = count;
  }
  return {};
}

void EngineIncrease::add_latency(std::string_view metric, std::initializer_list<const char*> names,
                                 FigureList& figures) const {
  for (const char* name : names) {
    const auto found = histograms_.find(name);
    if (found == histograms_.end()) continue;
    figures.add(metric, "mean", ratio(found->second.sum, found->second.count));
    figures.add(metric, "p50", quantile(found->second, 0.5));
    figures.add(metric, "p90", quantile(found->second, 0.9));
    figures.add(metric, "p95", quantile(found->second, 0.95));
    figures.add(metric, "p99", quantile(found->second, 0.99));
  }
}

void EngineIncrease::add_to(Measurements& run, std::optional<double> seconds) const {
  MeasuredStage stage;
  stage.duration_seconds = seconds;
  for (const auto& [reason, requests] : finished_)
    add_up(is_failure(reason) ? stage.failures : stage.successes, requests);
  if (!finished_.empty()) stage.requests = stage.successes.value_or(0) + stage.failures.value_or(0);
  stage.prompt_tokens_mean = mean("request_prompt_tokens");
  stage.output_tokens_mean = mean("request_generation_tokens");
  stage.prompt_tokens_p50 = quantile("request_prompt_tokens", 0.5);
  stage.prompt_tokens_p95 = quantile("request_prompt_tokens", 0.95);
  stage.output_tokens_p50 = quantile("request_generation_tokens", 0.5);
  stage.output_tokens_p95 = quantile("request_generation_tokens", 0.95);
  stage.requested_rate = ratio(stage.requests, seconds);
  run.stages.push_back(stage);
  FigureList figures(run, {});
  figures.add_counts(stage);
  figures.add("preemptions", counter("num_preemptions"));
  figures.add("requests_per_second", ratio(stage.successes, seconds));
  figures.add("input_tokens_per_second", ratio(counter("prompt_tokens"), seconds));
  figures.add("output_tokens_per_second", ratio(counter("generation_tokens"), seconds));
  for (const std::string lead : {"", "gpu_"})
    figures.add("hit_ratio",
                ratio(counter(lead + "prefix_cache_hits"), counter(lead + "prefix_cache_queries")));
  add_latency("ttft_seconds", {"time_to_first_token_seconds"}, figures);
  add_latency("tpot_seconds", {"request_time_per_output_token_seconds"}, figures);
  add_latency("itl_seconds", {"inter_token_latency_seconds", "time_per_output_token_seconds"}, figures);
  add_latency("e2e_seconds", {"e2e_request_latency_seconds"}, figures);
  add_latency("queue_seconds", {"request_queue_time_seconds"}, figures);
  if (!histograms_.empty())
    note(
        run,
        "latencies are those of the engine, without router and network; percentiles lie even within buckets");
}

}  // namespace kvsim::validation
