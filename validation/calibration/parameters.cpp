// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/parameters.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "models/prior.h"

namespace kvsim::validation {
namespace {

constexpr const char* kTurns = "fleet.router.cost.latency_per_stream";
constexpr double kTurnSeconds = 0.0015;  // a start: TTFT under llm-d's gateway grew 1.3 to 7 ms a stream

struct Fault {
  std::string message, remedy;
};

struct Reach {  // of a parameter around its start
  double sigma = 1;
  double factor = 20;
  double most = 1e12;
  double step = 0.05;
};

Reach reach_of(const std::string& name) {
  const models::CoefficientRow* row = models::find_coefficient(name);
  if (row == nullptr) return {1, 20, 1e12, 0.1};
  switch (row->unit) {
    case models::CoefficientUnit::kShare:
      return {0.5, 20, 1, 0.04};
    case models::CoefficientUnit::kBytes:
      return {0.3, 4, 1e15, 0.06};
    default:
      return {1, 20, 1e12, 0.1};
  }
}

std::vector<std::string> usual_parameters(const Subject& subject) {
  const auto typed = [](const char* what, NumberType type) { return fmt::format("{}.{}", what, name(type)); };
  std::vector<std::string> names{typed("gemm_compute_share", subject.types.matmul),
                                 typed("gemm_bandwidth_share", subject.types.matmul),
                                 typed("prefill_compute_share", subject.types.attention),
                                 typed("decode_bandwidth_share", subject.types.kv),
                                 "step_seconds",
                                 "sequence_seconds",
                                 "gemm_overlap_share",
                                 "mixed_decode_share",
                                 "frontend_seconds"};
  if (subject.moe) {
    names.push_back(typed("expert_compute_share", subject.types.matmul));
    names.push_back("moe_layer_seconds");
  }
  if (!subject.kv_blocks_given)
    names.push_back(subject.moe ? "activation_moe_bytes" : "activation_dense_bytes");
  if (subject.routed_by_epp) names.push_back(kTurns);
  return names;
}

models::FitParameter parameter(const ParameterChoice& choice, double prior) {
  const Reach reach = reach_of(choice.name);
  models::FitParameter made;
  made.name = choice.name;
  made.start = choice.start.value_or(prior);
  made.low = choice.low.value_or(made.start / reach.factor);
  made.high = choice.high.value_or(std::min(reach.most, made.start * reach.factor));
  made.prior_sigma = reach.sigma;
  made.step = reach.step;
  return made;
}

// Why a choice cannot be fitted; empty: it can. The usual bounds may exclude a start that was asked for.
Fault fault_of(const models::FitParameter& made) {
  const double most = reach_of(made.name).most;
  if (!(made.start > 0)) return {"its prior is 0", "give NAME=START"};
  if (made.high > most)
    return {fmt::format("bounds up to {:.4g}, beyond the limit of {:.4g}", made.high, most), "lower them"};
  if (made.start < made.low || made.start > made.high)
    return {fmt::format("start {:.4g} outside of {:.4g} to {:.4g}", made.start, made.low, made.high),
            "give a start within, or NAME=START:LOW:HIGH"};
  return {};
}

Fault fault_of(const ParameterChoice& choice) {
  const bool setting = is_fleet_setting(choice.name);
  if (!setting && models::find_coefficient(choice.name) == nullptr)
    return {"no coefficient", "docs/step-time.md lists them; a setting of the fleet begins with fleet."};
  if (setting && !choice.start && choice.name != kTurns) return {"no prior to start from", "give NAME=START"};
  return {};
}

// Where it starts unless asked otherwise.
double prior_of(const ParameterChoice& choice, const models::CoefficientChain& chain) {
  if (choice.name == kTurns) return kTurnSeconds;
  return is_fleet_setting(choice.name) ? *choice.start : chain.coefficient(choice.name).value;
}

}  // namespace

bool is_fleet_setting(const std::string& parameter) { return parameter.starts_with("fleet."); }

std::vector<models::FitParameter> fit_parameters(const CalibrationSettings& settings, const Subject& subject,
                                                 const models::ProfileLibrary& library) {
  std::vector<ParameterChoice> choices = settings.parameters;
  if (choices.empty())
    for (const std::string& name : usual_parameters(subject)) choices.push_back({name, {}, {}, {}});
  const models::CoefficientChain chain(
      library.priors({subject.accelerator, subject.vendor, subject.engine_version, subject.model, subject.tp,
                      subject.types}));
  Problems problems;
  std::set<std::string> seen;
  std::vector<models::FitParameter> parameters;
  for (const ParameterChoice& choice : choices) {
    Fault fault = seen.insert(choice.name).second ? fault_of(choice) : Fault{"given twice", "keep one"};
    if (fault.message.empty()) {
      parameters.push_back(parameter(choice, prior_of(choice, chain)));
      fault = fault_of(parameters.back());
    }
    if (!fault.message.empty()) problems.add({"--parameter " + choice.name}, "", fault.message, fault.remedy);
  }
  problems.throw_if_any();
  return parameters;
}

models::PerformanceProfile with_values(models::PerformanceProfile profile,
                                       const std::vector<models::FitParameter>& parameters,
                                       const models::Values& values) {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (is_fleet_setting(parameters[i].name)) continue;
    models::Coefficient& coefficient = profile.coefficients[parameters[i].name];
    coefficient.value = coefficient.low = coefficient.high = values[i];
    coefficient.source = "a point of a fit";
  }
  return profile;
}

Settings settings_of(const std::vector<models::FitParameter>& parameters, const models::Values& values,
                     bool routed_by_epp) {
  Settings settings;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (!is_fleet_setting(parameters[i].name)) continue;
    if (parameters[i].name.starts_with("fleet.router.") && !routed_by_epp) continue;
    const std::string path = parameters[i].name.substr(std::string("fleet.").size());
    settings.fleet.push_back({"--parameter " + parameters[i].name, path, fmt::format("{:.9g}", values[i])});
  }
  return settings;
}

}  // namespace kvsim::validation
