// SPDX-License-Identifier: Apache-2.0
// What `kvsim calibrate` is asked for: which measured runs, which coefficients, how to judge the fit.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace kvsim::validation {

// A coefficient of the step-time model (models/profile.h: "gemm_compute_share.bf16"), or a setting of the
// cases' fleets ("fleet.router.cost.latency_per_stream").
struct ParameterChoice {
  std::string name;
  std::optional<double> start, low, high;  // nothing: of its prior, and of its unit
};
// Of "NAME[=START[:LOW:HIGH]]". UsageError where it is none.
ParameterChoice parse_parameter(const std::string& text);

enum class HoldOut {
  kStages,       // each stage of each run, one after another; from the linearised fit, so without new runs
  kUpperRates,   // the upper half of each run's rates, all at once
  kRuns,         // each run
  kWorkloads,    // each set of runs whose requests have about the same lengths
  kOtherStages,  // the stages besides those that are fitted, which the shipped fit has not seen
};
const std::vector<std::string>&
hold_out_names();  // "stages", "upper-rates", "runs", "workloads", "other-stages"
const std::string& name(HoldOut by);

struct CalibrationSettings {
  std::vector<std::string> cases;           // files
  std::string name;                         // of the profile
  std::string source, date;                 // of the profile; empty: those of the cases
  std::string engine_from, engine_to;       // versions that the profile is for; empty: any
  std::vector<ParameterChoice> parameters;  // empty: those that such a pool's step time depends on most
  std::vector<std::string> metrics = {"output_tokens_per_second", "ttft_seconds", "tpot_seconds"};  // means
  std::set<std::uint32_t> stages;  // whose figures are fitted; empty: all, those of whole runs too
  std::vector<HoldOut> hold_outs = {HoldOut::kStages};
  std::uint64_t seeds = 3;       // of each simulated run
  std::size_t bootstraps = 200;  // resamples of the stages, for intervals
  std::size_t rounds = 8;        // of the fit, at most
  std::size_t jobs = 1;
  std::string kept;  // folder of simulated runs, so that a fit that was stopped goes on; empty: none
};

}  // namespace kvsim::validation
