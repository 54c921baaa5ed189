// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tests/planner/problem_fixture.h"

namespace kvsim::planner {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class ReadProblem : public ProblemTest {
 protected:
  static const Assumption* assumption(const Problem& problem, const std::string& path) {
    const auto found = std::find_if(problem.assumptions.begin(), problem.assumptions.end(),
                                    [&](const Assumption& one) { return one.path == path; });
    return found == problem.assumptions.end() ? nullptr : &*found;
  }
};

TEST_F(ReadProblem, FifteenLinesAreEnough) {
  ASSERT_EQ(std::count(kSmall.begin(), kSmall.end(), '\n'), 15);
  const Problem read = problem(kSmall);
  EXPECT_EQ(read.name, "first-plan");
  EXPECT_THAT(read.models, ElementsAre("Llama-3.1-8B"));
  EXPECT_EQ(read.workload.trace, (folder_ / "workload.yaml").string());
  ASSERT_EQ(read.slos.size(), 1u);
  EXPECT_EQ(read.slos[0].name, "");
  EXPECT_EQ(read.slos[0].normal.limits.size(), 2u);
  ASSERT_EQ(read.servers.size(), 2u);
  EXPECT_EQ(read.servers[0].vendor, "NVIDIA");
  EXPECT_EQ(read.servers[0].purchase->value, 280000);
  EXPECT_EQ(read.servers[0].purchase->source, "quote 4711, 2026-05-04");
  ASSERT_EQ(read.sites.size(), 1u);
  EXPECT_EQ(read.sites[0].name, "local");
  EXPECT_EQ(read.engines.size(), 1u);
  EXPECT_EQ(read.objective.tco, 1);
  EXPECT_THAT(read.rejected, IsEmpty());
}

TEST_F(ReadProblem, TheFirstProblemOfTheDocumentationIsRead) {
  const std::string page = read_file(std::string(KVSIM_SOURCE_DIR) + "/docs/problem.md");
  const std::string mark = "```yaml\n";
  const std::size_t start = page.find(mark) + mark.size();
  const Problem read = problem(page.substr(start, page.find("```", start) - start));
  EXPECT_EQ(list_options(read, shipped(), kAnybody).pools.size(), 2u);
}

TEST_F(ReadProblem, EveryDefaultIsToldWithPathValueAndSource) {
  const Problem read = problem(kSmall);
  for (const char* path : {"currency",
                           "workload.growth",
                           "workload.peak_factor",
                           "workload.mean_load",
                           "constraints.spare",
                           "objective",
                           "servers[0].rack_units",
                           "servers[1].base_watts",
                           "servers[0].liquid_cooled",
                           "servers[0].support_share_per_year",
                           "servers[0].licence_per_year",
                           "servers[0].stock",
                           "sites",
                           "sites[0].watts",
                           "sites[0].watts_by_hour",
                           "sites[0].cooling_watts",
                           "sites[0].rack_units",
                           "sites[0].rack.rack_units",
                           "sites[0].rack.watts",
                           "sites[0].price_per_kwh",
                           "sites[0].carbon_kg_per_kwh",
                           "sites[0].pue",
                           "sites[0].price_per_rack_unit_year",
                           "sites[0].liquid_cooling",
                           "tp",
                           "router.policy",
                           "router.site",
                           "finance.years",
                           "finance.discount_rate",
                           "finance.depreciation_years",
                           "finance.network_share",
                           "finance.router_host",
                           "finance.router_hosts_per_site",
                           "finance.router_host_watts",
                           "search.evaluations",
                           "search.round",
                           "search.seeds",
                           "search.seed",
                           "search.pessimism",
                           "search.draws",
                           "search.capacity_requests",
                           "search.nodes",
                           "search.gap"}) {
    const Assumption* told = assumption(read, path);
    ASSERT_NE(told, nullptr) << path;
    EXPECT_FALSE(told->value.empty()) << path;
    EXPECT_FALSE(told->source.empty()) << path;
  }
  EXPECT_EQ(assumption(read, "sites[0].pue")->value, "1.3");
  EXPECT_EQ(assumption(read, "slo.attainment"), nullptr);  // stated
}

TEST_F(ReadProblem, WhatIsStatedIsNoAssumption) {
  const std::string full = kSmall + R"(currency: EUR
availability: [node, site]
objective: {tco: 1, per_watt: 2}
sites: [{name: a, watts: 1.2MW, price_per_kwh: 0.2, pue: 1.1, rack: {rack_units: 48, watts: 40kW}}]
finance: {years: 4, router_host: 9000}
)";
  const Problem read = problem(full);
  for (const char* path : {"currency", "constraints.spare", "objective", "sites", "sites[0].watts",
                           "sites[0].pue", "sites[0].rack.watts", "finance.years", "finance.router_host"})
    EXPECT_EQ(assumption(read, path), nullptr) << path;
  EXPECT_THAT(read.constraints.spare, ElementsAre(Spare::kNode, Spare::kSite));
  EXPECT_EQ(*read.sites[0].watts, 1.2e6);
  EXPECT_EQ(read.sites[0].rack.watts, 40e3);
  EXPECT_EQ(assumption(read, "slo.degraded")->value, "as normal");  // something may be lost
}

