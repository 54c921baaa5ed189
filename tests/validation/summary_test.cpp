// SPDX-License-Identifier: Apache-2.0
// Do the tables over all cases count what they say, and is it told where a baseline is nearer?
#include "validation/summary.h"

#include <gtest/gtest.h>

#include "validation/pairs.h"
#include "validation/summary_page.h"
#include "validation/summary_tables.h"

namespace kvsim::validation {
namespace {

ComparedFigure compared(const std::string& metric, double measured, double simulated, double rate = 1,
                        bool saturated = false) {
  ComparedFigure figure;
  figure.measured.metric = metric;
  figure.measured.statistic = metric == "ttft_seconds" ? "mean" : "";
  figure.measured.value = measured;
  figure.measured.noise = 0.1;
  figure.simulated = simulated;
  figure.rate = rate;
  figure.saturated = saturated;
  return figure;
}

CaseResult result_of(const std::string& name, const std::string& vendor,
                     std::vector<ComparedFigure> figures) {
  CaseResult result;
  result.name = name;
  ComparedPoint& point = result.points.emplace_back();
  point.vendor = vendor;
  point.figures = std::move(figures);
  return result;
}

// Errors of one vendor: +5 %, +20 % and, saturated, -50 %.
std::vector<CaseResult> two_vendors() {
  return {result_of("a", "NVIDIA",
                    {compared("ttft_seconds", 1, 1.05), compared("ttft_seconds", 1, 1.2, 2),
                     compared("ttft_seconds", 1, 0.5, 3, true)}),
          result_of("b", "AMD", {compared("ttft_seconds", 2, 1.8)})};
}

TEST(Summary, CountsByVendorAndSaturation) {
  const std::vector<MetricSummary> rows = summarise(two_vendors()).metrics;
  ASSERT_EQ(rows.size(), 6u);
  EXPECT_EQ(rows[0].vendor, "AMD");
  EXPECT_EQ(rows[2].vendor, "NVIDIA");
  EXPECT_FALSE(rows[2].unsaturated);
  EXPECT_EQ(rows[2].figures, 3u);
  EXPECT_NEAR(*rows[2].median_error, 0.05, 1e-12);
  EXPECT_NEAR(rows[2].median_size, 0.2, 1e-12);
  EXPECT_EQ(rows[2].within_noise, 1u);
  EXPECT_TRUE(rows[3].unsaturated);
  EXPECT_EQ(rows[3].figures, 2u);
  EXPECT_EQ(rows[4].vendor, kAllVendors);
  EXPECT_EQ(rows[4].figures, 4u);
}

TEST(Summary, OneVendorIsNotSaidTwice) {
  const std::vector<CaseResult> one{two_vendors().front()};
  for (const MetricSummary& row : summarise(one).metrics) EXPECT_EQ(row.vendor, "NVIDIA");
}

TEST(Summary, AGaugeOverTimeHasASizeAndNoSign) {
  std::vector<CaseResult> results{result_of("a", "NVIDIA", {})};
  results[0].points[0].series.push_back({{"waiting_requests", 1, {4, 0, 4}}, {3, 1, 4}});
  const MetricSummary row = summarise(results).metrics.at(0);
  EXPECT_EQ(row.metric, "waiting_requests over time");
  EXPECT_FALSE(row.median_error);
  EXPECT_DOUBLE_EQ(row.median_size, 0.25);  // (1 + 1 + 0) / (4 + 0 + 4)
}

// Of three figures the baseline says something of two: kvsim is compared over these alone.
TEST(Summary, BaselinesAreComparedOverTheFiguresOfBoth) {
  std::vector<CaseResult> results = two_vendors();
  results.pop_back();
  std::vector<ComparedFigure>& figures = results[0].points[0].figures;
  figures[0].by_baseline = {1.01, std::nullopt, 3.0};
  figures[1].by_baseline = {1.01, std::nullopt, 3.0};
  figures[2].by_baseline = {std::nullopt, std::nullopt, std::nullopt};
  const Summary summary = summarise(results);
  ASSERT_EQ(summary.baselines.size(), 2u);
  EXPECT_EQ(summary.baselines[0].figures, 2u);
  EXPECT_NEAR(summary.baselines[0].kvsim, 0.125, 1e-12);
  EXPECT_FALSE(summary.baselines[0].beaten());
  EXPECT_TRUE(summary.baselines[1].beaten());
  const std::vector<std::string> sentences = baseline_sentences(summary);
  ASSERT_EQ(sentences.size(), 2u);
  EXPECT_EQ(
      sentences[0],
      "kvsim does not beat interpolation on ttft_seconds mean: a median error of 12.5 % against 1.0 % over 2 "
      "figures.");
  EXPECT_EQ(sentences[1], "kvsim is nearer in 1 of 2 comparisons of a metric with a baseline.");
  EXPECT_NE(summary_sections(results).find(sentences[0]), std::string::npos);
  EXPECT_NE(summary_tables(results).find(sentences[0]), std::string::npos);
}

ComparedSloRate slo(Bounded measured, Bounded simulated) {
  return {{"TTFT", "ttft_seconds", "mean", 1}, measured, simulated, error_of_rates(measured, simulated)};
}

TEST(Summary, BiasOfRatesIsOfTheExactOnesAndTheOthersAreCounted) {
  std::vector<CaseResult> results = two_vendors();
  results[0].points[0].slo_rates = {slo({10, Bound::kExact}, {11, Bound::kExact}),
                                    slo({10, Bound::kExact}, {14, Bound::kExact}),
                                    slo({10, Bound::kExact}, {50, Bound::kAtLeast})};
  results[1].points[0].slo_rates = {slo({50, Bound::kAtLeast}, {40, Bound::kExact}),
                                    slo({50, Bound::kAtLeast}, {50, Bound::kAtLeast})};
  const std::vector<SloSummary> rows = summarise(results).slo_rates;
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].rates, 4u);
  EXPECT_EQ(rows[0].exact, 2u);
  EXPECT_NEAR(*rows[0].mean_error, 0.25, 1e-12);
  EXPECT_EQ(rows[0].at_least, 1u);
  EXPECT_EQ(rows[0].under, 1u);
  EXPECT_EQ(rows[0].undecided, 1u);
  const std::string page = summary_sections(results);
  EXPECT_NE(page.find("| a | TTFT | 10 | at least 50 | at least +400.0 % |"), std::string::npos) << page;
  EXPECT_NE(page.find("| b | TTFT | at least 50 | 40 | under -20.0 % |"), std::string::npos) << page;
  EXPECT_FALSE(rows[0].median_of_all);  // bounds of both directions
  results.pop_back();                   // leaves +10 %, +40 % and at least +400 %
  const std::optional<Bounded> median = summarise(results).slo_rates[0].median_of_all;
  EXPECT_NEAR(median->value, 0.4, 1e-12);
  EXPECT_EQ(median->bound, Bound::kAtLeast);
}

