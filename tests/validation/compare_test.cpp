// SPDX-License-Identifier: Apache-2.0
// Does a comparison take the figure that a case names, and give the error its sign?
#include "validation/compare.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "tests/own_folder.h"
#include "validation/validation_page.h"

namespace kvsim::validation {
namespace {

MeasuredFigure figure(const std::string& metric, const std::string& statistic, double value) {
  MeasuredFigure result;
  result.metric = metric;
  result.statistic = statistic;
  result.value = value;
  return result;
}

std::optional<double> error_of(double measured, std::optional<double> simulated) {
  return ComparedFigure{figure("ttft_seconds", "mean", measured), simulated, {}}.error();
}

TEST(Compare, ErrorIsPositiveWhereTheSimulationGivesMore) {
  EXPECT_DOUBLE_EQ(*error_of(2, 3.0), 0.5);
  EXPECT_DOUBLE_EQ(*error_of(2, 1.0), -0.5);
  EXPECT_FALSE(error_of(0, 1.0));
  EXPECT_FALSE(error_of(2, {}));
}

TEST(Compare, EveryMetricOfTheListIsFoundInARun) {
  const sim::FleetInputs inputs = sim::load_fleet_inputs();
  const std::string folder = std::string(KVSIM_SOURCE_DIR) + "/validation/cases/rtx-pro-6000-llama-3.1-8b";
  Case run = load_case(folder + "/case.yaml", inputs);
  std::vector<MeasuredFigure>& figures = run.points.at(0).figures;
  figures.clear();
  for (const Metric& metric : metrics())
    figures.push_back(figure(std::string(metric.name), metric.has_statistics ? "mean" : "", 1));
  const CaseResult result = run_case(run);
  const std::set<std::string> of_stages_only{"ntpot_seconds", "schedule_delay_seconds"};
  for (const ComparedFigure& compared : result.points[0].figures)
    EXPECT_EQ(compared.simulated.has_value(), !of_stages_only.contains(compared.measured.metric))
        << compared.measured.metric;
  ASSERT_EQ(result.points[0].series.size(), 2u);
  for (const ComparedSeries& series : result.points[0].series)
    EXPECT_EQ(series.simulated.size(), series.measured.values.size());
  EXPECT_NE(validation_page({result}).find("rtx-pro-6000"), std::string::npos);
}

// 300 requests one by one: completed, output tokens and the last sample follow from the workload alone.
TEST(Compare, CountsOfTheShippedCaseFollowFromItsWorkload) {
  const sim::FleetInputs inputs = sim::load_fleet_inputs();
  const std::string folder = std::string(KVSIM_SOURCE_DIR) + "/validation/cases/rtx-pro-6000-llama-3.1-8b";
  Case run = load_case(folder + "/case.yaml", inputs);
  run.points.at(0).figures.push_back(figure("completed", "", 300));
  const CaseResult result = run_case(run);
  EXPECT_EQ(result.points[0].figures.back().simulated, 300.0);
  EXPECT_EQ(result.points[0].series.front().simulated.back(), 0);
  // Its stages are parts of one load, of which the baselines of the whole run are.
  EXPECT_TRUE(result.points[0].figures.front().by_baseline.at(1));
}

Case case_of(const std::string& yaml) {
  static const sim::FleetInputs inputs = sim::load_fleet_inputs();
  const auto path = own_folder("kvsim_compare_test");
  std::filesystem::create_directories(path);
  // Users with a prompt each: all are sent once, then round after round.
  std::ofstream(path / "users.yaml")
      << "kind: generate\nwarmup: 1\nrequests: 40\narrivals: {process: closed, clients: 1}\n"
         "shared_prompts: [{count: 1, tokens: 511, popularity: in-turn}]\ninput_tokens: 1\noutput_tokens: "
         "2\n";
  std::ofstream(path / "blocks.jsonl")
      << R"({"timestamp": 0, "input_length": 1024, "output_length": 1, "hash_ids": [1, 2]})"
      << "\n"
      << R"({"timestamp": 9, "input_length": 1024, "output_length": 1, "hash_ids": [1, 3]})"
      << "\n";
  return read_case(
      parse_yaml("name: x\nsource: {title: t, date: 2026}\n" + yaml, (path / "case.yaml").string()), inputs);
}

const std::string kUsers = "fleet: {model: Llama-3.1-8B, accelerator: H100-SXM-80}\nworkload: users.yaml\n";

ComparedCurve only_curve(const std::string& yaml) { return run_case(case_of(yaml)).curves.at(0); }

TEST(CompareCurve, JudgesWhatLiesBetweenItsBounds) {
  Curve curve;
  curve.values = {{1, 100, 0}, {2, 100, 0}, {3, 100, 0}, {4, 0, 0}, {5, 100, 0}, {6, 100, 0}};
  curve.tolerance = 0.1;
  curve.judged_from = 2;
  curve.judged_to = 5;
  const ComparedCurve compared{curve, {150.0, 110.0, 89.0, 1.0, std::nullopt, 150.0}, {}};
  EXPECT_EQ(compared.judgement(0), Judgement::kShown);
  EXPECT_EQ(compared.judgement(1), Judgement::kWithin);
  EXPECT_EQ(compared.judgement(2), Judgement::kOutside);
  EXPECT_EQ(compared.judgement(3), Judgement::kShown);  // no relative error of 0
  EXPECT_EQ(compared.judgement(4), Judgement::kShown);
  EXPECT_EQ(compared.judgement(5), Judgement::kShown);
}

TEST(CompareCurve, ADifferenceIsJudgedAsOne) {
  Curve curve;
  curve.values = {{1, 0, 0}, {2, 0.5, 0}};
  curve.tolerance = 0.005;
  curve.absolute = true;
  const ComparedCurve compared{curve, {0.004, 0.494}, {}};
  EXPECT_EQ(compared.judgement(0), Judgement::kWithin);
  EXPECT_EQ(compared.judgement(1), Judgement::kOutside);
  EXPECT_NEAR(*compared.error(1), -0.006, 1e-12);
}

// 1 KiB in t0 + 1024 / B, of the catalog's own figures.
TEST(CompareCurve, CopiesFollowTheCatalogsForm) {
  const ComparedCurve curve = only_curve(
      "kind: copy-curve\naccelerator: H100-SXM-80\n"
      "curves: [{name: c, method: dma, direction: to-gpu, values: [[1, 1], [1000000, 1]]}]\n");
  const CopyFigures of = sim::load_fleet_inputs().catalog.copies()->dma.to_gpu;
  const double seconds = of.fixed_seconds.value + 1024 / of.bytes_per_second.value;
  EXPECT_NEAR(*curve.simulated[0], 1024 / seconds / 1e9, 1e-9);
  EXPECT_NEAR(*curve.simulated[1], of.bytes_per_second.value / 1e9, 0.05);
}

// Four lookups of blocks 1, 2, 1, 3: the third finds its block in a pool that holds two.
TEST(CompareCurve, ReplaysCountBlocksOfThePool) {
  const ComparedCurve curve = only_curve(
      "kind: block-replay\ntrace: blocks.jsonl\nblock_tokens: 512\n"
      "curves: [{name: c, policy: lru, values: [[512, 0], [1535, 0.25], [1536, 0.25]]}]\n");
  EXPECT_EQ(curve.simulated[0], 0.0);
  EXPECT_EQ(curve.simulated[1], 0.25);
  EXPECT_EQ(curve.simulated[2], 0.25);
}

// One user who waits for each answer: X users in parallel give X times as many requests while steps stay as
// long.
TEST(CompareCurve, RunsEachPointWithItsSettings) {
  const CaseResult result = run_case(case_of(kUsers + R"(
points:
  - {name: few, set: {workload.requests: 3}, measured: [{metric: completed, stage: 1, value: 3}]}
curves:
  - {name: counts, metric: completed, stage: 1, vary: {workload.requests: 10}, values: [[1, 10], [4, 40]]}
  - {name: warm, metric: completed, stage: 0, vary: {workload.warmup: 1}, values: [[2, 2]]}
)"));
  EXPECT_EQ(result.points[0].figures[0].simulated, 3.0);
  EXPECT_EQ(result.curves[0].simulated[0], 10.0);
  EXPECT_EQ(result.curves[0].simulated[1], 40.0);
  EXPECT_EQ(result.curves[1].simulated[0], 2.0);
  const std::string page = validation_page({result});
  EXPECT_NE(page.find("### counts"), std::string::npos);
  EXPECT_NE(comparison_table(result).find("shown, not judged"), std::string::npos);
}

// A base with the same settings is as fast: 1. The same prompt again, cached, against a new one each time:
// above 1.
TEST(CompareCurve, ASpeedUpIsTheBasesTimeOverItsOwn) {
  const std::string curve =
      "curves: [{name: c, metric: ttft_seconds, stage: 1, vary: {workload.warmup: 1}, "
      "values: [[1, 1]], speedup_over: ";
  EXPECT_DOUBLE_EQ(*only_curve(kUsers + curve + "{workload.requests: 40}}]\n").simulated[0], 1);
  const std::string fresh = "{workload.shared_prompts: null, workload.input_tokens: 8000}}]\n";
  EXPECT_GT(*only_curve(kUsers + curve + fresh).simulated[0], 2);
}

TEST(CompareCurve, UnitsAreThoseOfTheCurve) {
  const std::string curve =
      "curves: [{name: c, metric: e2e_seconds, stage: 1, vary: {workload.warmup: 1}, values: [[1, 1]], "
      "unit: ";
  const double seconds = *only_curve(kUsers + curve + "s}]\n").simulated[0];
  EXPECT_DOUBLE_EQ(*only_curve(kUsers + curve + "ms}]\n").simulated[0], seconds * 1000);
}

TEST(CompareCurve, TellsItsProgress) {
  std::vector<double> shares;
  run_case(case_of("kind: copy-curve\naccelerator: H100-SXM-80\n"
                   "curves: [{name: c, method: dma, direction: to-gpu, values: [[1, 1], [2, 1]]}]\n"),
           1, [&](double share, const std::string& what) {
             shares.push_back(share);
             EXPECT_NE(what.find("c, "), std::string::npos);
           });
  EXPECT_EQ(shares, (std::vector<double>{0, 0.5}));
}

const std::string kStaged =
    "fleet: {model: Llama-3.1-8B, accelerator: H100-SXM-80}\nworkload: staged.yaml\nseeds: 4\n"
    "curves:\n"
    "  - {name: ttft, metric: ttft_seconds, stages: [1, 2], values: [[5, 1], [50, 1]]}\n"
    "  - {name: itl, metric: itl_seconds, stages: [1, 2], values: [[5, 1], [50, 1]]}\n"
    "  - {name: halves, metric: itl_seconds, gaps_per_token: 2, stages: [1, 2], values: [[5, 1], [50, 1]]}\n"
    "  - {name: same, metric: ttft_seconds, stages: [1, 2], speedup_over: {}, values: [[5, 1], [50, 1]]}\n";

// Prompts of one run, stage after stage, with four seeds.
CaseResult staged(std::size_t jobs) {
  case_of(kUsers + "measured: [{metric: completed, value: 1}]\n");  // makes the folder
  std::ofstream(own_folder("kvsim_compare_test") / "staged.yaml")
      << "load: {type: poisson, stages: [{rate: 5, duration: 2}, {rate: 5, duration: 4}, {rate: 50, "
         "duration: 4}]}\n"
         "data: {type: shared_prefix, shared_prefix: {num_groups: 3, num_prompts_per_group: 2, "
         "system_prompt_len: 2000, question_len: 200, output_len: 20}}\n";
  return run_case(case_of(kStaged), jobs);
}

TEST(CompareSeeds, MeansLieWithinTheSpread) {
  const CaseResult result = staged(1);
  EXPECT_EQ(result.seeds, 4u);
  for (const ComparedCurve& curve : result.curves) {
    for (std::size_t i = 0; i < 2; ++i) {
      ASSERT_TRUE(curve.simulated[i] && curve.spread[i]) << curve.measured.name;
      EXPECT_LE(curve.spread[i]->least, *curve.simulated[i] + 1e-12);
      EXPECT_GE(curve.spread[i]->most, *curve.simulated[i] - 1e-12);
    }
  }
  EXPECT_LT(result.curves[0].spread[0]->least, result.curves[0].spread[0]->most);
  EXPECT_NE(comparison_table(result).find("over seeds"), std::string::npos);
  EXPECT_NE(validation_page({result}).find("means over 4 seeds"), std::string::npos);
}

// Stages of 5/s and 50/s of 20 tokens each; the warm-up at stage 0 is offered as well.
TEST(CompareLadder, FiguresKnowTheirRateAndWhatBaselinesSay) {
  staged(1);  // makes the workload
  const CaseResult result =
      run_case(case_of("fleet: {model: Llama-3.1-8B, accelerator: MI300X}\nworkload: staged.yaml\n"
                       "measured:\n"
                       "  - {metric: output_tokens_per_second, stage: 1, value: 90}\n"
                       "  - {metric: ttft_seconds, stage: 1, value: 0.1}\n"
                       "  - {metric: tpot_seconds, stage: 1, value: 0.01}\n"
                       "  - {metric: ttft_seconds, stage: 2, value: 1.1}\n"
                       "slo_rate: [{metric: ttft_seconds, below: 600, unit: ms}]\n"));
  const ComparedPoint& point = result.points.at(0);
  EXPECT_EQ(point.vendor, "AMD");
  ASSERT_EQ(point.stages.size(), 3u);
  EXPECT_EQ(point.stages[1].load.rate, 5);
  EXPECT_EQ(point.stages[1].load.requests, 20u);
  EXPECT_EQ(point.stages[1].load.prompt_tokens, 2200);
  EXPECT_EQ(point.stages[1].saturated, false);  // W = 400 / 90 s, decode 0.19 s, sent over 4 s
  EXPECT_FALSE(point.stages[2].saturated);      // no throughput was measured
  EXPECT_EQ(point.figures[3].rate, 50);
  ASSERT_EQ(point.slo_rates.size(), 1u);
  EXPECT_EQ(point.slo_rates[0].slo.name, "mean ttft_seconds under 0.6");
  EXPECT_DOUBLE_EQ(point.slo_rates[0].measured->value, 27.5);
  EXPECT_EQ(point.slo_rates[0].simulated->bound, Bound::kAtLeast);
  ASSERT_EQ(point.figures[1].by_baseline.size(), 3u);
  EXPECT_FALSE(point.figures[1].by_baseline[0]);  // one other stage is no line
  EXPECT_GT(*point.figures[1].by_baseline[1], 0);
  EXPECT_GE(*point.figures[1].by_baseline[2], *point.figures[1].by_baseline[1]);
  const std::string page = validation_page({result});
  EXPECT_NE(page.find("| mean ttft_seconds under 0.6 | 27.5 | at least 50 |"), std::string::npos) << page;
}

TEST(CompareSeeds, NumberOfJobsChangesNothing) {
  EXPECT_EQ(validation_page({staged(1)}), validation_page({staged(3)}));
}

// The same run over itself, seed by seed.
TEST(CompareSeeds, ARunIsAsFastAsItselfWithEverySeed) {
  const ComparedCurve same = staged(2).curves.at(3);
  EXPECT_EQ(same.spread[1]->least, 1);
  EXPECT_EQ(same.spread[1]->most, 1);
}

TEST(CompareCurve, TwoGapsATokenAreHalfAsLong) {
  const CaseResult result = staged(2);
  EXPECT_DOUBLE_EQ(2 * *result.curves[2].simulated[0], *result.curves[1].simulated[0]);
}

TEST(Compare, ACaseWithoutItsTraceIsToldAndNotRun) {
  Case replay = case_of(
      "kind: block-replay\ntrace: none.jsonl\nblock_tokens: 512\n"
      "curves: [{name: c, policy: lru, values: [[512, 0]]}]\n");
  const CaseResult result = run_case(replay);
  EXPECT_TRUE(result.curves.empty());
  EXPECT_NE(comparison_table(result).find("not run: none.jsonl"), std::string::npos);
  EXPECT_NE(validation_page({result}).find("Not run: none.jsonl"), std::string::npos);
}

// The files that are shipped are read without a problem; the trace of one of them is not shipped.
TEST(ShippedCases, AreRead) {
  static const sim::FleetInputs inputs = sim::load_fleet_inputs();
  int cases = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(KVSIM_SOURCE_DIR) + "/validation/cases")) {
    ++cases;
    try {
      EXPECT_EQ(load_case((entry.path() / "case.yaml").string(), inputs).name, entry.path().filename());
    } catch (const InputError& error) {
      const std::string what = error.what();
      EXPECT_NE(what.find("SimGrid"), std::string::npos) << what;  // a build without it
    }
  }
  EXPECT_GE(cases, 15);
}

}  // namespace
}  // namespace kvsim::validation
