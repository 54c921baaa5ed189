// SPDX-License-Identifier: Apache-2.0
// A population of users, for those who have no trace: who they are, how often they ask and what they read in.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/document.h"
#include "traces/generators/stream_settings.h"

namespace kvsim::traces {

constexpr std::size_t kHoursPerWeek = 168;
using Week = std::array<double, kHoursPerWeek>;  // by hour from Monday 00:00

struct PopulationTenant {
  double users = 0;             // after growth
  double active_share = 0;      // of users, on a mean working day
  double sessions_per_day = 0;  // of an active user, on a mean working day
  Week sessions_per_second{};   // of all its users, in a week without a peak day
  std::string language;
  double tokens_per_page = 0;
  StreamSettings stream;  // what a session is; arrivals follow from the window
};

struct Window {
  std::string name;        // "peak-hour", "typical-day" or "from tue 09:00"
  double start_hours = 0;  // from Monday 00:00
  double duration_seconds = 3600;
  bool on_peak_day = false;
};

struct Population {
  std::string name;
  std::string chosen_case;       // "low", "mid" or "high"
  double growth = 1;             // factor on users
  double peak_day = 1;           // factor on sessions
  double service_seconds = 20;   // assumed time from question to last token
  double lead_in_seconds = 900;  // simulated before the window
  Window window;
  std::vector<PopulationTenant> tenants;
  std::vector<std::pair<std::string, std::string>> notes;
};

// `chosen_case` overrides the file's `case` where not empty. InputError with every problem.
Population read_population(const Document& document, const std::string& chosen_case);

// Requests of the window, lead-in before it.
MixSettings population_mix(const Population& population);

}  // namespace kvsim::traces
