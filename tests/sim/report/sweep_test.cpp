// SPDX-License-Identifier: Apache-2.0
// Means, spreads, axes and files of a sweep.
#include "sim/report/sweep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <sstream>

#include "sim/report/sweep_metrics.h"
#include "tests/browser/chromium.h"

namespace kvsim::sim {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::occurrences;

TEST(SweepFigures, AreMeanAndSampleDeviation) {
  // 1, 2, 6: mean 3, squares 4 + 1 + 9 = 14, deviation sqrt(14 / 2).
  const SweepFigure figure = figure_over({1.0, 2.0, 6.0});
  EXPECT_EQ(figure.mean, 3.0);
  EXPECT_DOUBLE_EQ(*figure.spread, std::sqrt(7.0));
  EXPECT_EQ(figure_over({5.0}).mean, 5.0);
  EXPECT_FALSE(figure_over({5.0}).spread);
  EXPECT_FALSE(figure_over({5.0, {}}).mean);
  EXPECT_FALSE(figure_over({5.0, {}}).spread);
}

TEST(SweepAxes, TheNaturalOneIsOfNumbers) {
  const SweepAxis constant{"a", {"1"}}, names{"b", {"x", "y"}}, sizes{"c", {"1GiB", "2GiB"}};
  EXPECT_EQ(natural_x({constant, names, sizes}).key, "c");
  EXPECT_EQ(natural_x({constant, names}).key, "b");
  EXPECT_EQ(natural_x({constant}).key, "a");
}

TEST(SweepMetrics, HoldNumbersOnlyAndNoClock) {
  const std::vector<std::string> names = metric_names();
  for (const char* name :
       {"latency.ttft_seconds.p99", "cost.per_million_output_tokens", "pools.0.busy_fraction",
        "sizing.storage.0.written_bytes_per_day", "slo.0.attainment"})
    EXPECT_THAT(names, Contains(name));
  for (const char* name :
       {"performance.wall_seconds", "verdict.state", "scenario.seed", "pools.0.name", "pools"})
    EXPECT_THAT(names, Not(Contains(name)));
  EXPECT_EQ(any_place("pools.12.mean_watts"), "pools.0.mean_watts");
}

Sweep hostile() {
  Sweep sweep;
  sweep.fleet = "</title></script>";
  sweep.trace = "t";
  sweep.axes = {{"name", {"a,\"b\"", "</script><b>"}}};
  sweep.x = "name";
  sweep.metrics = {"duration_seconds"};
  sweep.points = {{{"a,\"b\""}, {"00"}, {{1.5, {}}}, ""}, {{"</script><b>"}, {"01"}, {{}}, "line 1\nline 2"}};
  return sweep;
}

TEST(SweepCsv, QuotesWhatNeedsIt) {
  std::ostringstream csv;
  write_sweep_csv(csv, hostile());
  EXPECT_EQ(csv.str(),
            "name,seeds,error,duration_seconds,duration_seconds.spread\n"
            "\"a,\"\"b\"\"\",1,,1.5,\n"
            "</script><b>,1,\"line 1\nline 2\",,\n");
}

TEST(SweepHtml, NamesCannotEndTheirElement) {
  std::ostringstream page;
  write_sweep_html(page, hostile());
  EXPECT_THAT(page.str(), Not(HasSubstr("</script><b>")));
  EXPECT_THAT(page.str(), Not(HasSubstr("</title></script>")));
  EXPECT_THAT(page.str(), Not(HasSubstr(" src=")));
}

class SweepPage : public testing::Chromium {};

TEST_F(SweepPage, DrawsItsChartWithoutAComplaint) {
  std::ostringstream page;
  write_sweep_html(page, hostile());
  const std::string dom = shown(page.str());
  EXPECT_EQ(occurrences(dom, "<canvas"), 1u);
  EXPECT_EQ(occurrences(dom, "<option"), 1u);
}

TEST_F(SweepPage, DrawsTheMetricThatIsChosen) {
  Sweep sweep = hostile();
  sweep.axes = {{"name", {"a", "b"}}};
  sweep.metrics = {"duration_seconds", "requests.completed", "cost.per_hour"};
  sweep.points = {{{"a"}, {"00"}, {{1.5, {}}, {7, {}}, {}}, ""},
                  {{"b"}, {"01"}, {{2.5, {}}, {9, {}}, {}}, ""}};
  std::ostringstream page;
  write_sweep_html(page, sweep);
  const auto after_choosing = [&](const std::string& index) {
    return shown(page.str() + "<script>document.querySelector('select').selectedIndex = " + index +
                 "; document.querySelector('select').dispatchEvent(new Event('change'));</script>");
  };
  const std::string second = after_choosing("1"), third = after_choosing("2");
  EXPECT_EQ(occurrences(second, "<canvas"), 1u);
  EXPECT_THAT(second, HasSubstr("<h3>requests completed</h3>"));
  EXPECT_EQ(occurrences(third, "<canvas"), 0u);
  EXPECT_THAT(third, HasSubstr("Unknown at every point."));
}

TEST(SweepTable, ShowsAxesThatVaryAndFourDigits) {
  Sweep sweep = hostile();
  sweep.axes = {{"replicas", {"1", "2"}}, {"tp", {"4"}}};
  sweep.metrics = {"latency.ttft_seconds.mean"};
  sweep.points = {{{"1", "4"}, {}, {{0.0123456, 0.00456}}, ""}, {{"2", "4"}, {}, {{12345.6, 12.0}}, ""}};
  EXPECT_EQ(sweep_table(sweep),
            "replicas  ttft_seconds.mean\n"
            "       1  0.01235 ± 0.0046\n"
            "       2  12346 ± 12\n");
}

}  // namespace
}  // namespace kvsim::sim
