// SPDX-License-Identifier: Apache-2.0
// Do bands follow the uncertainty of profiles, from none to one coefficient's?
#include "sim/report/uncertainty.h"

#include <gtest/gtest.h>

#include "tests/models/step_time_fixture.h"
#include "tests/sim/support/scripted_source.h"
#include "tests/sim/support/summaries.h"

namespace kvsim::sim {
namespace {

constexpr const char* kFleet =
    "model: Llama-3.1-8B\naccelerator: H100-SXM-80\nslo_classes: [{name: chat, ttft: 1s}]\n";
constexpr std::uint64_t kSeed = 4;

// Kernels at their peaks, and a step of 10 ms whose range is `factor` times more or less.
FleetInputs inputs_with(double factor) {
  models::PerformanceProfile prior = *models::lossless({{"step_seconds", 0.01}}).find("lossless");
  models::Coefficient& step = prior.coefficients.at("step_seconds");
  step.low = step.value / factor;
  step.high = step.value * factor;
  const FleetInputs& shipped = kvsim::testing::shipped_inputs();
  return {shipped.catalog, shipped.models, models::ProfileLibrary({prior})};
}

Summary run(const FleetInputs& inputs, const std::string& fleet) {
  std::vector<kvsim::testing::Scripted> script;
  for (int i = 0; i < 20; ++i)
    script.push_back({kvsim::testing::plain_request(i * kNanosecondsPerSecond / 10, 200, 30,
                                                    static_cast<std::uint64_t>(2 * i + 1))});
  kvsim::testing::ScriptedSource source(std::move(script), {{""}, {"chat"}, {""}});
  return kvsim::testing::run_to_summary(read_fleet(parse_yaml(fleet, "fleet.yaml"), inputs), source, {});
}

Summary with_bands(const FleetInputs& inputs, std::uint64_t draws, const std::string& fleet = kFleet) {
  Summary best = run(inputs, fleet);
  std::vector<std::shared_ptr<const Node>> answers;
  for (std::uint64_t i = 0; i < draws; ++i) {
    const Summary drawn = run(drawn_inputs(inputs, {kSeed, i}), fleet);
    answers.push_back(parse_json(kvsim::testing::json_of(drawn), "draw").root);
  }
  add_bands(best, answers, 0);
  return best;
}

const Band& band(const Summary& summary, const std::string& metric) {
  for (const Band& band : summary.uncertainty->bands)
    if (band.metric == metric) return band;
  throw std::runtime_error("no band of " + metric);
}

std::string notes_of(const Summary& summary) {
  std::string text;
  for (const Note& note : summary.validity)
    if (note.what.find("uncertainty") != std::string::npos) text += note.what + ": " + note.reason + "\n";
  return text;
}

TEST(Uncertainty, OfProfilesWithoutRangesIsNone) {
  const Summary summary = with_bands(inputs_with(1), 3);
  ASSERT_GE(summary.uncertainty->bands.size(), 19u);
  for (const Band& band : summary.uncertainty->bands) {
    EXPECT_EQ(band.low, band.value) << band.metric;
    EXPECT_EQ(band.median, band.value) << band.metric;
    EXPECT_EQ(band.high, band.value) << band.metric;
  }
}

// One coefficient, as likely above as below its value: a figure that rises with it has the run's own within
// its band, and wider ranges give wider bands.
TEST(Uncertainty, OfOneCoefficientHoldsTheRunItself) {
  const Summary narrow = with_bands(inputs_with(1.1), 25);
  const Summary wide = with_bands(inputs_with(1.5), 25);
  for (const char* metric :
       {"latency.tpot_seconds.mean", "latency.e2e_seconds.p90", "latency.ttft_seconds.mean"}) {
    for (const Summary* summary : {&narrow, &wide}) {
      EXPECT_LT(band(*summary, metric).low, band(*summary, metric).value) << metric << ", seed " << kSeed;
      EXPECT_GT(band(*summary, metric).high, band(*summary, metric).value) << metric << ", seed " << kSeed;
    }
    EXPECT_LT(band(wide, metric).low, band(narrow, metric).low) << metric;
    EXPECT_GT(band(wide, metric).high, band(narrow, metric).high) << metric;
  }
  const Band& tpot = band(wide, "latency.tpot_seconds.mean");  // a step of 10 ms and little else
  EXPECT_GT(tpot.low, 0.01 / 2);
  EXPECT_LT(tpot.high, 0.02 * 1.5);
  EXPECT_EQ(band(wide, "throughput.requests_per_second").draws, 25u);
}

TEST(Uncertainty, SaysWhatFewDrawsAreWorth) {
  EXPECT_NE(notes_of(with_bands(inputs_with(1.1), 3)).find("with 50 %"), std::string::npos);
  EXPECT_EQ(notes_of(with_bands(inputs_with(1.1), 19)), "");
}

TEST(Uncertainty, CountsDrawsThatGaveNoRun) {
  Summary best = run(inputs_with(1), kFleet);
  const auto answer = parse_json(kvsim::testing::json_of(best), "draw").root;
  add_bands(best, std::vector(19, answer), 2);
  EXPECT_EQ(best.uncertainty->failed, 2u);
  EXPECT_NE(notes_of(best).find("2 of 21 drawn profiles gave no fleet"), std::string::npos);
}

// The same prior in two pools is the same draw; a profile that the fleet names by path is drawn too.
TEST(Uncertainty, PoolsThatShareAProfileShareItsDraw) {
  const FleetInputs drawn = drawn_inputs(inputs_with(2), {kSeed, 0});
  const Fleet fleet =
      read_fleet(parse_yaml("pools: [{name: a, model: Llama-3.1-8B, accelerator: H100-SXM-80},"
                            " {name: b, model: Llama-3.1-8B, accelerator: H200-SXM}]\n",
                            "fleet.yaml"),
                 drawn);
  const models::StepWork one_decode = models::work_of({10});
  const double step = drawn.profiles.find("lossless")->coefficients.at("step_seconds").value;
  EXPECT_NE(step, 0.01);
  for (const Pool& pool : fleet.pools)  // the rest is the time to read the weights, 2 to 5 ms
    EXPECT_NEAR(pool.step_time->cost(one_decode).seconds.first - step, 0.0035, 0.0025) << pool.name;
}

}  // namespace
}  // namespace kvsim::sim
