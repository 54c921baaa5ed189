// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "traces/population/summary.h"
#include "traces/population/week.h"

namespace kvsim::traces {

namespace {

std::string whole(double value) { return fmt::format("{:.0f}", value); }
std::string rate(double value) { return fmt::format("{:.3f}", value); }

SummaryTable tenants_table(const PopulationSummary& summary) {
  SummaryTable table{fmt::format("tenants ({} case, mean working day)", summary.chosen_case), {}};
  table.rows = {{"tenant", "users", "active_users", "sessions_per_day", "requests_per_day",
                 "turns_per_session", "own_tokens_per_session"}};
  for (const TenantSummary& t : summary.tenants) {
    table.rows.push_back({t.name, whole(t.users), whole(t.active_users), whole(t.sessions_per_day),
                          whole(t.requests_per_day), fmt::format("{:.2f}", t.turns_per_session),
                          whole(t.own_tokens_per_session)});
  }
  return table;
}

void add_lengths(SummaryTable& table, const std::string& who, const char* what, const LengthPercentiles& p) {
  table.rows.push_back({who, what, whole(p.mean), whole(p.p50), whole(p.p90), whole(p.p95), whole(p.p99)});
}

SummaryTable lengths_table(const PopulationSummary& summary) {
  SummaryTable table{"lengths in tokens", {{"tenant", "what", "mean", "p50", "p90", "p95", "p99"}}};
  for (const TenantSummary& tenant : summary.tenants) {
    add_lengths(table, tenant.name, "input", tenant.input_tokens);
    add_lengths(table, tenant.name, "output", tenant.output_tokens);
  }
  add_lengths(table, "(all)", "input", summary.input_tokens);
  add_lengths(table, "(all)", "output", summary.output_tokens);
  return table;
}

SummaryTable days_table(const PopulationSummary& summary) {
  SummaryTable table{fmt::format("days (peak day: x {}; {} s of service assumed)", summary.peak_day,
                                 summary.service_seconds),
                     {}};
  table.rows = {{"day", "requests", "busiest_hour_requests_per_second", "busiest_hour_concurrent_requests",
                 "kv_working_set_tokens"}};
  for (const DaySummary& day : summary.days) {
    table.rows.push_back({day.name, whole(day.requests), rate(day.busiest_requests_per_second),
                          fmt::format("{:.1f}", day.busiest_concurrent_requests),
                          whole(day.kv_working_set_tokens)});
  }
  return table;
}

SummaryTable hours_table(const PopulationSummary& summary) {
  SummaryTable table{"hours of the week", {}};
  table.rows = {{"hour", "requests_per_second", "concurrent_requests", "input_tokens_per_second",
                 "output_tokens_per_second", "kv_working_set_tokens"}};
  for (const HourSummary& hour : summary.hours) {
    table.rows.push_back({hour_name(hour.hours), rate(hour.requests_per_second),
                          fmt::format("{:.1f}", hour.concurrent_requests),
                          whole(hour.input_tokens_per_second), whole(hour.output_tokens_per_second),
                          whole(hour.kv_working_set_tokens)});
  }
  return table;
}

}  // namespace

std::vector<SummaryTable> summary_tables(const PopulationSummary& summary) {
  return {tenants_table(summary), lengths_table(summary), days_table(summary), hours_table(summary)};
}

}  // namespace kvsim::traces
