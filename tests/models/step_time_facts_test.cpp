// SPDX-License-Identifier: Apache-2.0
// Does a result say where its step times come from?
#include "models/step_time_facts.h"

#include <gtest/gtest.h>

namespace kvsim::models {
namespace {

TEST(StepTimeFacts, NamesEachSourceOnceAndTheErrors) {
  PerformanceProfile profile;
  profile.coefficients = {{"layer_seconds", {1, 1, 1, "our node 7", "2026-10"}},
                          {"step_seconds", {1, 1, 1, "our node 7", "2026-10"}},
                          {"sequence_seconds", {1, 1, 1, "a paper", "2025"}}};
  profile.errors = {{"ttft", "upper-rates", 8, -0.03, 0.112}, {"step_seconds", "", 90, 0.001, 0.02}};
  const StepTimeFacts facts = facts_of_profile(profile, {});
  EXPECT_EQ(facts.source, "our node 7; a paper");
  EXPECT_EQ(facts.date, "2026-10; 2025");
  EXPECT_EQ(in_words(facts),
            "our node 7; a paper (2026-10; 2025); held out upper-rates: ttft median -3.0 %, median absolute "
            "11.2 % of 8; of the fit: step_seconds median +0.1 %, median absolute 2.0 % of 90");
}

TEST(StepTimeFacts, SaysWhereNoErrorIsStatedAndCountsManySources) {
  PerformanceProfile profile;
  for (const char* name : {"layer_seconds", "step_seconds", "sequence_seconds", "step_cpu_seconds"})
    profile.coefficients[name] = {1, 1, 1, std::string("of ") + name, ""};
  EXPECT_EQ(in_words(facts_of_profile(profile, {})),
            "of layer_seconds; of sequence_seconds; of step_cpu_seconds and 1 more; no error stated");
}

}  // namespace
}  // namespace kvsim::models
