// SPDX-License-Identifier: Apache-2.0
#include "models/step_replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/errors.h"
#include "models/physical_step_time.h"
#include "models/step_time_factory.h"

namespace kvsim::models {
namespace {

// Refuses what no model can be made for.
std::shared_ptr<const StepTimeModel> checked_model(const StepSetting& setting, const Types& types) {
  StepTimeInput input{setting.card, setting.accelerator, types, setting.tp, ""};
  input.library = &setting.library;
  return make_step_time(input).model;
}

std::string too_fast(const StepSample& sample, double ideal, double peak, double unit, const char* what) {
  return fmt::format("{} s would take {:.4g} {}, beside a peak of {:.4g}", sample.seconds,
                     ideal / sample.seconds * peak / unit, what, peak / unit);
}

}  // namespace

Types types_of(const StepSample& sample, const Types& base) {
  Types types = base;
  if (sample.type) types.weights = types.expert_weights = types.matmul = *sample.type;
  return types;
}

StepReplay::StepReplay(StepSetting setting, const std::vector<StepSample>& samples)
    : setting_(setting), samples_(samples) {
  priors_ = setting_.library.priors({setting_.accelerator.name, setting_.accelerator.vendor, "",
                                     setting_.card.name, setting_.tp, setting_.types});
  for (const StepSample& sample : samples_) kind_of_sample_.push_back(kind_of(sample));
  check_peaks();
}

std::size_t StepReplay::kind_of(const StepSample& sample) {
  const Types types = types_of(sample, setting_.types);
  const auto same = std::find_if(kinds_.begin(), kinds_.end(), [&](const Kind& kind) {
    return kind.types.weights == types.weights && kind.launch == sample.launch;
  });
  if (same == kinds_.end()) return kinds_.push_back({types, sample.launch}), kinds_.size() - 1;
  return static_cast<std::size_t>(same - kinds_.begin());
}

StepTerms StepReplay::terms_of(const Kind& kind, const CoefficientChain& coefficients) const {
  EngineSwitches switches = setting_.engine;
  const bool engine = kind.launch == StepLaunch::kEngine;
  if (!engine) switches = {.async_scheduling = true, .cuda_graphs = false, .communication = false};
  StepTerms terms =
      step_terms(setting_.card, setting_.accelerator, kind.types, setting_.tp, coefficients, switches);
  if (!engine) terms.cpu_step = terms.cpu_per_sequence = 0;
  if (kind.launch == StepLaunch::kGraph) terms.launch_large = 0;
  return terms;
}

std::vector<double> StepReplay::seconds(const PerformanceProfile& trial) const {
  std::vector<const PerformanceProfile*> chain = {&trial};
  chain.insert(chain.end(), priors_.begin(), priors_.end());
  const CoefficientChain coefficients(chain);
  std::vector<PhysicalStepTime> models;
  for (const Kind& kind : kinds_) models.emplace_back(terms_of(kind, coefficients));
  std::vector<double> seconds;
  for (std::size_t i = 0; i < samples_.size(); ++i)
    seconds.push_back(models[kind_of_sample_[i]].cost(samples_[i].work).seconds.first);
  return seconds;
}

void StepReplay::check_peaks() const {
  Problems problems;
  std::vector<std::shared_ptr<const StepTimeModel>> models;
  for (const Kind& kind : kinds_) models.push_back(checked_model(setting_, kind.types));
  for (std::size_t i = 0; i < samples_.size(); ++i) {
    const StepSample& sample = samples_[i];
    const Kind& kind = kinds_[kind_of_sample_[i]];
    const StepCost cost = models[kind_of_sample_[i]]->cost(sample.work);
    const double compute = cost.ideal_compute_seconds.first, memory = cost.ideal_memory_seconds.first;
    if (sample.seconds >= std::max(compute, memory)) continue;
    const Accelerator& a = setting_.accelerator;
    const double flops = arithmetic_of(a, kind.types.matmul).flops_per_second;
    problems.add(sample.where, "step_seconds",
                 compute > memory
                     ? too_fast(sample, compute, flops, 1e12, "TFLOP/s")
                     : too_fast(sample, memory, a.memory_bandwidth_bytes_per_second.value, 1e12, "TB/s"),
                 "check that the steps are of this model, accelerator, types and number of ranks");
  }
  problems.throw_if_any();
}

}  // namespace kvsim::models
