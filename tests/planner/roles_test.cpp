// SPDX-License-Identifier: Apache-2.0
// Prefill and decode pools of a plan: what is read, what is listed, what a bound counts, what is written.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cmath>

#include "planner/demand.h"
#include "planner/drawn_pools.h"
#include "planner/loads.h"
#include "planner/output/deployment.h"
#include "planner/pool_pairs.h"
#include "planner/replica_work.h"
#include "sim/scenario/read_disaggregation.h"
#include "tests/planner/problem_fixture.h"

namespace kvsim::planner {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string kHead = R"(model: Llama-3.1-8B
workload: trace.jsonl
slo: {ttft: 2s, tpot: 50ms, attainment: 1}
servers:
  - {name: l40s, accelerator: L40S, accelerators: 2, price: 9000, stock: 90}
  - {name: h100, accelerator: H100-SXM-80, accelerators: 2, price: 50000, stock: 90}
accept_unverified: true
search: {draws: 0}
)";
const std::string kSplit = R"(engines:
  - {name: prompts, role: prefill, servers: [l40s], engine: {max_model_len: 8192}}
  - {name: answers, role: decode, servers: [h100], engine: {max_model_len: 8192}}
)";

class Roles : public ProblemTest {
 protected:
  void SetUp() override {
    ProblemTest::SetUp();
    std::string text = "{\"kvsim_trace\": 1}\n";
    for (int i = 0; i < kRequests; ++i)
      text += fmt::format("{{\"arrival_seconds\": {}, \"input_tokens\": 4000, \"output_tokens\": 101{}}}\n",
                          i * kSpan / (kRequests - 1), tenant_);
    write("trace.jsonl", text);
  }
  void list(const std::string& text) {
    problem_ = problem(kHead + text);
    demand_ = demand_of(problem_);
    DemandNames names;
    for (const auto& [kind, sums] : demand_.kinds) names.insert(kind);
    options_ = list_options(problem_, shipped(), names);
    pools_ = pools_at_best(problem_, options_.pools, shipped());
  }
  Load bound() const { return bound_load(problem_, options_, demand_, pools_); }
  // Index of the only option with that role.
  std::size_t with(sim::PoolRole role) const {
    for (std::size_t i = 0; i < options_.pools.size(); ++i)
      if (options_.pools[i].role == role) return i;
    throw std::out_of_range("no such role");
  }
  sim::Fleet fleet(std::vector<std::uint32_t> servers) const {
    return sim::read_fleet(compose_fleet(problem_, options_.pools, {std::move(servers), {}}), shipped());
  }

  static constexpr int kRequests = 2000;
  static constexpr double kSpan = 20;
  std::string tenant_;
  Problem problem_;
  Demand demand_;
  Options options_;
  PoolsByName pools_;
};

class RolesOfATenant : public Roles {
 protected:
  RolesOfATenant() { tenant_ = R"(, "tenant": "city")"; }
};

TEST_F(Roles, WhatIsWrongIsTold) {
  EXPECT_THAT(faults(kHead + "role: first\n"), Contains(HasSubstr("unknown role 'first'")));
  EXPECT_THAT(faults(kHead + "role: [both, prefill]\n"),
              Contains(HasSubstr("no engine has the role `decode`")));
  EXPECT_THAT(faults(kHead + "disaggregated_router: {policy: pd}\n"),
              Contains(HasSubstr("no engine prefills apart from decode")));
  EXPECT_THAT(faults(kHead + kSplit + "disaggregated_router: {policy: pdd}\n"),
              Contains(HasSubstr("found \"pdd\"")));
  EXPECT_THAT(faults(kHead + kSplit + "disaggregated_router: {rules: []}\n"),
              Contains(HasSubstr("disaggregated_router.rules")));
}