TEST_F(ReadProblem, TellsAllFaultsAtOnceWithLinesAndRemedies) {
  const auto found = faults(R"(model: Llama-9
workload: nowhere.jsonl
slo: {ttft: 0s, attainment: 1.5}
servers:
  - {name: a, accelerator: H1000, accelerators: 8, price: -3}
  - {name: b, accelerator: L40S, accelerators: 0, price: {value: 5, low: 6}, colour: red}
sites: [{name: p, pue: 0.5, watts: 3 bananas, price_per_kwh: [1, 2]}]
constraints: {spare: [planet], vendor_share: 2}
finance: {years: .nan}
search: {draws: 99999999999999999999}
router: {policy: best}
tenants: [{name: t, isolation: moon}]
flavour: sweet
)");
  for (const char* start :
       {"problem.yaml:1:8: models: unknown model 'Llama-9'",
        "problem.yaml:2:11: workload: there is no file nowhere.jsonl",
        "problem.yaml:3:13: slo.ttft: found a limit of 0 s",
        "problem.yaml:3:29: slo.attainment: found \"1.5\"",
        "problem.yaml:5:28: servers[0].accelerator: unknown accelerator 'H1000'",
        "problem.yaml:5:59: servers[0].price: found \"-3\"",
        "problem.yaml:6:74: servers[1].price.low: 5 lies outside",
        "problem.yaml:6:86: servers[1]: unknown key 'colour'",
        "problem.yaml:7:24: sites[0].pue: found \"0.5\"",
        "problem.yaml:7:36: sites[0].watts: found \"3 bananas\"",
        "problem.yaml:7:62: sites[0].price_per_kwh: found a list of 2",
        "problem.yaml:8:22: constraints.spare: found \"planet\"",
        "problem.yaml:8:46: constraints.vendor_share: found \"2\"",
        "problem.yaml:9:18: finance.years: found \".nan\"", "problem.yaml:10:17: search.draws: found",
        "problem.yaml:11:18: router.policy: found \"best\"",
        "problem.yaml:12:32: tenants[0].isolation: found \"moon\"",
        "problem.yaml:13:10: unknown key 'flavour'"})
    EXPECT_THAT(found, Contains(StartsWith(start))) << start;
  for (const std::string& line : found) EXPECT_THAT(line, HasSubstr("; ")) << line;  // a remedy
}

TEST_F(ReadProblem, MissingPartsAreNamed) {
  const auto found = faults("name: nothing\n");
  EXPECT_THAT(found, Contains(HasSubstr("no model")));
  EXPECT_THAT(found, Contains(HasSubstr("workload: missing")));
  EXPECT_THAT(found, Contains(HasSubstr("no SLO")));
  EXPECT_THAT(found, Contains(HasSubstr("no server")));
}

TEST_F(ReadProblem, HostileFilesAreRefused) {
  EXPECT_THAT(faults("model: \xff\xfe\n"), Contains(HasSubstr("UTF-8")));
  EXPECT_THAT(faults(""), ::testing::Not(IsEmpty()));
  EXPECT_THAT(faults("- 1\n"), Contains(HasSubstr("found a list")));
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int k = 0; k < 10; ++k) bomb += (k == 0 ? "*a" : ", *a") + std::to_string(i - 1);
    bomb += "]\n";
  }
  EXPECT_THAT(faults(bomb), ::testing::Not(IsEmpty()));
}

