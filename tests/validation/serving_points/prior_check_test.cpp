// SPDX-License-Identifier: Apache-2.0
// Which published points does kvsim stand for, with what error, and what is said of the others?
#include "validation/serving_points/prior_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <functional>

#include "base/random.h"
#include "tests/sim/scenario/inputs.h"
#include "validation/serving_points/prior_check_page.h"
#include "validation/serving_points/simulate_point.h"

namespace kvsim::validation {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

using sim::shipped;

// 16 requests of 128 / 128 tokens in 2 s.
ServingPoint batch_point() {
  ServingPoint point;
  point.source = "a lab";
  point.accelerator = "H100-SXM-80";
  point.model = "Llama-3.1-8B";
  point.dtype = "bf16";
  point.engine = "vLLM";
  point.scenario = "static batch";
  point.date = "2024-11";
  point.quality = "ok";
  point.accelerators = point.tp = 1;
  point.input_tokens = point.output_tokens = 128;
  point.batch = 16;
  point.e2e_seconds = 2;
  return point;
}

ServingPoint changed(const std::function<void(ServingPoint&)>& change) {
  ServingPoint point = batch_point();
  change(point);
  return point;
}

PointSetup setup_of(const ServingPoint& point) {
  return std::get<PointSetup>(set_up(point, shipped().catalog, shipped().models));
}

std::string reason_of(const std::function<void(ServingPoint&)>& change) {
  const auto setup = set_up(changed(change), shipped().catalog, shipped().models);
  const auto* unusable = std::get_if<Unusable>(&setup);
  return unusable == nullptr ? "" : unusable->reason + ": " + unusable->detail;
}

TEST(PointSetup, ABatchOfPublishedThroughputTookItsTokensOverIt) {
  const auto setup = setup_of(changed([](ServingPoint& point) {
    point.e2e_seconds.reset();
    point.output_tokens_per_second = 1024;
  }));
  EXPECT_DOUBLE_EQ(setup.measured_seconds, 2);  // 16 x 128 / 1024
  EXPECT_FALSE(setup.hides_planning);
}

// 800 tokens/s are 8 answers of 100 tokens, each 99 x 20 ms in decode: 15.84 at a time.
TEST(PointSetup, DecodesOfASteadyStateAreLittlesLaw) {
  const auto steady = [](ServingPoint& point) {
    point.scenario = "closed loop, 16 users";
    point.output_tokens = 100;
    point.output_tokens_per_second = 800;
    point.tpot_seconds = 0.02;
    point.concurrency = 16;
  };
  EXPECT_DOUBLE_EQ(setup_of(changed(steady)).batch, 15.84);
  EXPECT_DOUBLE_EQ(setup_of(changed(steady)).measured_seconds, 0.02);
  EXPECT_EQ(reason_of([&](ServingPoint& point) {
              steady(point);
              point.concurrency = 15;
            }),
            "measurements contradict each other: more decodes by Little's law than requests");
}

TEST(PointSetup, TypesAreTheRowsOrThePublishedOnes) {
  EXPECT_EQ(setup_of(batch_point()).types.weights, NumberType::kBf16);
  const auto typed = [](const char* dtype, const char* model) {
    return setup_of(changed([&](ServingPoint& point) {
             point.dtype = dtype;
             point.model = model;
           }))
        .types;
  };
  EXPECT_EQ(typed("fp8", "Llama-3.1-8B").matmul, NumberType::kFp8);
  EXPECT_EQ(typed("fp8", "Llama-3.1-8B").kv, NumberType::kBf16);
  EXPECT_EQ(typed("fp8", "amd/Llama-3.1-70B-Instruct-FP8-KV").kv, NumberType::kFp8);
  EXPECT_EQ(typed("", "gpt-oss-20b").expert_weights, NumberType::kMxfp4);
  EXPECT_EQ(typed("fp4", "gpt-oss-20b").expert_weights, NumberType::kMxfp4);
  EXPECT_EQ(typed("fp4", "Llama-3.1-8B").matmul, NumberType::kNvfp4);
}

TEST(PointSetup, SaysWhyARowIsOfNoUse) {
  const std::vector<std::pair<std::function<void(ServingPoint&)>, const char*>> cases{
      {[](ServingPoint& p) { p.accelerator = "T4"; }, "accelerator not in the catalog: T4"},
      {[](ServingPoint& p) { p.model = "gptj"; }, "no model card: gptj"},
      {[](ServingPoint& p) { p.dtype = "int3"; }, "precision not stated or not known: int3"},
      {[](ServingPoint& p) { p.dtype = "", p.tp.reset(); }, "precision not stated or not known: not stated"},
      {[](ServingPoint& p) { p.accelerators = 2; },
       "not one replica of known tensor-parallel size: TP 1 on 2 acc"},
      {[](ServingPoint& p) { p.accelerators = 8, p.tp.reset(); },
       "not one replica of known tensor-parallel size"},
      {[](ServingPoint& p) { p.scenario = "Server"; }, "load without batch or concurrency: Server"},
      {[](ServingPoint& p) { p.batch.reset(); }, "lengths, batch or measurement missing"},
      {[](ServingPoint& p) { p.output_tokens.reset(); }, "lengths, batch or measurement missing"},
      {[](ServingPoint& p) { p.e2e_seconds = 0; }, "lengths, batch or measurement missing"},
      {[](ServingPoint& p) { p.quality = "errors=3/9"; }, "not modelled, or in doubt: requests failed"},
      {[](ServingPoint& p) { p.notes = "serve x/Llama-3.1-8B --sp"; },
       "not modelled, or in doubt: speculative"},
      {[](ServingPoint& p) { p.notes = "vllm serve Qwen/Qwen3-8B"; },
       "not modelled, or in doubt: the command"}};
  for (const auto& [change, reason] : cases) EXPECT_THAT(reason_of(change), HasSubstr(reason));
  EXPECT_EQ(reason_of([](ServingPoint& p) { p.notes = "vllm serve x/Llama-3.1-8B-Instruct -tp 1"; }), "");
}

std::string refusal(const PointSetup& setup) {
  const auto answer = simulate(setup, shipped().profiles);
  const auto* unusable = std::get_if<Unusable>(&answer);
  return unusable == nullptr ? "" : unusable->reason;
}

// Each decode step reads the 15 GB of weights at 3.35 TB/s at most: 127 x 4.5 ms = 0.57 s.
TEST(SimulatePoint, RefusesWhatNoSuchAcceleratorCanHaveRun) {
  PointSetup setup = setup_of(batch_point());
  EXPECT_EQ(refusal(setup), "");
  setup.measured_seconds = 0.55;
  EXPECT_EQ(refusal(setup), "faster than the peaks in the stated precision");
  setup.batch = 1e5;
  EXPECT_EQ(refusal(setup), "more than the memory that kvsim expects");
  setup.tp = 3;
  EXPECT_EQ(refusal(setup), "refused by the step-time model");
}

// Offline on 4 accelerators without a size: the best of 4 x TP1, 2 x TP2, 1 x TP4.
TEST(SimulatePoint, TakesTheFastestRanksWhereNoneAreTold) {
  PointSetup setup = setup_of(changed([](ServingPoint& point) {
    point.scenario = "Offline";
    point.accelerators = 4;
    point.tp.reset();
    point.output_tokens_per_second = 10;
  }));
  setup.measured_seconds = 1;
  const double found = std::get<double>(simulate(setup, shipped().profiles));
  std::vector<double> each;
  for (const std::uint32_t tp : {1u, 2u, 4u}) {
    setup.tp = tp;
    each.push_back(std::get<double>(simulate(setup, shipped().profiles)));
  }
  EXPECT_EQ(found, *std::min_element(each.begin(), each.end()));
}

std::vector<ServingPoint> three_points() {
  return {batch_point(), changed([](ServingPoint& point) { point.e2e_seconds = 4; }),
          changed([](ServingPoint& point) {
            point.engine = "TensorRT-LLM";
            point.quality = "vendor";
          }),
          changed([](ServingPoint& point) { point.model = "gptj"; })};
}

TEST(PriorCheck, GroupsByAcceleratorLoadEngineAndYear) {
  const PriorCheck check =
      check_priors(three_points(), shipped().catalog, shipped().models, shipped().profiles);
  const auto groups = by_engine(check.points);
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].engine, "TensorRT-LLM");
  EXPECT_THAT(groups[0].qualities, ElementsAre("vendor"));
  EXPECT_EQ(groups[1].errors.points, 2u);
  EXPECT_EQ(groups[1].year, "2024");
  ASSERT_EQ(by_accelerator(check.points).size(), 1u);
  EXPECT_EQ(by_accelerator(check.points)[0].errors.points, 3u);
}

