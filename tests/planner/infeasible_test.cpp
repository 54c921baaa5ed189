// SPDX-License-Identifier: Apache-2.0
// Problems without an answer: which rules stand against each other, and what only simulations deny.
#include <fmt/format.h>

#include "tests/planner/plan_fixture.h"

namespace kvsim::planner {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

// Ten prompts of 4,000 tokens a second: some 0.35 s each on an L40S, so that at least three of them are
// needed.
const std::string kHeavy = R"(kind: generate
requests: 200
arrivals: {process: constant, rate: 10}
input_tokens: 4000
output_tokens: 10
)";

struct Infeasible : PlanTest {
  void SetUp() override {
    PlanTest::SetUp();
    write("workload.yaml", kHeavy);
  }
  static std::string text(const std::string& more, const std::string& server = "",
                          const std::string& slo = "ttft: 1s, attainment: 1") {
    return fmt::format(R"(model: Llama-3.1-8B
workload: workload.yaml
slo: {{{}}}
engine: {{max_model_len: 8192}}
accept_unverified: true
search: {{draws: 0, capacity_requests: 50}}
servers:
  - {{name: l40s, accelerator: L40S, accelerators: 1, price: 10000, rack_units: 2{}}}
{}
)",
                       slo, server, more);
  }
  std::vector<std::string> conflicts(const std::string& text) {
    const Plan plan = make(text).plan;
    EXPECT_EQ(plan.state, PlanState::kInfeasible);
    EXPECT_FALSE(plan.best);
    EXPECT_THAT(plan.evaluated, IsEmpty());
    return plan.conflicts;
  }
};

TEST_F(Infeasible, WithoutRulesThereIsAnAnswer) {
  const Made made = make(text(""));
  EXPECT_EQ(made.plan.state, PlanState::kFound);
  EXPECT_THAT(made.plan.conflicts, IsEmpty());
  EXPECT_GE(made.first_bound, 30000);
}

TEST_F(Infeasible, ABudgetStandsAgainstTheDemand) {
  for (const char* budget :
       {"capex: 25000", "tco: 25000", "opex_per_year: 100", "watts: 1500", "carbon_kg_per_year: 100"})
    EXPECT_THAT(
        conflicts(text(std::string("constraints: {") + budget + "}")),
        UnorderedElementsAre("workload", std::string("constraints.") +
                                             std::string(budget).substr(0, std::string(budget).find(':'))));
}

TEST_F(Infeasible, StockPowerCoolingAndSpaceStandAgainstTheDemand) {
  EXPECT_THAT(conflicts(text("", ", stock: 2")), UnorderedElementsAre("workload", "servers[0].stock"));
  EXPECT_THAT(conflicts(text("sites: [{name: a, watts: 1600}]")),
              UnorderedElementsAre("workload", "sites[0].watts"));
  EXPECT_THAT(conflicts(text("sites: [{name: a, cooling_watts: 1300}]")),
              UnorderedElementsAre("workload", "sites[0].cooling_watts"));
  EXPECT_THAT(conflicts(text("sites: [{name: a, rack_units: 5}]")),
              UnorderedElementsAre("workload", "sites[0].rack_units"));
}

TEST_F(Infeasible, OneVendorCannotKeepAShareOfVendors) {
  EXPECT_THAT(conflicts(text("constraints: {vendor_share: 0.6}")),
              UnorderedElementsAre("workload", "constraints.vendor_share"));
  EXPECT_THAT(conflicts(text("constraints: {vendors: 2}")), UnorderedElementsAre("constraints.vendors"));
}

// At most one server of AMD and as many others: two servers.
TEST_F(Infeasible, ThreeRulesTogether) {
  const std::string amd =
      "  - {name: mi210, accelerator: MI210, accelerators: 1, price: 90000, stock: 1}\nconstraints: "
      "{vendor_share: 0.5}";
  EXPECT_THAT(conflicts(text(amd)),
              UnorderedElementsAre("workload", "constraints.vendor_share", "servers[1].stock"));
}

