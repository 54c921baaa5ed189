// SPDX-License-Identifier: Apache-2.0
// Does a run name each quantity that left its fitted range, how far, and no other?
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/support/fleets.h"
#include "tests/sim/support/scripted_source.h"
#include "tests/sim/support/summaries.h"

namespace kvsim::sim {
namespace {

using ::kvsim::testing::plain_request;
using ::testing::HasSubstr;

Fleet fleet_fitted_to(models::FittedRanges ranges) {
  Pool pool = kvsim::testing::plain_pool("p", std::make_shared<kvsim::testing::LinearStepTime>());
  pool.engine.max_num_batched_tokens = 4096;
  pool.profile = "fit";
  pool.step_time_facts.kind = models::StepTimeKind::kCalibrated;
  pool.step_time_facts.fitted = models::fitted_quantities(ranges);
  return kvsim::testing::plain_fleet(std::move(pool));
}

// Requests one after the other, so that a step has either one prompt or one decode.
Summary run(const Fleet& fleet, const std::vector<std::pair<std::uint32_t, std::uint32_t>>& input_output,
            bool reference) {
  std::vector<kvsim::testing::Scripted> script;
  std::uint64_t stream = 1;
  for (const auto& [input, output] : input_output) {
    const auto arrival = static_cast<Nanoseconds>(script.size()) * 100 * kNanosecondsPerSecond;
    script.push_back({plain_request(arrival, input, output, stream += 2)});
  }
  kvsim::testing::ScriptedSource source(std::move(script), {{"model"}, {""}, {""}});
  RunOptions options;
  options.reference = reference;
  return kvsim::testing::run_to_summary(fleet, source, options);
}

std::vector<std::string> extrapolated(const Summary& summary) {
  std::vector<std::string> notes;
  for (const Note& note : summary.validity)
    if (note.reason.find("extrapolated") != std::string::npos)
      notes.push_back(note.what + ": " + note.reason);
  return notes;
}

// 3 requests of 100 tokens and 10 answers: 10 steps each. One of 995 and 20: its 19 decodes have contexts of
// 996 to 1014, of which 14 are beyond 1000; 50 steps in all.
TEST(Validity, NamesTheQuantityThatARequestTookBeyondItsRangeAndNoOther) {
  const Fleet fleet = fleet_fitted_to({{1, 2048}, {1, 8}, {100, 1000}});
  for (const bool reference : {false, true}) {
    const Summary summary = run(fleet, {{100, 10}, {100, 10}, {100, 10}, {995, 20}}, reference);
    const std::vector<std::string> notes = extrapolated(summary);
    ASSERT_EQ(notes.size(), 1u) << ::testing::PrintToString(notes);
    EXPECT_THAT(notes[0],
                HasSubstr("pool p: context_tokens: from 101 to 1014, but step times were fitted from "
                          "100 to 1000: 28 % of steps"));
    ASSERT_EQ(summary.pools[0].fitted.size(), 3u);
    EXPECT_EQ(summary.pools[0].fitted[0].most, 995);
    EXPECT_EQ(summary.pools[0].fitted[0].outside_steps, 0u);
    EXPECT_EQ(summary.pools[0].fitted[2].outside_steps, 14u);
    EXPECT_NEAR(summary.pools[0].fitted[2].outside_busy_share, 14.0 / 50, 0.05);
  }
}

TEST(Validity, NamesNothingWithinTheRanges) {
  const Summary summary = run(fleet_fitted_to({{1, 2048}, {1, 8}, {100, 1014}}), {{995, 20}}, false);
  EXPECT_TRUE(extrapolated(summary).empty());
  EXPECT_EQ(summary.pools[0].fitted[2].outside_busy_share, 0);
}

// A prompt of 3000 in one step of up to 4096.
TEST(Validity, NamesStepsOfMoreTokensThanWereFitted) {
  const Summary summary = run(fleet_fitted_to({{1, 2048}, {1, 8}, {1, 1e6}}), {{3000, 4}}, false);
  const std::vector<std::string> notes = extrapolated(summary);
  ASSERT_EQ(notes.size(), 1u) << ::testing::PrintToString(notes);
  EXPECT_THAT(notes[0], HasSubstr("pool p: step_tokens: from 1 to 3000"));
  EXPECT_EQ(summary.pools[0].fitted[0].outside_steps, 1u);
}

TEST(Validity, SaysNothingOfRangesThatNoneStated) {
  const Summary summary = run(fleet_fitted_to({}), {{3000, 4}}, false);
  EXPECT_TRUE(summary.pools[0].fitted.empty());
}

}  // namespace
}  // namespace kvsim::sim