// The same simulated time over 2 s and 4 s: errors e and (1 + e) / 2 - 1.
TEST(PriorCheck, ErrorIsOfTheSimulatedTimeOverTheMeasured) {
  const PriorCheck check =
      check_priors(three_points(), shipped().catalog, shipped().models, shipped().profiles);
  ASSERT_EQ(check.points.size(), 3u);
  EXPECT_DOUBLE_EQ(check.points[1].error(), (1 + check.points[0].error()) / 2 - 1);
  EXPECT_GT(check.points[0].simulated_seconds, check.points[2].simulated_seconds);  // planning not hidden
}

TEST(PriorCheck, CountsWhatItLeavesOutAndListsWhatItCannotCheck) {
  const PriorCheck check =
      check_priors(three_points(), shipped().catalog, shipped().models, shipped().profiles);
  EXPECT_EQ(check.rows, 4u);
  EXPECT_EQ(check.unusable.at("no model card").at("gptj"), 1u);
  EXPECT_THAT(check.unchecked, Contains("TPU-v6e"));
  EXPECT_THAT(check.unchecked, Not(Contains("H100-SXM-80")));
  ASSERT_EQ(check.sources.size(), 1u);
  EXPECT_EQ(check.sources[0].used, 3u);
  const std::string page = prior_check_page(check);
  EXPECT_THAT(page, HasSubstr("3 of 4 rows"));
  EXPECT_THAT(page, HasSubstr("| no model card | 1 | gptj (1) |"));
  EXPECT_THAT(page, HasSubstr("| a lab | 2024-11 | 4 | 3 |"));
}