TEST_F(ReadProblem, SloGoalsAreLimitsOrTargets) {
  const Problem read = problem(replaced(kSmall, "slo: {ttft: 1s, tpot: 50ms, attainment: 0.95}", R"(
slo_classes:
  - name: chat
    normal: {ttft: {p90: 1s, mean: 400ms}, tpot: 50ms, attainment: 0.99}
    degraded: {ttft: 3s}
  - {name: batch, e2e: {limit: 10m, p99: 5m}, priority: 10})"));
  ASSERT_EQ(read.slos.size(), 2u);
  const SloPlan& chat = read.slos[0];
  ASSERT_EQ(chat.normal.targets.size(), 2u);
  EXPECT_EQ(chat.normal.targets[0].statistic, "mean");
  EXPECT_EQ(chat.normal.targets[1].limit_seconds, 1);
  ASSERT_EQ(chat.normal.limits.size(), 1u);
  EXPECT_EQ(chat.normal.attainment, 0.99);
  EXPECT_EQ(chat.degraded->attainment, 0.95);
  EXPECT_EQ(read.slos[1].normal.limits[0].limit_seconds, 600);
  EXPECT_EQ(read.slos[1].normal.targets[0].limit_seconds, 300);
  EXPECT_EQ(read.slos[1].priority, 10);
}

// 1.4^3 = 2.744, and 1.5 over it.
TEST_F(ReadProblem, GrowthCompounds) {
  const Problem read = problem(replaced(kSmall, "workload: workload.yaml",
                                        "workload: {trace: workload.yaml, growth: {per_year: 0.4, years: 3}, "
                                        "peak_factor: 1.5, set: {a.b: [1, x]}}"));
  EXPECT_NEAR(read.workload.growth, 2.744, 1e-12);
  EXPECT_NEAR(read.workload.rate_factor(), 4.116, 1e-12);
  ASSERT_EQ(read.workload.reading.overrides.size(), 1u);
  EXPECT_EQ(read.workload.reading.overrides[0].path, "a.b");
  EXPECT_EQ(read.workload.reading.overrides[0].value, "[1, x]");
}

TEST_F(ReadProblem, AWeekHasAValueForEachHour) {
  std::string week = "[0";
  for (int hour = 1; hour < 168; ++hour) week += "," + std::to_string(hour);
  const Problem read = problem(kSmall + "sites: [{name: a, price_per_kwh: " + week + "]}]\n");
  EXPECT_EQ(read.sites[0].price_per_kwh.values.size(), 168u);
  EXPECT_EQ(read.sites[0].price_per_kwh.mean(), 83.5);  // (0 + 167) / 2
  EXPECT_EQ(read.sites[0].price_per_kwh.lowest(), 0);
}

TEST_F(ReadProblem, ScenariosAndTuningKeepValuesAsText) {
  const Problem read = problem(kSmall + R"(scenarios:
  - {name: twice, set: {workload.growth: 2, constraints.spare: [node]}}
  - {name: late, set: ["date=2027-01-01"]}
tuning: [{path: router.policy, values: [least-request, precise]}]
)");
  ASSERT_EQ(read.scenarios.size(), 2u);
  EXPECT_THAT(read.scenarios[0].settings, ElementsAre("workload.growth=2", "constraints.spare=[node]"));
  EXPECT_THAT(read.scenarios[1].settings, ElementsAre("date=2027-01-01"));
  EXPECT_THAT(read.tuning[0].values, ElementsAre("least-request", "precise"));
}

TEST_F(ReadProblem, OverridesChangeTheProblemAndItsDigest) {
  const Problem base = problem(kSmall);
  const Problem again = problem(kSmall);
  const Problem other = problem(kSmall, {{"--set finance.years=3", "finance.years", "3"}});
  EXPECT_EQ(base.digest, again.digest);
  EXPECT_NE(base.digest, other.digest);
  EXPECT_EQ(other.finance.years, 3);
  write("workload.yaml", "kind: other\n");
  EXPECT_NE(problem(kSmall).digest, base.digest);
}

TEST_F(ReadProblem, ReferencesAreChecked) {
  const auto found =
      faults(kSmall + R"(sites: [{name: a, installed: [{server: hgy, count: 1, remaining_years: 1}]}]
engines:
  - {name: e, servers: [hg], sites: [b], models: [Llama-3.1-8], tp: 3.5, kv: {storage: {system: scale}}}
tenants: [{name: t, models: [GPT], slo_class: chat}]
constraints: {refused_vendors: [Nvidea]}
)");
  for (const char* part : {"unknown server 'hgy'", "unknown server 'hg'", "unknown site 'b'",
                           "unknown model 'Llama-3.1-8'", "tp: found 3.5", "the problem has no storage",
                           "unknown model 'GPT'", "unknown class 'chat'", "unknown vendor 'Nvidea'"})
    EXPECT_THAT(found, Contains(HasSubstr(part))) << part;
}

}  // namespace
}  // namespace kvsim::planner
