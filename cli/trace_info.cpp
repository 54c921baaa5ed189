// SPDX-License-Identifier: Apache-2.0
#include "cli/trace_info.h"

#include <fmt/format.h>

#include "base/text.h"
#include "cli/population_info.h"

namespace kvsim::cli {
namespace {

using Rows = std::vector<std::vector<std::string>>;

void write_arrivals(JsonWriter& json, const traces::ArrivalShape& shape) {
  json.key("arrivals").begin_object();
  json.member("requests", shape.requests)
      .member("sessions", shape.sessions)
      .member("later_turns", shape.later_turns);
  json.member("span_seconds", shape.span_seconds).member("mean_per_second", shape.mean_per_second);
  json.member("peak_second_per_second", shape.peak_second_per_second);
  json.member("peak_minute_per_second", shape.peak_minute_per_second);
  json.member("gap_variation", shape.gap_variation).member("minute_dispersion", shape.minute_dispersion);
  json.member("same_stamp_share", shape.same_stamp_share);
  json.member("smallest_gap_seconds", shape.smallest_gap_seconds).end_object();
}

void write_lengths(JsonWriter& json, const char* name, const traces::LengthShape& shape) {
  json.key(name).begin_object().member("total", shape.total).member("mean", shape.mean);
  json.member("p50", shape.p50).member("p90", shape.p90).member("p95", shape.p95).member("p99", shape.p99);
  json.member("max", shape.max).end_object();
}

void write_capacities(JsonWriter& json, const TraceInfo& info) {
  json.key("by_capacity").begin_array();
  for (const traces::CapacityPoint& point : info.profile.by_capacity) {
    json.begin_object().member("capacity_tokens", point.capacity_tokens);
    if (!info.model.empty()) {
      json.member("capacity_bytes", static_cast<double>(point.capacity_tokens) * info.kv_bytes_per_token);
    }
    json.member("lru_hit_ratio", point.lru_hit_ratio);
    if (info.lfu) json.member("lfu_hit_ratio", point.lfu_hit_ratio);
    json.end_object();
  }
  json.end_array();
}

double peak_tokens(const TraceInfo& info, const traces::RetentionPoint& point) {
  return static_cast<double>(point.peak_blocks) * info.profile.block_tokens;
}

void write_retentions(JsonWriter& json, const TraceInfo& info) {
  json.key("by_retention").begin_array();
  for (const traces::RetentionPoint& point : info.profile.by_retention) {
    json.begin_object()
        .member("retention_seconds", point.retention_seconds)
        .member("hit_ratio", point.hit_ratio);
    json.member("peak_tokens", peak_tokens(info, point));
    if (!info.model.empty()) json.member("peak_bytes", peak_tokens(info, point) * info.kv_bytes_per_token);
    json.end_object();
  }
  json.end_array();
}

void write_reuse(JsonWriter& json, const TraceInfo& info) {
  const traces::TraceProfile& profile = info.profile;
  json.key("reuse").begin_object().member("block_tokens", profile.block_tokens);
  json.member("block_references", profile.references).member("unique_blocks", profile.unique_blocks);
  json.member("hits", profile.hits).member("hit_ratio", profile.hit_ratio);
  write_capacities(json, info);
  write_retentions(json, info);
  json.end_object();
  json.key("engine").begin_object().member("block_tokens", profile.engine_block_tokens);
  json.member("hit_tokens", profile.engine_hit_tokens)
      .member("prompt_tokens", profile.prompt_tokens)
      .end_object();
}

std::string percent(double share) { return fmt::format("{:.2f} %", 100 * share); }

std::string gigabytes(const TraceInfo& info, double tokens) {
  return info.model.empty() ? "" : fmt::format("{:.1f}", tokens * info.kv_bytes_per_token * 1e-9);
}

std::string length_row_table(const TraceInfo& info) {
  Rows rows = {{"tokens", "mean", "p50", "p90", "p95", "p99", "max", "total"}};
  const auto add = [&](const char* name, const traces::LengthShape& shape) {
    rows.push_back({name, fmt::format("{:.1f}", shape.mean), fmt::format("{:.0f}", shape.p50),
                    fmt::format("{:.0f}", shape.p90), fmt::format("{:.0f}", shape.p95),
                    fmt::format("{:.0f}", shape.p99), fmt::format("{}", shape.max),
                    fmt::format("{}", shape.total)});
  };
  add("input", info.profile.input);
  add("output", info.profile.output);
  return format_table(rows);
}

std::string arrivals_text(const traces::ArrivalShape& shape) {
  std::string text =
      fmt::format("{} requests over {:.1f} s: {:.2f}/s, busiest minute {:.2f}/s, busiest second {:.0f}/s\n",
                  shape.requests, shape.span_seconds, shape.mean_per_second, shape.peak_minute_per_second,
                  shape.peak_second_per_second);
  text += fmt::format(
      "gaps vary by {:.2f} of their mean, arrivals a minute have {:.2f} times the variance of Poisson\n",
      shape.gap_variation, shape.minute_dispersion);
  if (shape.sessions > 0) {
    text +=
        fmt::format("{} sessions; {} requests wait for an answer (timed here as if answers took no time)\n",
                    shape.sessions, shape.later_turns);
  }
  if (shape.same_stamp_share > 0.05) {
    text += fmt::format(
        "{} of arrivals share a stamp with the one before; stamps are {:.3f} s apart or more: "
        "see --spread\n",
        percent(shape.same_stamp_share), shape.smallest_gap_seconds);
  }
  return text;
}

std::string capacity_table(const TraceInfo& info) {
  Rows rows = {{"cache tokens", "GB", "LRU hits", "LFU hits"}};
  for (const traces::CapacityPoint& point : info.profile.by_capacity) {
    rows.push_back({fmt::format("{}", point.capacity_tokens),
                    gigabytes(info, static_cast<double>(point.capacity_tokens)), percent(point.lru_hit_ratio),
                    percent(point.lfu_hit_ratio)});
  }
  for (auto& row : rows) {
    if (!info.lfu) row.pop_back();
    if (info.model.empty()) row.erase(row.begin() + 1);
  }
  return format_table(rows);
}

std::string retention_table(const TraceInfo& info) {
  Rows rows = {{"kept for", "hits", "peak tokens", "peak GB"}};
  for (const traces::RetentionPoint& point : info.profile.by_retention) {
    const double hours = point.retention_seconds / 3600;
    rows.push_back({hours < 1    ? fmt::format("{:g} min", 60 * hours)
                    : hours < 48 ? fmt::format("{:g} h", hours)
                                 : fmt::format("{:g} d", hours / 24),
                    percent(point.hit_ratio), fmt::format("{:.0f}", peak_tokens(info, point)),
                    gigabytes(info, peak_tokens(info, point))});
  }
  for (auto& row : rows) {
    if (info.model.empty()) row.pop_back();
  }
  return format_table(rows);
}

std::string reuse_text(const TraceInfo& info) {
  const traces::TraceProfile& profile = info.profile;
  std::string text =
      fmt::format("prompts in blocks of {} tokens: {} of {} blocks were seen before ({}), {} different\n",
                  profile.block_tokens, profile.hits, profile.references, percent(profile.hit_ratio),
                  profile.unique_blocks);
  const double share =
      static_cast<double>(profile.engine_hit_tokens) / static_cast<double>(profile.prompt_tokens);
  text += fmt::format("an engine with full blocks of {} and no limit finds {} of {} prompt tokens ({})\n",
                      profile.engine_block_tokens, profile.engine_hit_tokens, profile.prompt_tokens,
                      percent(share));
  if (!info.model.empty()) {
    text += fmt::format("{}: {:.0f} bytes of KV a token\n", info.model, info.kv_bytes_per_token);
  }
  return text;
}

}  // namespace

void write_trace_info(JsonWriter& json, const TraceInfo& info) {
  json.begin_object().member("description", info.description).member("format", info.format);
  json.key("skipped").begin_array();
  for (const traces::Skipped& skipped : info.skipped) {
    json.begin_object().member("reason", skipped.reason).member("records", skipped.records).end_object();
  }
  json.end_array();
  if (!info.model.empty())
    json.member("model", info.model).member("kv_bytes_per_token", info.kv_bytes_per_token);
  if (info.population) write_population(json.key("population"), *info.population, info.kv_bytes_per_token);
  write_arrivals(json, info.profile.arrivals);
  write_lengths(json, "input_tokens", info.profile.input);
  write_lengths(json, "output_tokens", info.profile.output);
  write_reuse(json, info);
  json.end_object();
}

std::string trace_info_text(const TraceInfo& info) {
  std::string text = info.description + "\n";
  for (const traces::Skipped& skipped : info.skipped) {
    text += fmt::format("passed over {} records: {}\n", skipped.records, skipped.reason);
  }
  if (info.population) text += "\n" + population_text(*info.population, info.kv_bytes_per_token);
  text += arrivals_text(info.profile.arrivals) + "\n" + length_row_table(info) + "\n" + reuse_text(info);
  return text + "\n" + capacity_table(info) + "\n" + retention_table(info);
}

}  // namespace kvsim::cli
