// SPDX-License-Identifier: Apache-2.0
// Does any step take less than the sum over the parts of its work that bounds are made of?
#include <gtest/gtest.h>

#include "base/errors.h"
#include "models/profile_draw.h"
#include "models/step_time_factory.h"
#include "planner/replica_work.h"
#include "tests/planner/plan_fixture.h"
#include "tests/planner/random_world.h"
#include "tests/random_cases.h"

namespace kvsim::planner {
namespace {

// Up to 2^16, small ones as often as large ones; sometimes none.
std::uint64_t some(RandomStream& random) {
  return chance(random, 0.2) ? 0 : 1 + random.below(std::uint64_t{1} << random.below(17));
}

models::StepWork random_work(RandomStream& random) {
  models::StepWork work;
  work.decode_sequences = some(random);
  work.sampled_sequences = work.decode_sequences;
  work.decode_context_tokens =
      static_cast<double>(work.decode_sequences) * static_cast<double>(1 + some(random));
  for (std::uint64_t chunks = random.below(4); chunks > 0; --chunks) {
    const double cached = static_cast<double>(some(random)), tokens = static_cast<double>(1 + some(random));
    work.prefill_tokens += static_cast<std::uint64_t>(tokens);
    ++work.prefill_sequences;
    work.prefill_attention_pairs += tokens * (cached + (tokens + 1) / 2);
    work.prefill_context_tokens += cached + tokens;
  }
  if (work.tokens() == 0) work.decode_sequences = work.sampled_sequences = 1;
  return work;
}

double least_seconds(const UnitSeconds& unit, const models::StepWork& work) {
  return static_cast<double>(work.prefill_tokens) * unit[0] + work.prefill_attention_pairs * unit[1] +
         static_cast<double>(work.decode_sequences) * unit[2] + work.decode_context_tokens * unit[3];
}

// Prefill alone is never free.
void expect_bound(const models::StepTimeModel& model, RandomStream& random, const std::string& name) {
  const UnitSeconds unit = unit_seconds(model);
  EXPECT_GT(unit[0], 0) << name;
  for (int i = 0; i < 60; ++i) {
    const models::StepWork work = random_work(random);
    ASSERT_GE(model.cost(work).seconds.first, least_seconds(unit, work) * (1 - 1e-6))
        << name << ": " << work.prefill_tokens << " prefill tokens, " << work.prefill_attention_pairs
        << " pairs, " << work.decode_sequences << " decodes, " << work.decode_context_tokens
        << " context tokens";
  }
}

// Every card on every accelerator that fits it, at every second tp, alone and with a draw of the uncertainty.
TEST(UnitSeconds, NoStepOfAnyPriorOrProfileTakesLess) {
  RandomStream random(11, "unit seconds");
  int profiles = 0, priors = 0;
  for (const models::ModelCard& card : shipped().models.cards()) {
    for (const Accelerator& accelerator : shipped().catalog.accelerators()) {
      models::StepTimeInput input{card, accelerator, published_types(card), 1u << random.below(4), "0.19.0"};
      input.async_scheduling = chance(random, 0.7);
      const sim::FleetInputs drawn = sim::drawn_inputs(shipped(), {random.below(50), random.below(20)});
      for (const models::ProfileLibrary* library : {&shipped().profiles, &drawn.profiles}) {
        input.library = library;
        try {
          const models::StepTimeResult result = make_step_time(input);
          (result.profile == "prior" ? priors : profiles)++;
          expect_bound(*result.model, random, card.name + " on " + accelerator.name);
        } catch (const InputError&) {  // types or tp do not fit
        }
      }
    }
  }
  EXPECT_GT(priors, 300);
}

TEST(UnitSeconds, NoStepOfAMeasuredProfileTakesLess) {
  RandomStream random(12, "unit seconds");
  int checked = 0;
  for (const models::PerformanceProfile& profile : shipped().profiles.profiles()) {
    const models::ModelCard* card = shipped().models.find(profile.model);
    if (profile.prior || card == nullptr) continue;
    const Accelerator& accelerator = *shipped().catalog.find(profile.accelerators.front());
    models::StepTimeInput input{*card, accelerator, profile.types.value_or(published_types(*card)),
                                profile.tp.value_or(1), "0.19.0"};
    input.library = &shipped().profiles;
    input.profile = profile;
    expect_bound(*make_step_time(input).model, random, profile.name);
    ++checked;
  }
  EXPECT_GE(checked, 8);
}

// Twice as steep beyond 1,024 tokens: the bound is the slope of the way there, not of the end.
class Bent : public models::StepTimeModel {
 public:
  models::StepCost cost(const models::StepWork& work) const override {
    const double tokens = static_cast<double>(work.tokens());
    models::StepCost cost;
    cost.seconds.first = 1e-6 * (1 + tokens + std::max(0.0, tokens - 1024));
    return cost;
  }
};

TEST(UnitSeconds, ATableThatBendsUpwardsIsBoundByItsFlatterPart) {
  RandomStream random(13, "unit seconds");
  expect_bound(Bent(), random, "bent");
  EXPECT_NEAR(unit_seconds(Bent())[0], 1e-6, 1e-8);
}

}  // namespace
}  // namespace kvsim::planner
