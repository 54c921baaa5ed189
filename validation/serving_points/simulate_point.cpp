// SPDX-License-Identifier: Apache-2.0
#include "validation/serving_points/simulate_point.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/errors.h"
#include "models/step_time_factory.h"
#include "sim/scenario/kv_capacity.h"
#include "validation/serving_points/point_seconds.h"

namespace kvsim::validation {
namespace {

// Of a replica offline: vLLM's default of --max-num-seqs on large GPUs.
constexpr double kMostSequences = 1024;
constexpr std::uint32_t kMostRanks = 8;  // tried

std::uint64_t whole(double value) {
  return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::llround(value)));
}

std::uint64_t tokens_that_fit(const PointSetup& setup, const models::StepTimeResult& steps) {
  const sim::EngineSettings engine;
  const sim::DeviceMemory memory{*setup.accelerator,     *setup.card,          setup.types, engine,
                                 steps.activation_bytes, steps.non_torch_bytes};
  return sim::kv_capacity(memory, setup.tp).usable_tokens(engine.block_size_tokens);
}

// 0: the memory that kvsim expects does not hold it.
double requests_together(const PointSetup& setup, const models::StepTimeResult& steps) {
  if (setup.kind == PointKind::kSteady) return setup.batch;
  const double fitting = static_cast<double>(tokens_that_fit(setup, steps));
  const double longest = setup.input_tokens + setup.output_tokens;
  if (setup.batch * longest > fitting || longest > fitting) return 0;
  if (setup.kind != PointKind::kOffline) return setup.batch;
  return std::min(kMostSequences, std::floor(fitting / (setup.input_tokens + setup.output_tokens / 2)));
}

double seconds_of(const PointSetup& setup, const models::StepTimeModel& model, double batch) {
  const PointShape shape{whole(setup.input_tokens), whole(setup.output_tokens)};
  switch (setup.kind) {
    case PointKind::kStaticBatch:
      return static_batch_seconds(model, shape, whole(batch));
    case PointKind::kFirstToken:
      return prefill_seconds(model, shape, whole(batch));
    case PointKind::kSteady:
      return steady_step_seconds(model, shape, batch);
    case PointKind::kOffline:
      break;
  }
  return steady_token_seconds(model, shape, batch) * setup.tp / setup.accelerators;
}

// The least that the accelerator's peaks allow: arithmetic alone, or bytes alone.
class PeakTime : public models::StepTimeModel {
 public:
  PeakTime(const models::StepTimeModel& model, bool arithmetic) : model_(model), arithmetic_(arithmetic) {}
  models::StepCost cost(const models::StepWork& work) const override {
    models::StepCost cost = model_.cost(work);
    cost.seconds = arithmetic_ ? cost.ideal_compute_seconds : cost.ideal_memory_seconds;
    return cost;
  }

 private:
  const models::StepTimeModel& model_;
  bool arithmetic_;
};

// Nobody tells how many sequences ran offline, and the more there are, the fewer bytes each token needs.
bool beats_peaks(const PointSetup& setup, const models::StepTimeModel& model, double batch) {
  const auto beats = [&](bool arithmetic) {
    return setup.measured_seconds < seconds_of(setup, PeakTime(model, arithmetic), batch);
  };
  return beats(true) || (setup.kind != PointKind::kOffline && beats(false));
}

models::StepTimeInput step_time_input(const PointSetup& setup, const models::ProfileLibrary& profiles) {
  return {.card = *setup.card,
          .accelerator = *setup.accelerator,
          .types = setup.types,
          .tp = setup.tp,
          .engine_version = "",
          .async_scheduling = setup.hides_planning,
          .library = &profiles};
}

// `setup` has its ranks; its accelerators are as many replicas as they make.
std::variant<double, Unusable> simulate_ranks(const PointSetup& setup,
                                              const models::ProfileLibrary& profiles) {
  const std::string what = fmt::format("{} on {} x {}", setup.card->name, setup.tp, setup.accelerator->name);
  try {
    const models::StepTimeResult steps = models::make_step_time(step_time_input(setup, profiles));
    const double batch = requests_together(setup, steps);
    if (batch <= 0) return Unusable{"more than the memory that kvsim expects", what};
    if (beats_peaks(setup, *steps.model, batch))
      return Unusable{"faster than the peaks in the stated precision", what};
    return seconds_of(setup, *steps.model, batch);
  } catch (const InputError& error) {
    return Unusable{"refused by the step-time model", error.problems().front().message};
  }
}

using Answer = std::variant<double, Unusable>;

// Any time is better than none.
Answer better(const Answer& a, const Answer& b) {
  const double* first = std::get_if<double>(&a);
  const double* second = std::get_if<double>(&b);
  return second != nullptr && (first == nullptr || *second < *first) ? b : a;
}

}  // namespace

std::variant<double, Unusable> simulate(const PointSetup& setup, const models::ProfileLibrary& profiles) {
  if (setup.tp > 0) return simulate_ranks(setup, profiles);
  PointSetup tried = setup;
  tried.tp = 1;
  std::variant<double, Unusable> answer = simulate_ranks(tried, profiles);
  while (tried.tp < kMostRanks && setup.accelerators % (2 * tried.tp) == 0) {
    tried.tp *= 2;
    answer = better(answer, simulate_ranks(tried, profiles));
  }
  return answer;
}

}  // namespace kvsim::validation