TEST_F(Roles, EachRoleIsAnOption) {
  list("role: [decode, both, prefill]\nengine: {max_model_len: 8192}\n");
  EXPECT_THAT(names(options_.pools),
              ElementsAre("local-l40s-llama-3.1-8b-tp1", "local-l40s-llama-3.1-8b-tp1-prefill",
                          "local-l40s-llama-3.1-8b-tp1-decode", "local-h100-llama-3.1-8b-tp1",
                          "local-h100-llama-3.1-8b-tp1-prefill", "local-h100-llama-3.1-8b-tp1-decode"));
  const sim::Fleet whole = fleet({1, 0, 0, 1, 0, 0}), split = fleet({1, 2, 0, 0, 0, 1});
  EXPECT_EQ(whole.router.policy, "least-request");
  EXPECT_EQ(split.router.policy, "pd-round-robin");
  ASSERT_EQ(split.pools.size(), 3u);
  EXPECT_EQ(split.pools[1].role, sim::PoolRole::kPrefill);
  EXPECT_EQ(split.pools[1].replicas, 4u);
  EXPECT_EQ(split.pools[2].role, sim::PoolRole::kDecode);
}

TEST_F(Roles, TheRouterOfSplitFleetsMayBeAnother) {
  list(kSplit + "router: {policy: round-robin, disaggregation: {lease: 3s}}\n");
  EXPECT_EQ(fleet({1, 1}).router.disaggregation.lease_seconds, 3);
  list(kSplit + "disaggregated_router: {policy: pd, disaggregation: {hop: 5ms}}\n");
  EXPECT_TRUE(fleet({1, 1}).router.epp.has_value());
  EXPECT_EQ(fleet({1, 1}).router.disaggregation.hop_seconds, 0.005);
}

TEST_F(Roles, NobodyStandsAlone) {
  list(kSplit);
  EXPECT_THAT(role_faults(options_, {{1, 1}, {}}), IsEmpty());
  EXPECT_THAT(role_faults(options_, {{1, 0}, {}}),
              ElementsAre(HasSubstr("prompts-prefill has the role prefill")));
  EXPECT_THAT(role_faults(options_, {{0, 1}, {}}),
              ElementsAre(HasSubstr("answers-decode has the role decode")));
}

// Blocks of 16 tokens are no whole number of blocks of 32.
TEST_F(Roles, WhatFitsNothingIsLeftOut) {
  list(replaced(kSplit, "8192}", "8192, block_size: 32}"));
  EXPECT_THAT(options_.pools, IsEmpty());
  EXPECT_THAT(reasons(options_.rejected), Contains(HasSubstr("blocks of 16 tokens")));
}

TEST_F(Roles, WhatDoesNotFitDoesNotStandTogether) {
  list(kSplit +
       "  - {name: large, role: prefill, servers: [h100], engine: {max_model_len: 8192, block_size: 32}}\n" +
       "  - {name: larger, role: decode, servers: [l40s], engine: {max_model_len: 8192, block_size: 32}}\n");
  ASSERT_EQ(options_.pools.size(), 4u);
  ASSERT_EQ(options_.unfit.size(), 1u);  // small prompts fit large answers
  std::vector<std::uint32_t> servers(4);
  servers[options_.unfit[0].a] = servers[options_.unfit[0].b] = 1;
  EXPECT_THAT(role_faults(options_, {servers, {}}), Contains(HasSubstr("blocks of 16 tokens")));
  EXPECT_THROW(fleet(servers), InputError);
}

// 2000 prompts of 4000 tokens and answers of 101: all prompts have to be computed in the span and the limit
// of TTFT, each token after the first until 100 limits of TPOT later.
TEST_F(Roles, ABoundHasPromptsOnOneAndAnswersOnTheOther) {
  list(kSplit);
  const std::size_t prefill = with(sim::PoolRole::kPrefill), decode = with(sim::PoolRole::kDecode);
  const Load load = bound();
  const UnitSeconds a = unit_seconds(*pools_.at(options_.pools[prefill].name).step_time);
  const UnitSeconds b = unit_seconds(*pools_.at(options_.pools[decode].name).step_time);
  const double first = kSpan + 2, last = kSpan + 2 + 101 * 0.05;
  const double tokens = kRequests * 4000.0 * a[0] / first / 2;
  const double pairs = kRequests * 4000.0 * 4001 / 2 * a[1] / first / 2;
  const double answers = kRequests * 100.0 * b[2] / last / 2;
  const double context = kRequests * 100.0 * (4000 + 101 / 2.0) * b[3] / last / 2;
  EXPECT_NEAR(load.seconds[0][0][prefill], tokens, 1e-6 * tokens);
  EXPECT_NEAR(load.seconds[0][1][prefill], pairs, 1e-6 * pairs);
  EXPECT_NEAR(load.seconds[0][2][decode], answers, 1e-6 * answers);
  EXPECT_NEAR(load.seconds[0][3][decode], context, 1e-6 * context);
  for (const std::size_t part : {0, 1}) EXPECT_FALSE(std::isfinite(load.seconds[0][part][decode]));
  for (const std::size_t part : {2, 3}) EXPECT_FALSE(std::isfinite(load.seconds[0][part][prefill]));
  const FleetProgram program(problem_, options_, load, {0, 0});
  const Solution solution = solve(program.program(), {});
  ASSERT_TRUE(solution.found);
  EXPECT_EQ(program.choice(solution).servers[prefill], std::ceil(tokens + pairs));
  EXPECT_EQ(program.choice(solution).servers[decode], std::ceil(answers + context));
}

