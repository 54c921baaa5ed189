// SPDX-License-Identifier: Apache-2.0
// Does a comparison pair by seed, know better from worse, and claim no more than it may?
#include "sim/report/compare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "tests/browser/chromium.h"
#include "tests/sim/report/compare_sides.h"
#include "tests/sim/report/small_run.h"

namespace kvsim::sim {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::occurrences;

const ComparedFigure& figure(const Comparison& comparison, const std::string& metric,
                             const std::string& kind = "", const std::string& name = "") {
  for (const ComparedFigure& one : comparison.figures)
    if (one.metric.path == metric && one.kind == kind && one.name == name) return one;
  throw std::runtime_error("no " + kind + " " + name + " " + metric);
}

Finding finding(const Comparison& comparison, const std::string& metric) {
  return figure(comparison, metric).finding;
}

// Seeds from 1 on; TTFT is 1 s.
std::vector<Summary> with_rates(const std::vector<double>& rates) {
  std::vector<Summary> runs;
  for (const double rate : rates) runs.push_back(plain_summary(runs.size() + 1, rate, 1));
  return runs;
}

// Differences 1, 2, 3: 2 +- 4.3026527 / sqrt 3 = 2 +- 2.4841377, of 12: p = 1 - sqrt(12 / 14)
// (paired_test.cpp).
TEST(Compare, IntervalIsTheOneByHand) {
  const Comparison comparison =
      compare(side_of("a", with_rates({10, 12, 14})), side_of("b", with_rates({11, 14, 17})), {});
  const ComparedFigure& rate = figure(comparison, "throughput.requests_per_second");
  EXPECT_EQ(rate.paired.a, 12);
  EXPECT_EQ(rate.paired.b, 14);
  EXPECT_DOUBLE_EQ(*relative(rate, rate.paired.difference), 2.0 / 12);
  EXPECT_NEAR(rate.paired.interval->high, 4.4841377, 1e-7);
  EXPECT_NEAR(*rate.adjusted, 0.0741799, 1e-7) << "nothing else differs, so one figure is tested";
  EXPECT_EQ(rate.finding, Finding::kNotSignificant);
  EXPECT_EQ(finding(comparison, "latency.ttft_seconds.mean"), Finding::kEqual);
  EXPECT_EQ(comparison.tested, 1u);
}

TEST(Compare, TheSameDiffersInNothing) {
  std::vector<Summary> runs;
  for (const std::uint64_t seed : {1, 2, 3}) {
    runs.push_back(small_run({100 + seed}));
    runs.back().scenario.seed = seed;
  }
  const Comparison comparison =
      compare(side_of("a", runs), side_of("b", runs), {"pool", "model", "tenant", "class"});
  EXPECT_EQ(comparison.tested, 0u);
  EXPECT_GT(comparison.figures.size(), 200u);
  for (const ComparedFigure& one : comparison.figures)
    EXPECT_EQ(one.finding, Finding::kEqual) << one.metric.path;
  EXPECT_THAT(compare_table(comparison, false), HasSubstr("nothing differs"));
}

TEST(Compare, KnowsWhichWayIsGood) {
  std::vector<Summary> a, b;
  for (const std::uint64_t seed : {1, 2, 3, 4}) {
    const double noise = 1e-3 * static_cast<double>(seed * seed);
    a.push_back(plain_summary(seed, 10, 1));
    b.push_back(plain_summary(seed, 12 + noise, 2 + noise));
    for (auto* run : {&a.back(), &b.back()}) {
      run->pools.resize(1);
      run->pools[0].name = "p";
      run->pools[0].busy_fraction = run == &a.back() ? 0.2 : 0.5 + noise;
    }
  }
  const Comparison up = compare(side_of("a", a), side_of("b", b), {"pool"});
  const Comparison down = compare(side_of("b", b), side_of("a", a), {"pool"});
  EXPECT_EQ(finding(up, "throughput.requests_per_second"), Finding::kBetter);
  EXPECT_EQ(finding(down, "throughput.requests_per_second"), Finding::kWorse);
  EXPECT_EQ(finding(up, "latency.ttft_seconds.mean"), Finding::kWorse);
  EXPECT_EQ(finding(down, "latency.ttft_seconds.mean"), Finding::kBetter);
  EXPECT_EQ(figure(up, "busy_fraction", "pool", "p").finding, Finding::kDifferent);
}

// Differences 1, 1.5, 2: mean 1.5, error 0.5 / sqrt 3; t = 5.196, p = 1 - t / sqrt(2 + t^2) = 0.0351:
// significant alone, and not as one of two.
TEST(Compare, ManyFiguresNeedStrongerEvidence) {
  std::vector<Summary> a, b;
  for (const std::uint64_t seed : {1, 2, 3}) {
    const double by = 0.5 + 0.5 * static_cast<double>(seed);
    a.push_back(plain_summary(seed, 10, 1));
    b.push_back(plain_summary(seed, 10 + by, 1));
  }
  EXPECT_EQ(finding(compare(side_of("a", a), side_of("b", b), {}), "throughput.requests_per_second"),
            Finding::kBetter);
  for (Summary& run : b) run.total.latency.ttft.mean += run.total.throughput.requests_per_second - 10;
  const Comparison both = compare(side_of("a", a), side_of("b", b), {});
  EXPECT_EQ(both.tested, 2u);
  EXPECT_NEAR(*figure(both, "throughput.requests_per_second").adjusted, 2 * 0.0351, 1e-4);
  EXPECT_EQ(finding(both, "throughput.requests_per_second"), Finding::kNotSignificant);
  EXPECT_EQ(finding(both, "latency.ttft_seconds.mean"), Finding::kNotSignificant);
}

TEST(Compare, OnePairClaimsNothing) {
  const Comparison comparison = compare(side_of("a", with_rates({10})), side_of("b", with_rates({20})), {});
  const ComparedFigure& rate = figure(comparison, "throughput.requests_per_second");
  EXPECT_EQ(rate.finding, Finding::kUntested);
  EXPECT_FALSE(rate.paired.interval);
  EXPECT_FALSE(rate.adjusted);
  EXPECT_EQ(comparison.tested, 0u);
  EXPECT_THAT(comparison.notes, ElementsAre(HasSubstr("one pair: there is no interval")));
  EXPECT_THAT(compare_table(comparison, false), HasSubstr("one pair: not tested"));
}

TEST(Compare, SeedsOfOneSideAreNamedAndLeftOut) {
  std::vector<Summary> a = with_rates({10, 11, 12, 13}), b = with_rates({10, 11, 12, 13, 14, 15, 16});
  a.erase(a.begin());
  b.erase(b.begin() + 2);
  const Comparison comparison = compare(side_of("a", a), side_of("b", b), {});
  EXPECT_THAT(comparison.seeds, ElementsAre(2, 4));
  EXPECT_THAT(comparison.notes,
              ElementsAre("seed 3: only a has them; left out", "seeds 1, 5 to 7: only b has them; left out"));
}

TEST(Compare, NoCommonSeedIsRefused) {
  std::vector<Summary> b = with_rates({1, 2, 3});
  b.erase(b.begin(), b.begin() + 2);
  try {
    compare(side_of("x", with_rates({1, 2})), side_of("y", b), {});
    FAIL();
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(),
                 "y: has no seed that x has: seed 3, and seeds 1 to 2 there; runs are paired by "
                 "seed: simulate both sides with the same --seed");
  }
}

