// SPDX-License-Identifier: Apache-2.0
#include "cli/population_info.h"

#include <fmt/format.h>

#include "base/text.h"

namespace kvsim::cli {
namespace {

using traces::DaySummary;
using traces::HourSummary;

constexpr const char* kWorkingSet = "kv_working_set_tokens";

// Working sets stand in the last column of the tables that have any.
void add_gigabytes(traces::SummaryTable& table, double kv_bytes_per_token) {
  if (table.rows.front().back() != kWorkingSet) return;
  for (auto& row : table.rows) {
    const auto tokens = parse_integer(row.back());
    row.push_back(tokens ? fmt::format("{:.1f}", static_cast<double>(*tokens) * kv_bytes_per_token * 1e-9)
                         : "kv_working_set_GB");
  }
}

void write_lengths(JsonWriter& json, const char* name, const traces::LengthPercentiles& lengths) {
  json.key(name).begin_object().member("mean", lengths.mean).member("p50", lengths.p50);
  json.member("p90", lengths.p90).member("p95", lengths.p95).member("p99", lengths.p99).end_object();
}

void write_working_set(JsonWriter& json, double tokens, double kv_bytes_per_token) {
  json.member(kWorkingSet, tokens);
  if (kv_bytes_per_token > 0) json.member("kv_working_set_bytes", tokens * kv_bytes_per_token);
}

void write_tenant(JsonWriter& json, const traces::TenantSummary& tenant) {
  json.begin_object().member("name", tenant.name).member("users", tenant.users);
  json.member("active_users", tenant.active_users).member("sessions_per_day", tenant.sessions_per_day);
  json.member("requests_per_day", tenant.requests_per_day);
  json.member("turns_per_session", tenant.turns_per_session);
  json.member("own_tokens_per_session", tenant.own_tokens_per_session);
  write_lengths(json, "input_tokens", tenant.input_tokens);
  write_lengths(json, "output_tokens", tenant.output_tokens);
  json.end_object();
}

void write_day(JsonWriter& json, const DaySummary& day, double kv_bytes_per_token) {
  json.begin_object().member("name", day.name).member("requests", day.requests);
  json.member("busiest_requests_per_second", day.busiest_requests_per_second);
  json.member("busiest_concurrent_requests", day.busiest_concurrent_requests);
  write_working_set(json, day.kv_working_set_tokens, kv_bytes_per_token);
  json.end_object();
}

void write_hour(JsonWriter& json, const HourSummary& hour, double kv_bytes_per_token) {
  json.begin_object().member("hours_from_monday", hour.hours);
  json.member("requests_per_second", hour.requests_per_second);
  json.member("concurrent_requests", hour.concurrent_requests);
  json.member("input_tokens_per_second", hour.input_tokens_per_second);
  json.member("output_tokens_per_second", hour.output_tokens_per_second);
  write_working_set(json, hour.kv_working_set_tokens, kv_bytes_per_token);
  json.end_object();
}

}  // namespace

std::string population_text(const traces::PopulationSummary& summary, double kv_bytes_per_token) {
  std::string text;
  for (traces::SummaryTable& table : traces::summary_tables(summary)) {
    if (kv_bytes_per_token > 0) add_gigabytes(table, kv_bytes_per_token);
    text += table.title + "\n" + format_table(table.rows) + "\n";
  }
  for (const auto& [what, reason] : summary.notes) text += what + ": " + reason + "\n";
  return text + "\nthe window that is simulated: " + summary.window + "\n";
}

void write_population(JsonWriter& json, const traces::PopulationSummary& summary, double kv_bytes_per_token) {
  json.begin_object().member("name", summary.name).member("case", summary.chosen_case);
  json.member("window", summary.window).member("growth", summary.growth).member("peak_day", summary.peak_day);
  json.member("service_seconds", summary.service_seconds);
  write_lengths(json, "input_tokens", summary.input_tokens);
  write_lengths(json, "output_tokens", summary.output_tokens);
  json.key("tenants").begin_array();
  for (const traces::TenantSummary& tenant : summary.tenants) write_tenant(json, tenant);
  json.end_array().key("days").begin_array();
  for (const DaySummary& day : summary.days) write_day(json, day, kv_bytes_per_token);
  json.end_array().key("hours").begin_array();
  for (const HourSummary& hour : summary.hours) write_hour(json, hour, kv_bytes_per_token);
  json.end_array().end_object();
}

}  // namespace kvsim::cli
