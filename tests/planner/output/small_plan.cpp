// SPDX-License-Identifier: Apache-2.0
#include "tests/planner/output/small_plan.h"

#include <limits>

#include "sim/scenario/load_fleet.h"
#include "tests/planner/problem_fixture.h"
#include "tests/planner/worlds.h"

namespace kvsim::planner {
namespace {

constexpr double kNotUsed = std::numeric_limits<double>::quiet_NaN();

PriceTag price(double value, const std::string& source) {
  return {value, 0.9 * value, 1.2 * value, source, source.empty()};
}

ServerOption server(const std::string& name, const std::string& accelerator, const std::string& vendor,
                    double purchase) {
  ServerOption option = server_for(purchase, name, vendor);
  option.accelerator = accelerator;
  option.purchase = price(purchase, "quote for " + name);
  option.rack_units = 8;
  option.base_watts = 2000;
  option.accelerator_peak_watts = 700;
  option.accelerator_idle_watts = 70;
  option.support_share_per_year = 0.05;
  option.licence_per_year = 1000;
  return option;
}

PlannedSite site(const std::string& name, double watts) {
  PlannedSite site = site_named(name);
  site.watts = watts;
  site.cooling_watts = 0.9 * watts;
  site.watts_by_hour.values = {0.95 * watts};
  site.pue = 1.3;
  site.price_per_kwh.values = {0.14};
  site.carbon_kg_per_kwh.values = {0.056};
  site.price_per_rack_unit_year = 120;
  return site;
}

SloPlan chat_slo() {
  SloPlan slo;
  slo.name = "chat";
  slo.normal = {{{"ttft", 1}, {"tpot", 0.05}}, 0.95, {{"e2e", "p99", 30}}};
  slo.degraded = SloGoal{{{"ttft", 2}}, 0.9, {{"ttft", "p90", 1}}};
  return slo;
}

void add_goods(Problem& problem, const std::string& hostile) {
  problem.servers = {server("hgx-h100", "H100-SXM-80", "NVIDIA", 280'000),
                     server(hostile.empty() ? "gaudi" : hostile, "Gaudi3", "Intel", 150'000),
                     rented_for(60, "cloud")};
  problem.servers[2].accelerator = "H200-SXM";
  problem.servers[2].rent_per_hour = price(60, "list price");
  problem.sites.back().installed = {{problem.servers[1].name, 1, 2}};
  StorageOption storage;
  storage.name = "scale";
  storage.site = "paris";
  storage.sizes = {{100'000'000'000'000, 20e9, 10e9, price(50'000, "quote 12"), 2000, 4}};
  storage.support_share_per_year = 0.1;
  problem.storage = {storage};
  problem.engines = {{.name = "vllm"}};
}

Problem problem_named(const std::string& hostile) {
  Problem problem = bare_problem();
  problem.name = hostile.empty() ? "sovereign chat" : hostile;
  problem.file = "problem.yaml";
  problem.date = "2026-06-01";
  problem.currency = "EUR";
  problem.digest = "0123456789abcdef";
  problem.models = {"Llama-3.1-8B"};
  problem.workload.trace = "workload.yaml";
  problem.workload.mean_load = 0.6;
  problem.slos = {chat_slo()};
  problem.sites = {site("paris", 90'000), site(hostile.empty() ? "lyon" : hostile, 40'000)};
  problem.finance = {.years = 4, .discount_rate = 0.05, .depreciation_years = 5, .network_share = 0.1};
  problem.finance.router_host = price(9'000, "");
  problem.constraints.capex = 3e6;
  problem.constraints.spare = {Spare::kNode};
  problem.constraints.refused_vendors = {"Acme"};
  problem.assumptions = {{"sites[0].pue", "1.3", "usual of air-cooled halls"}};
  add_goods(problem, hostile);
  return problem;
}

PoolOption option(const std::string& name, std::size_t site, std::size_t server) {
  PoolOption pool = pool_of(site, server);
  pool.name = name;
  pool.model = "Llama-3.1-8B";
  pool.replicas_per_server = 8;
  return pool;
}

Options options_with(const std::string& hostile) {
  Options options;
  options.pools = {option("paris-hgx", 0, 0), option("lyon-gaudi", 1, 1), option("lyon-gaudi-health", 1, 1),
                   option("paris-cloud", 0, 2)};
  options.pools[0].storage = 0;
  options.pools[2].dedicated_to = "health";
  options.demand = {class_on({0, 1, 3}), class_on({2}, "health"), class_on({0, 1}, "bank")};
  if (!hostile.empty()) options.demand.push_back(class_on({0, 1, 3}, hostile));
  for (DemandClass& demand : options.demand) demand.slo_class = "chat";
  options.demand[0].refused = options.demand[2].refused = {2};
  options.demand[0].reasons = options.demand[2].reasons = {"pool lyon-gaudi-health: it serves health alone"};
  options.demand[1].refused = {0, 1, 3};
  options.demand[1].reasons = {"pool paris-hgx: owner_country is US, allowed: FR",
                               "pool lyon-gaudi: it is shared",
                               "pool paris-cloud: owner_country is US, allowed: FR"};
  options.demand[2].refused.push_back(3);
  options.demand[2].reasons.emplace_back("pool paris-cloud: operator is Acme, allowed: nord-cloud");
  options.rejected = {{"server acme at paris", "the vendor is refused", "constraints.refused_vendors"}};
  return options;
}

Judgement judged(double attainment, const AcceleratorWatts& watts) {
  Judgement judgement{.ran = true, .passes = attainment >= 0.95};
  judgement.checks = {{"chat", "attainment", attainment, 0.95, attainment >= 0.95},
                      {"chat", "e2e p99", 21.5, 30, true}};
  if (!judgement.passes) judgement.misses = {"chat: attainment under 0.95"};
  judgement.attainment = attainment;
  judgement.completed_share = 0.999;
  judgement.watts = watts;
  return judgement;
}

EvaluatedFleet fleet(const Plan& plan, const FleetChoice& choice, double attainment) {
  AcceleratorWatts watts;
  for (const std::uint32_t servers : choice.servers) watts.push_back(servers > 0 ? 3500 : kNotUsed);
  return {.choice = choice,
          .cost = cost_of(plan.problem, plan.options.pools, choice, watts),
          .normal = judged(attainment, watts),
          .degraded = {{"a node of paris-hgx", judged(std::max(0.0, attainment - 0.01), watts)}},
          .origin = "program at 1 x the demand"};
}

void add_fleets(Plan& plan) {
  plan.evaluated = {
      fleet(plan, choice_of({2, 1, 1, 0}, {0}), 0.91), fleet(plan, choice_of({3, 1, 1, 1}, {0}), 0.973),
      fleet(plan, choice_of({4, 1, 1, 1}, {0}), 0.988), fleet(plan, choice_of({6, 2, 1, 1}, {0}), 0.996),
      fleet(plan, choice_of({5, 0, 1, 2}, {0}), 0.982)};
  plan.evaluated[4].violations = {{"constraints.vendor_share", "share of NVIDIA: 75 %; at most 60 %"}};
  plan.best = 1;
  plan.ties = {2};
  plan.pareto = {0, 1, 2, 3};
  plan.analytic = choice_of({2, 1, 1, 0}, {0});
  plan.bound = 0.97 * plan.evaluated[1].cost.objective;
}

void add_checks(Plan& plan) {
  plan.capacities = {{0, 0, 92.5, 61.2, 48.75}, {1, 2, 51, 33, 24.5}, {0, 3, 40, 25, 0}};
  plan.hand_checks = {{.option = 0,
                       .requests_per_second = 5.2,
                       .weights_bytes = 16.1e9,
                       .kv_bytes_per_token = 131072,
                       .kv_capacity_tokens = 402'000,
                       .concurrency = 38.4,
                       .kv_tokens_needed = 126'000,
                       .flops_per_second = 310e12,
                       .peak_flops_per_second = 989e12,
                       .bytes_per_second = 1.9e12,
                       .peak_bytes_per_second = 3.35e12,
                       .busy_fraction = 0.83,
                       .limit = "steps are under way 83 % of the time: the rest is kept free for bursts"}};
  plan.probability = {20, 17};
  plan.measure_first = {{"profile gaudi3-llama-3.1-8b", 0.08}, {"demand", 0.03}};
  plan.tuned = {{"pools[0].engine.max_num_seqs", "1024", "256", 0.973, 0.976}};
  plan.validity = {
      {"pool paris-hgx: step time", "prior from kernel speeds; not calibrated to a serving run"}};
}

VariantRow variant(const std::string& name, const std::string& setting, const Plan& plan, double factor) {
  const FleetCost& cost = plan.evaluated[1].cost;
  VariantRow row{name, {setting}, PlanState::kFound, "3 hgx-h100 at paris (Llama-3.1-8B, tp 1)"};
  row.objective = factor * cost.objective;
  row.capex = factor * cost.capex;
  row.tco = factor * cost.tco;
  row.watts = factor * cost.facility_watts;
  row.same_fleet = factor == 1;
  return row;
}

WhatIf variants(const Plan& plan) {
  WhatIf what_if;
  what_if.scenarios = {variant("twice the users", "workload.growth=2", plan, 1.8),
                       {"no capex", {"constraints.capex=0"}, PlanState::kInfeasible}};
  what_if.rule_prices = {variant("without constraints.capex", "constraints.capex", plan, 1)};
  what_if.sensitivity = {variant("traffic x 0.8", "traffic", plan, 0.85),
                         variant("traffic x 1.25", "traffic", plan, 1.2),
                         variant("price of energy x 0.5", "price of energy", plan, 0.97),
                         variant("price of energy x 2", "price of energy", plan, 1.06)};
  return what_if;
}

}  // namespace

SmallPlan small_plan(const std::string& hostile) {
  SmallPlan small;
  Plan& plan = small.plan;
  plan.problem = problem_named(hostile);
  plan.options = options_with(hostile);
  plan.state = PlanState::kFound;
  add_fleets(plan);
  add_checks(plan);
  plan.service = {
      {"default", 12.5, 9000, 2500, 0.973}, {"health", 3.25, 2000, 700, 0.981}, {"bank", 2, 1500, 400, {}}};
  if (!hostile.empty()) plan.service.push_back({hostile, 1, 700, 200, 0.99});
  small.what_if = variants(plan);
  return small;
}

SmallPlan infeasible_plan() {
  SmallPlan small;
  small.plan.problem = problem_named("");
  small.plan.options = options_with("");
  small.plan.state = PlanState::kInfeasible;
  small.plan.conflicts = {"constraints.capex", "sites[0].watts"};
  return small;
}

SmallPlan fruitless_plan() {
  SmallPlan small = small_plan();
  Plan& plan = small.plan;
  plan.state = PlanState::kNotFound;
  plan.evaluated.resize(1);
  plan.best.reset();
  plan.ties.clear();
  plan.pareto = {0};
  plan.hand_checks.clear();
  plan.service.clear();
  return small;
}

void add_fleet(Plan& plan, const std::string& yaml) {
  plan.fleet = std::make_shared<const sim::Fleet>(sim::read_fleet(parse_yaml(yaml, "fleet.yaml"), shipped()));
  plan.fleet_yaml = sim::effective_yaml(*plan.fleet);
}

}  // namespace kvsim::planner