TEST(Compare, WarnsOfOtherWorkloadsCurrenciesAndGrowingQueues) {
  std::vector<Summary> a = with_rates({1, 2}), b = with_rates({1, 2});
  b[1].scenario.digests["trace"] = "71";
  b[0].verdict.state = RunState::kQueueGrows;
  b[0].currency = b[1].currency = "USD";
  a[0].cost_per_hour = b[0].cost_per_hour = 1;
  const Comparison comparison = compare(side_of("a", a), side_of("b", b), {});
  EXPECT_THAT(comparison.notes,
              ElementsAre(HasSubstr("seed 2: a and b have other workloads"),
                          HasSubstr("different currencies"), HasSubstr("b: the queue grows in 1 of 2 runs")));
  EXPECT_THROW(figure(comparison, "cost.per_hour"), std::runtime_error);
}

TEST(Compare, PairsPoolsByNameAndNamesThoseOfOneSide) {
  const auto with_pools = [](const std::vector<std::pair<const char*, double>>& pools) {
    Summary summary = plain_summary(1, 1, 1);
    for (const auto& [name, watts] : pools) {
      summary.pools.emplace_back().name = name;
      summary.pools.back().mean_watts = watts;
    }
    return summary;
  };
  const Comparison comparison =
      compare(side_of("a", {with_pools({{"x", 1}, {"y", 2}, {"old", 3}})}),
              side_of("b", {with_pools({{"new", 4}, {"y", 5}, {"x", 6}})}), {"pool"});
  EXPECT_EQ(figure(comparison, "mean_watts", "pool", "x").paired.difference, 5);
  EXPECT_EQ(figure(comparison, "mean_watts", "pool", "y").paired.difference, 3);
  EXPECT_THAT(comparison.notes, Contains("pool old: only a has it; left out"));
  EXPECT_THAT(comparison.notes, Contains("pool new: only b has it; left out"));
}

