// SPDX-License-Identifier: Apache-2.0
// Arrival processes: endless increasing times in seconds from the start of the run.
//   poisson   independent exponential gaps
//   gamma     gaps gamma with shape `burstiness` (1: Poisson; below 1: burstier; vLLM's and GuideLLM's
//   meaning) constant  even gaps diurnal   Poisson whose rate is constant within each step of a repeating
//   profile (24 or 168 hours, say) on-off    Poisson whose rate alternates between two values for exponential
//   times (a two-state MMPP) closed    `clients` users who start at once and each go on when their session
//   has ended
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"

namespace kvsim::traces {

class Arrivals {
 public:
  virtual ~Arrivals() = default;
  virtual double next() = 0;  // seconds, never decreasing; infinity: no more
};

struct ArrivalSettings {
  enum class Process { kPoisson, kGamma, kConstant, kDiurnal, kOnOff, kClosed };
  Process process = Process::kPoisson;
  double rate = 1;              // mean arrivals a second; of on-off: while on
  double burstiness = 1;        // gamma
  std::vector<double> profile;  // diurnal: weight of each step, scaled so that `rate` is the mean
  double step_seconds = 3600;   // diurnal
  double start_seconds = 0;     // diurnal: where in the profile the run starts
  double off_rate = 0;          // on-off
  double on_seconds = 60;       // on-off: mean
  double off_seconds = 60;      // on-off: mean
  std::uint32_t clients = 1;    // closed
};

// `factor` times the rates, or the clients (at least one).
ArrivalSettings scaled(ArrivalSettings settings, double factor);

std::unique_ptr<Arrivals> make_arrivals(const ArrivalSettings& settings, std::uint64_t seed,
                                        const std::string& stream_name);

}  // namespace kvsim::traces
