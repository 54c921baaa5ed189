// SPDX-License-Identifier: Apache-2.0
// What follows from a population, before any fleet is simulated: rates by hour of the week, requests in
// flight by Little's law (rate x assumed service time), lengths, and the KV working set: the tokens of all
// different texts touched in an hour or a day. Sessions' own texts count once each; of a library with
// popularities p_k, n sessions touch the sum over k of 1 - exp(-n p_k) documents. Reasoning tokens are left
// out: no later prompt holds them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "traces/population/population.h"

namespace kvsim::traces {

struct LengthPercentiles {
  double mean = 0, p50 = 0, p90 = 0, p95 = 0, p99 = 0;
};

struct TenantSummary {
  std::string name;
  double users = 0;
  double active_users = 0;      // on a mean working day
  double sessions_per_day = 0;  // of all users, mean working day
  double requests_per_day = 0;
  double turns_per_session = 0;       // what the context cap leaves
  double own_tokens_per_session = 0;  // questions and answers at the session's end
  LengthPercentiles input_tokens;
  LengthPercentiles output_tokens;
};

struct HourSummary {
  double hours = 0;  // from Monday 00:00
  double requests_per_second = 0;
  double concurrent_requests = 0;  // by Little's law
  double input_tokens_per_second = 0;
  double output_tokens_per_second = 0;
  double kv_working_set_tokens = 0;  // of this hour
};

struct DaySummary {
  std::string name;  // "mon" .. "sun", "peak day"
  double requests = 0;
  double busiest_requests_per_second = 0;
  double busiest_concurrent_requests = 0;
  double kv_working_set_tokens = 0;  // of this day
};

struct PopulationSummary {
  std::string name;
  std::string chosen_case;
  std::string window;
  double growth = 1;
  double peak_day = 1;
  double service_seconds = 0;
  std::vector<TenantSummary> tenants;
  std::vector<HourSummary> hours;  // 168, without the peak factor
  std::vector<DaySummary> days;    // seven, and the busiest day times the peak factor
  LengthPercentiles input_tokens;  // over all requests
  LengthPercentiles output_tokens;
  std::vector<std::pair<std::string, std::string>> notes;
};

struct SummaryTable {
  std::string title;
  std::vector<std::vector<std::string>> rows;  // the first is the header; for format_table()
};

// `path` may end in `#low`, `#mid` or `#high`, which overrides the file's case. Lengths come from 20,000
// requests a tenant, drawn with `seed`.
PopulationSummary summarize_population(const std::string& path, std::uint64_t seed);
PopulationSummary summarize_population(const Population& population, std::uint64_t seed);
std::vector<SummaryTable> summary_tables(const PopulationSummary& summary);  // tenants, lengths, days, hours

bool is_population_yaml(const std::string& path);  // false where it cannot be read

}  // namespace kvsim::traces
