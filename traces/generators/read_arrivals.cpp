// SPDX-License-Identifier: Apache-2.0
#include "traces/generators/read_arrivals.h"

#include "traces/generators/hourly_profiles.h"

namespace kvsim::traces {

namespace {

using Process = ArrivalSettings::Process;

const std::vector<std::string> kProcesses = {"poisson", "gamma", "constant", "diurnal", "on-off", "closed"};
constexpr NumberRange kRates{1e-6, 1e7};
constexpr double kShortestPhase = 1e-3;
constexpr double kLongestPhase = 1e9;

// Seconds of a duration key, bounded both ways.
double phase(Fields& fields, std::string_view key, double fallback) {
  const double seconds = fields.duration_seconds(key, fallback);
  if (seconds >= kShortestPhase && seconds <= kLongestPhase) return seconds;
  fields.problem(key, "found a time out of range", "give a time from 1ms to 1e9 seconds");
  return fallback;
}

void read_diurnal(Fields& fields, ArrivalSettings& settings) {
  settings.process = Process::kDiurnal;
  settings.profile = read_profile(fields, "profile", "office-week");
  settings.step_seconds = phase(fields, "step", 3600);
  settings.start_seconds = fields.duration_seconds("start", 0.0);
}

void read_on_off(Fields& fields, ArrivalSettings& settings) {
  settings.process = Process::kOnOff;
  settings.off_rate = fields.number("off_rate", {0, kRates.high}, 0.0);
  settings.on_seconds = phase(fields, "on", 60);
  settings.off_seconds = phase(fields, "off", 60);
}

}  // namespace

ArrivalSettings read_arrivals(Fields& parent, std::string_view key) {
  Fields fields = parent.map(key);
  ArrivalSettings settings;
  const std::string process = fields.choice("process", kProcesses, "poisson");
  if (process == "closed") {
    settings.process = Process::kClosed;
    settings.clients = static_cast<std::uint32_t>(fields.integer("clients", {1, 10'000'000}));
  } else {
    settings.rate = fields.number("rate", kRates);
  }
  if (process == "gamma") {
    settings.process = Process::kGamma;
    settings.burstiness = fields.number("burstiness", {1e-3, 1e6}, 1.0);
  }
  if (process == "constant") settings.process = Process::kConstant;
  if (process == "diurnal") read_diurnal(fields, settings);
  if (process == "on-off") read_on_off(fields, settings);
  fields.finish();
  return settings;
}

}  // namespace kvsim::traces