TEST(Compare, WhatOneSideDoesNotKnowIsNotTested) {
  std::vector<Summary> a = with_rates({1, 2}), b = with_rates({1, 2});
  a[0].cost_per_hour = a[1].cost_per_hour = 3;
  const Comparison comparison = compare(side_of("a", a), side_of("b", b), {});
  EXPECT_EQ(finding(comparison, "cost.per_hour"), Finding::kUnknown);
  EXPECT_EQ(figure(comparison, "cost.per_hour").paired.a, 3);
  EXPECT_THROW(figure(comparison, "power.mean_watts"), std::runtime_error) << "neither knows it";
}

TEST(CompareTable, ShowsWhatDiffersOrAll) {
  std::vector<Summary> a = with_rates({10, 10}), b = with_rates({5, 5});
  const Comparison comparison = compare(side_of("old", a), side_of("new", b), {});
  EXPECT_EQ(
      compare_table(comparison, false),
      "a: old (fleet, trace)\n"
      "b: new (fleet, trace)\n"
      "paired: seeds 1 to 2\n"
      "\n"
      "figure                              a      b  b - a   change  95 % interval     b is\n"
      "throughput requests per second  10.00  5.000  -5.00  -50.0 %  -50.0 to -50.0 %  worse\n"
      "\n"
      "each interval holds the mean of b - a over seeds with 95 %, relative to a (Student's t); better and "
      "worse hold\n"
      "together with 95 % (Holm; figures tested: 1)\n"
      "not shown: 7 figures that are equal in every pair, 0 without a significant difference (--all shows "
      "them)\n");
  EXPECT_THAT(compare_table(comparison, true), HasSubstr("TTFT mean [ms]"));
}

Comparison hostile() {
  const std::string name = "</script><script>document.body.dataset.hacked=1</script>";
  std::vector<Summary> a, b;
  for (const std::uint64_t seed : {1, 2, 3}) {
    a.push_back(small_run({100, name}));
    b.push_back(small_run({100 + 10 * seed, name}));
    a.back().scenario.seed = b.back().scenario.seed = seed;
  }
  return compare(side_of("</title>" + name, a), side_of("b", b), {"pool", "tenant"});
}

std::string page_of(const Comparison& comparison) {
  std::ostringstream out;
  write_compare_html(out, comparison);
  return out.str();
}

TEST(CompareHtml, NamesCannotEndTheirElementAndNothingIsLoaded) {
  const std::string page = page_of(hostile());
  const Comparison plain = compare(side_of("a", with_rates({1})), side_of("b", with_rates({1})), {});
  EXPECT_EQ(occurrences(page, "</script>"), occurrences(page_of(plain), "</script>"));
  EXPECT_EQ(occurrences(page, "</title>"), 1u);
  EXPECT_THAT(page, Not(HasSubstr(" src=")));
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
}

class ComparePage : public testing::Chromium {};

TEST_F(ComparePage, DrawsARowForEachFigureThatDiffers) {
  const Comparison comparison = hostile();
  std::size_t rows = 0;
  for (const ComparedFigure& one : comparison.figures)
    rows += one.finding != Finding::kEqual && relative(one, one.paired.difference);
  const std::string dom = shown(page_of(comparison));
  EXPECT_EQ(occurrences(dom, "<svg role=\"img\""), rows);
  EXPECT_EQ(occurrences(dom, "class=\"reach\""), rows);
  EXPECT_EQ(occurrences(dom, "NaN%"), 0u);
  EXPECT_EQ(occurrences(dom, ">NaN"), 0u);
  EXPECT_EQ(occurrences(dom, "data-hacked"), 0u);
}

TEST_F(ComparePage, ShowsOnePairAndNothingAtAll) {
  const std::string one =
      shown(page_of(compare(side_of("a", with_rates({1})), side_of("b", with_rates({2})), {})));
  EXPECT_NE(one.find("one pair: not tested"), std::string::npos);
  EXPECT_EQ(occurrences(one, "class=\"reach\""), 0u);
  const std::string none =
      shown(page_of(compare(side_of("a", with_rates({1})), side_of("b", with_rates({1})), {})));
}

}  // namespace
}  // namespace kvsim::sim
