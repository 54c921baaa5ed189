// SPDX-License-Identifier: Apache-2.0
#include "traces/population/summary.h"

#include <algorithm>
#include <numeric>

#include "traces/population/sample.h"
#include "traces/population/week.h"

namespace kvsim::traces {

namespace {

constexpr std::uint64_t kSampledRequests = 20'000;

// A tenant's summary with what sums over tenants need.
struct Tenant {
  TenantSummary summary;
  SessionSample sample;
  std::vector<TouchedTokens> shared;
  Week sessions{};  // started in each hour

  double working_set(double number_of_sessions) const {
    double tokens = number_of_sessions * summary.own_tokens_per_session;
    for (const TouchedTokens& text : shared) tokens += text.of(number_of_sessions);
    return tokens;
  }
};

Tenant summarize(const PopulationTenant& settings, std::uint64_t seed) {
  Tenant tenant;
  tenant.sample = sample_sessions(settings.stream, kSampledRequests, seed);
  StreamSettings silent = settings.stream;
  silent.session.reasoning_tokens = Distribution(0);
  const SessionSample answers = sample_sessions(silent, kSampledRequests, seed);
  for (const SharedText& text : settings.stream.shared) tenant.shared.emplace_back(text, seed);
  for (std::size_t hour = 0; hour < kHoursPerWeek; ++hour) {
    tenant.sessions[hour] = settings.sessions_per_second[hour] * 3600;
  }
  TenantSummary& summary = tenant.summary;
  summary.name = settings.stream.name;
  summary.users = settings.users;
  summary.active_users = settings.users * settings.active_share;
  summary.sessions_per_day = summary.active_users * settings.sessions_per_day;
  summary.turns_per_session = static_cast<double>(kSampledRequests) / tenant.sample.sessions;
  summary.requests_per_day = summary.sessions_per_day * summary.turns_per_session;
  summary.own_tokens_per_session = answers.new_tokens / answers.sessions;
  summary.input_tokens = percentiles(tenant.sample.inputs);
  summary.output_tokens = percentiles(tenant.sample.outputs);
  return tenant;
}

HourSummary hour_summary(const std::vector<Tenant>& tenants, std::size_t hour, double service_seconds) {
  HourSummary result;
  result.hours = static_cast<double>(hour);
  for (const Tenant& tenant : tenants) {
    const double rate = tenant.sessions[hour] * tenant.summary.turns_per_session / 3600;
    result.requests_per_second += rate;
    result.input_tokens_per_second += rate * tenant.summary.input_tokens.mean;
    result.output_tokens_per_second += rate * tenant.summary.output_tokens.mean;
    result.kv_working_set_tokens += tenant.working_set(tenant.sessions[hour]);
  }
  result.concurrent_requests = result.requests_per_second * service_seconds;
  return result;
}

DaySummary day_summary(const std::vector<Tenant>& tenants, const PopulationSummary& summary, std::size_t day,
                       double factor) {
  DaySummary result;
  result.name = factor == 1 ? day_names()[day] : "peak day";
  for (std::size_t hour = 24 * day; hour < 24 * (day + 1); ++hour) {
    const double rate = factor * summary.hours[hour].requests_per_second;
    result.requests += rate * 3600;
    result.busiest_requests_per_second = std::max(result.busiest_requests_per_second, rate);
  }
  result.busiest_concurrent_requests = result.busiest_requests_per_second * summary.service_seconds;
  for (const Tenant& tenant : tenants) {
    const auto first = tenant.sessions.begin() + static_cast<std::ptrdiff_t>(24 * day);
    result.kv_working_set_tokens += tenant.working_set(factor * std::accumulate(first, first + 24, 0.0));
  }
  return result;
}

// Percentiles over tenants: each tenant's sample counts by its requests a day.
LengthPercentiles mixed(const std::vector<Tenant>& tenants, std::vector<double> SessionSample::*lengths) {
  double most = 0;
  for (const Tenant& tenant : tenants) most = std::max(most, tenant.summary.requests_per_day);
  std::vector<double> all;
  for (const Tenant& tenant : tenants) {
    const std::vector<double>& own = tenant.sample.*lengths;
    const double share = tenant.summary.requests_per_day / most;
    const auto count =
        std::max<std::size_t>(1, static_cast<std::size_t>(share * static_cast<double>(own.size())));
    all.insert(all.end(), own.begin(), own.begin() + static_cast<std::ptrdiff_t>(count));
  }
  return percentiles(std::move(all));
}

void add_days(PopulationSummary& summary, const std::vector<Tenant>& tenants) {
  std::size_t busiest = 0;
  for (std::size_t day = 0; day < 7; ++day) {
    summary.days.push_back(day_summary(tenants, summary, day, 1));
    if (summary.days[day].requests > summary.days[busiest].requests) busiest = day;
  }
  if (summary.peak_day > 1) summary.days.push_back(day_summary(tenants, summary, busiest, summary.peak_day));
}

}  // namespace

PopulationSummary summarize_population(const Population& population, std::uint64_t seed) {
  PopulationSummary summary;
  summary.name = population.name;
  summary.chosen_case = population.chosen_case;
  summary.window = population.window.name;
  summary.growth = population.growth;
  summary.peak_day = population.peak_day;
  summary.service_seconds = population.service_seconds;
  summary.notes = population.notes;
  std::vector<Tenant> tenants;
  for (const PopulationTenant& tenant : population.tenants) {
    tenants.push_back(summarize(tenant, seed));
    summary.tenants.push_back(tenants.back().summary);
  }
  for (std::size_t hour = 0; hour < kHoursPerWeek; ++hour) {
    summary.hours.push_back(hour_summary(tenants, hour, population.service_seconds));
  }
  add_days(summary, tenants);
  summary.input_tokens = mixed(tenants, &SessionSample::inputs);
  summary.output_tokens = mixed(tenants, &SessionSample::outputs);
  return summary;
}

PopulationSummary summarize_population(const std::string& path, std::uint64_t seed) {
  const std::size_t mark = path.rfind('#');
  const std::string chosen_case = mark == std::string::npos ? "" : path.substr(mark + 1);
  return summarize_population(read_population(load_yaml(path.substr(0, mark)), chosen_case), seed);
}

bool is_population_yaml(const std::string& path) {
  try {
    const Document document = load_yaml(path.substr(0, path.rfind('#')));
    const Node* kind = document.root->find("kind");
    return kind != nullptr && kind->scalar == "population";
  } catch (const InputError&) {
    return false;
  }
}

}  // namespace kvsim::traces
