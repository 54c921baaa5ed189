// SPDX-License-Identifier: Apache-2.0
// Does a comparison take the figure that a case names, and give the error its sign?
#include "validation/compare.h"

#include <gtest/gtest.h>

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
  return ComparedFigure{figure("ttft_seconds", "mean", measured), simulated}.error();
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
  run.figures.clear();
  for (const Metric& metric : metrics())
    run.figures.push_back(figure(std::string(metric.name), metric.has_statistics ? "mean" : "", 1));
  const CaseResult result = run_case(run);
  for (const ComparedFigure& compared : result.figures)
    EXPECT_TRUE(compared.simulated.has_value()) << compared.measured.metric;
  ASSERT_EQ(result.series.size(), 2u);
  for (const ComparedSeries& series : result.series)
    EXPECT_EQ(series.simulated.size(), series.measured.values.size());
  EXPECT_NE(validation_page({result}).find("rtx-pro-6000"), std::string::npos);
}

// 300 requests one by one: completed, output tokens and the last sample follow from the workload alone.
TEST(Compare, CountsOfTheShippedCaseFollowFromItsWorkload) {
  const sim::FleetInputs inputs = sim::load_fleet_inputs();
  const std::string folder = std::string(KVSIM_SOURCE_DIR) + "/validation/cases/rtx-pro-6000-llama-3.1-8b";
  const CaseResult result = run_case(load_case(folder + "/case.yaml", inputs));
  EXPECT_EQ(result.summary.total.requests.completed, 300u);
  EXPECT_EQ(result.series.front().simulated.back(), 0);
}

}  // namespace
}  // namespace kvsim::validation