TEST(Pairs, AreComparedAtTheRatesThatBothHave) {
  std::vector<CaseResult> results{
      result_of("with", "AMD", {compared("ttft_seconds", 1, 2, 5), compared("ttft_seconds", 3, 3, 9)}),
      result_of("without", "AMD", {compared("ttft_seconds", 4, 4, 5), compared("ttft_seconds", 9, 9, 7)})};
  EXPECT_TRUE(compare_pairs(results).empty());
  results[0].compared_to = "without";
  const std::vector<ComparedPair> pairs = compare_pairs(results);
  ASSERT_EQ(pairs.size(), 1u);
  EXPECT_EQ(pairs[0].metric, "ttft_seconds mean");
  ASSERT_EQ(pairs[0].at.size(), 1u);
  EXPECT_EQ(pairs[0].at[0].rate, 5);
  EXPECT_DOUBLE_EQ(pairs[0].at[0].measured, 0.25);
  EXPECT_DOUBLE_EQ(*pairs[0].at[0].simulated, 0.5);
  EXPECT_DOUBLE_EQ(*pairs[0].at[0].error(), 1);
  EXPECT_NE(
      summary_sections(results).find("with over without: median ratio 0.25 as measured, 0.50 as simulated; "
                                     "on the same side of 1 at 1 of 1 rates."),
      std::string::npos);
  results[0].compared_to = "another";
  EXPECT_TRUE(compare_pairs(results).empty());
  const std::string missing = "with is to be compared to another, which is not among the cases.";
  EXPECT_NE(summary_sections(results).find(missing), std::string::npos);
}

TEST(Summary, OfNothingIsNothing) {
  EXPECT_EQ(summary_sections({}), "");
  EXPECT_EQ(summary_tables({}), "");
}

}  // namespace
}  // namespace kvsim::validation
