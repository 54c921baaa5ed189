// SPDX-License-Identifier: Apache-2.0
#include "traces/population/open_population.h"

#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "traces/generators/mixed_source.h"
#include "traces/population/population.h"

namespace kvsim::traces {

namespace {

ArrivalSettings window_arrivals(const Population& population, const PopulationTenant& tenant) {
  const Week& week = tenant.sessions_per_second;
  const double factor = population.window.on_peak_day ? population.peak_day : 1;
  const double start = population.window.start_hours * 3600 - population.lead_in_seconds;
  ArrivalSettings arrivals;
  arrivals.process = ArrivalSettings::Process::kDiurnal;
  arrivals.profile.assign(week.begin(), week.end());
  arrivals.rate = factor * std::accumulate(week.begin(), week.end(), 0.0) / kHoursPerWeek;
  arrivals.start_seconds = start < 0 ? start + kHoursPerWeek * 3600.0 : start;
  return arrivals;
}

}  // namespace

MixSettings population_mix(const Population& population) {
  MixSettings mix;
  mix.description = fmt::format("population '{}', {} case, {}", population.name, population.chosen_case,
                                population.window.name);
  for (const PopulationTenant& tenant : population.tenants) {
    mix.streams.push_back(tenant.stream);
    mix.streams.back().arrivals = window_arrivals(population, tenant);
    mix.streams.back().duration =
        from_seconds(population.lead_in_seconds + population.window.duration_seconds);
  }
  return mix;
}

std::unique_ptr<Source> open_population(const Document& document, const std::string& chosen_case,
                                        std::uint64_t seed, double rate_scale) {
  const Population population = read_population(document, chosen_case);
  MixedSource::Notes notes = population.notes;
  notes.emplace_back(fmt::format("the first {} s", population.lead_in_seconds),
                     "lead-in before the window, so that sessions are under way when it begins");
  MixSettings mix = population_mix(population);
  for (StreamSettings& stream : mix.streams) stream.arrivals = scaled(stream.arrivals, rate_scale);
  return std::make_unique<MixedSource>(mix, seed, std::move(notes));
}

}  // namespace kvsim::traces