// Some 3.5 servers are needed: four, and without one of them three.
TEST_F(Infeasible, AThingToSpareStandsAgainstStock) {
  write("workload.yaml", replaced(kHeavy, "4000", "4600"));
  const std::string degraded = "ttft: 1s, attainment: 0.95, degraded: {ttft: 4s, attainment: 0.7}";
  EXPECT_EQ(make(text("constraints: {spare: node}", ", stock: 20", degraded)).plan.state, PlanState::kFound);
  EXPECT_THAT(conflicts(text("constraints: {spare: node}", ", stock: 4")),
              UnorderedElementsAre("constraints.spare[0]", "servers[0].stock"));
  EXPECT_THAT(conflicts(text("constraints: {spare: [node, site]}")),
              UnorderedElementsAre("constraints.spare[1]"));
}

TEST_F(Infeasible, ResidencyStandsAlone) {
  write("workload.yaml", kHeavy + "tenant: health\n");
  const std::string sites =
      "sites: [{name: a, labels: {country: IE}}]\ntenants: [{name: health, residency: {compute: {country: "
      "FR}}}]";
  EXPECT_THAT(conflicts(text(sites)), UnorderedElementsAre("tenants[health].residency"));
  EXPECT_THAT(make(text(sites)).plan.shortage, HasSubstr("there are none"));
}

// Two servers may stand in France, three are needed; there are others in Ireland.
TEST_F(Infeasible, ResidencyStandsAgainstRoom) {
  write("workload.yaml", kHeavy + "tenant: health\n");
  const std::string sites = R"(sites:
  - {name: a, labels: {country: FR}, rack_units: 5}
  - {name: b, labels: {country: IE}}
tenants: [{name: health, residency: {compute: {country: FR}}}]
)";
  EXPECT_THAT(conflicts(text(sites)),
              UnorderedElementsAre("workload", "sites[0].rack_units", "tenants[health].residency"));
}

// The policy forbids Ireland, but twice as many servers would be as dear there.
TEST_F(Infeasible, APolicyThatChangesNothingIsNotBlamed) {
  write("workload.yaml", kHeavy + "tenant: health\n");
  const std::string sites = R"(sites: [{name: a, labels: {country: FR}}, {name: b, labels: {country: IE}}]
tenants: [{name: health, residency: {compute: {country: FR}}}]
constraints: {capex: 25000}
)";
  EXPECT_THAT(conflicts(text(sites)), UnorderedElementsAre("workload", "constraints.capex"));
}

// No server at all may stand there: nothing but the demand is left to name, the reason is under `rejected`.
TEST_F(Infeasible, WhereNothingCanStandTheReasonIsRejected) {
  const Plan plan = make(text("sites: [{name: a, watts: 100}]")).plan;
  EXPECT_EQ(plan.state, PlanState::kInfeasible);
  EXPECT_THAT(plan.conflicts, UnorderedElementsAre("workload"));
  EXPECT_THAT(reasons(plan.options.rejected), ::testing::Contains(HasSubstr("no room for one server")));
}

// A mean TTFT under the time of a prompt: no bound knows, every simulation does.
TEST_F(Infeasible, AGoalThatEverySimulationMissesIsNotFound) {
  const Plan plan = make(text("", ", stock: 5", "ttft: {mean: 10ms}")).plan;
  EXPECT_EQ(plan.state, PlanState::kNotFound);
  EXPECT_THAT(plan.conflicts, IsEmpty());
  EXPECT_FALSE(plan.best);
  ASSERT_FALSE(plan.evaluated.empty());
  for (const EvaluatedFleet& fleet : plan.evaluated)
    EXPECT_THAT(fleet.normal.misses, ::testing::Contains(HasSubstr("ttft mean")));
}

}  // namespace
}  // namespace kvsim::planner