TEST(PriorCheck, ProfilesThatWereMeasuredChangeNothing) {
  models::PerformanceProfile measured = *shipped().profiles.find("h200-sxm-llama-3.1-8b-steps");
  measured.accelerators = {"H100-SXM-80"};
  std::vector<models::PerformanceProfile> all = shipped().profiles.profiles();
  all.push_back(measured);
  const auto with =
      check_priors({batch_point()}, shipped().catalog, shipped().models, models::ProfileLibrary(all));
  const auto without = check_priors({batch_point()}, shipped().catalog, shipped().models, shipped().profiles);
  EXPECT_EQ(with.points.at(0).simulated_seconds, without.points.at(0).simulated_seconds);
}

// Value at share q of n sorted ones: between those at floor and ceil of q (n - 1).
double plain_quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  const double at = share * static_cast<double>(values.size() - 1);
  const auto low = static_cast<std::size_t>(at);
  const std::size_t high = std::min(low + 1, values.size() - 1);
  return values[low] + (at - static_cast<double>(low)) * (values[high] - values[low]);
}

TEST(PriorCheck, SpreadIsThatOfThePlainQuantiles) {
  RandomStream random(11, "points");
  for (int i = 0; i < 100; ++i) {
    std::vector<double> errors(1 + random.below(40));
    for (double& error : errors) error = random.uniform() * 4 - 1;
    const ErrorSpread spread = spread_of(errors);
    EXPECT_EQ(spread.points, errors.size());
    EXPECT_NEAR(spread.bias, plain_quantile(errors, 0.5), 1e-12) << "seed 11, case " << i;
    EXPECT_NEAR(spread.low, plain_quantile(errors, 0.1), 1e-12) << "seed 11, case " << i;
    EXPECT_NEAR(spread.high, plain_quantile(errors, 0.9), 1e-12) << "seed 11, case " << i;
  }
}

TEST(PriorCheck, EveryRowOfThePublishedPointsIsUsedOrCounted) {
  const char* folder = std::getenv("KVSIM_DATA_SETS");
  if (folder == nullptr) GTEST_SKIP() << "KVSIM_DATA_SETS names no folder";
  const auto points = load_serving_points(std::string(folder) + "/measured/serving_points.csv");
  const PriorCheck check = check_priors(points, shipped().catalog, shipped().models, shipped().profiles);
  std::size_t counted = check.points.size();
  for (const auto& [reason, details] : check.unusable)
    for (const auto& [detail, rows] : details) counted += rows;
  EXPECT_EQ(counted, points.size());
  EXPECT_EQ(by_accelerator(check.points).size() + check.unchecked.size(),
            shipped().catalog.accelerators().size());
}

}  // namespace
}  // namespace kvsim::validation