// Where a router may leave prompts to those that decode, bounds allow it; after a loss always.
TEST_F(Roles, ABoundAllowsPromptsWhereTheRouterMay) {
  list(kSplit);
  const std::size_t decode = with(sim::PoolRole::kDecode);
  EXPECT_FALSE(std::isfinite(bound().seconds[0][0][decode]));
  EXPECT_TRUE(std::isfinite(bound().after_a_loss()[0][0][decode]));
  list(kSplit + "disaggregated_router: {policy: pd}\n");
  EXPECT_TRUE(std::isfinite(bound().seconds[0][0][decode]));
}

TEST_F(Roles, ABoundAllowsPromptsThatAreTooLongForThoseThatPrefill) {
  list(replaced(kSplit, "max_model_len: 8192", "max_model_len: 4000"));
  EXPECT_TRUE(std::isfinite(bound().seconds[0][0][with(sim::PoolRole::kDecode)]));
}

// Prompts at b would come to a by a way that is not the tenant's.
TEST_F(RolesOfATenant, ABoundAllowsPromptsThatMayNotBeHandedOver) {
  const std::string sites = R"(sites: [{name: a}, {name: b}, {name: c, labels: {operator: ours}}]
engines:
  - {name: prompts, role: prefill, sites: [b], servers: [l40s], engine: {max_model_len: 8192}}
  - {name: answers, role: decode, sites: [a], servers: [h100], engine: {max_model_len: 8192}}
router: {site: c}
tenants: [{name: city, residency: {transit: {operator: ours}}}]
network:
  site_links:
    - {from: c, to: a, bytes_per_second: 1GB, labels: {operator: ours}}
    - {from: c, to: b, bytes_per_second: 1GB, labels: {operator: ours}}
    - {from: a, to: b, bytes_per_second: 1GB, labels: {operator: theirs}}
)";
  list(sites);
  EXPECT_TRUE(std::isfinite(bound().seconds[0][0][with(sim::PoolRole::kDecode)]));
  list(replaced(sites, "theirs", "ours"));
  EXPECT_FALSE(std::isfinite(bound().seconds[0][0][with(sim::PoolRole::kDecode)]));
}

// A prefilling server that computes a prompt in s does 1/s a second by hand; one that decodes spends nothing
// on prompts.
TEST_F(Roles, CapacitiesByHandAreOfOneRole) {
  list("role: [both, prefill, decode]\nengine: {max_model_len: 8192}\n");
  for (const std::size_t server : {0, 3}) {
    double by_role[3] = {};
    for (const Capacity& capacity : hand_capacities(problem_, options_, demand_, pools_))
      if (capacity.option >= server && capacity.option < server + 3)
        by_role[capacity.option - server] = capacity.analytic;
    const auto [both, prefill, decode] = by_role;
    EXPECT_LT(both, prefill);
    EXPECT_LT(both, decode);
  }
}

TEST_F(Roles, DeploymentFilesNameTheRole) {
  list(kSplit);
  std::string text;
  for (const DeploymentFile& file : deployment_files(fleet({1, 1}))) text += file.text;
  EXPECT_THAT(text, HasSubstr("# Role prefill: it computes prompts"));
  EXPECT_THAT(text, HasSubstr("\nprefill:\n  create: true\n  replicas: 2\n"));
  EXPECT_THAT(text, HasSubstr("\ndecode:\n  create: true\n  replicas: 2\n"));
  EXPECT_THAT(text, HasSubstr("NixlConnector"));
}

}  // namespace
}  // namespace kvsim::planner
