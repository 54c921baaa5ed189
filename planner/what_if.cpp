// SPDX-License-Identifier: Apache-2.0
#include "planner/what_if.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>

#include "planner/in_words.h"
#include "planner/nodes.h"
#include "planner/read_problem.h"

namespace kvsim::planner {
namespace {

constexpr std::uint64_t kMostEvaluations = 32;

Overrides overrides_of(const std::string& scenario, const std::vector<std::string>& settings) {
  Overrides overrides;
  for (const std::string& setting : settings) {
    overrides.push_back(parse_override(setting));
    overrides.back().given = "scenario " + scenario + ": " + setting;
  }
  return overrides;
}

class RuleList {
 public:
  explicit RuleList(const Problem& problem) : problem_(problem) {}

  std::vector<ProblemVariant> all() {
    add_limits();
    for (std::size_t i = 0; i < problem_.constraints.spare.size(); ++i)
      if (problem_.constraints.spare[i] != Spare::kNothing)
        without(fmt::format("constraints.spare[{}]", i), [i](Problem& problem) {
          problem.constraints.spare.erase(problem.constraints.spare.begin() + static_cast<std::ptrdiff_t>(i));
        });
    for (std::size_t i = 0; i < problem_.tenants.items.size(); ++i) {
      const Node& tenant = problem_.tenants.items[i];
      if (tenant.find("residency") == nullptr) continue;
      without(fmt::format("tenants[{}].residency ({})", i, tenant.find("name")->scalar),
              [i](Problem& problem) { put(problem.tenants.items[i], "residency", empty_map()); });
    }
    if (!problem_.default_residency.is_null())
      without("default_residency", [](Problem& problem) { problem.default_residency = {}; });
    return std::move(variants_);
  }

 private:
  template <class Value>
  void limit(const char* path, std::optional<Value> Constraints::*member) {
    if (problem_.constraints.*member)
      without(path, [member](Problem& problem) { (problem.constraints.*member).reset(); });
  }
  void add_limits() {
    limit("constraints.tco", &Constraints::tco);
    limit("constraints.capex", &Constraints::capex);
    limit("constraints.opex_per_year", &Constraints::opex_per_year);
    limit("constraints.watts", &Constraints::watts);
    limit("constraints.carbon_kg_per_year", &Constraints::carbon_kg_per_year);
    limit("constraints.vendor_share", &Constraints::vendor_share);
    limit("constraints.vendors", &Constraints::vendors);
    if (!problem_.constraints.refused_vendors.empty())
      without("constraints.refused_vendors",
              [](Problem& problem) { problem.constraints.refused_vendors.clear(); });
  }
  void without(const std::string& path, const std::function<void(Problem&)>& change) {
    variants_.push_back({"without " + path, {path}, problem_});
    change(variants_.back().problem);
  }

  const Problem& problem_;
  std::vector<ProblemVariant> variants_;
};

void scale(PriceTag& price, double factor) {
  price.value *= factor;
  price.low *= factor;
  price.high *= factor;
}

class AssumptionList {
 public:
  explicit AssumptionList(const Problem& problem) : problem_(problem) {}

  std::vector<ProblemVariant> all() {
    move("traffic", 0.8, 1.25, [](Problem& problem, double factor) { problem.workload.growth *= factor; });
    std::set<std::string> vendors;
    for (const ServerOption& server : problem_.servers) vendors.insert(server.vendor);
    for (const std::string& vendor : vendors) move_prices_of(vendor);
    if (!problem_.storage.empty())
      move("prices of storage", 0.7, 1.3, [](Problem& problem, double factor) {
        for (StorageOption& storage : problem.storage)
          for (StorageSize& size : storage.sizes) scale(size.purchase, factor);
      });
    move("price of energy", 0.5, 2, [](Problem& problem, double factor) {
      for (PlannedSite& site : problem.sites)
        for (double& price : site.price_per_kwh.values) price *= factor;
    });
    move("years of operation", 0.6, 1.4,
         [](Problem& problem, double factor) { problem.finance.years *= factor; });
    return std::move(variants_);
  }

 private:
  void move_prices_of(const std::string& vendor) {
    move("prices of " + vendor, 0.7, 1.3, [vendor](Problem& problem, double factor) {
      for (ServerOption& server : problem.servers) {
        if (server.vendor != vendor) continue;
        if (server.purchase) scale(*server.purchase, factor);
        if (server.rent_per_hour) scale(*server.rent_per_hour, factor);
      }
    });
  }
  void move(const std::string& what, double low, double high,
            const std::function<void(Problem&, double)>& change) {
    for (const double factor : {low, high}) {
      variants_.push_back({fmt::format("{} x {:.3g}", what, factor), {what}, problem_});
      change(variants_.back().problem, factor);
    }
  }

  const Problem& problem_;
  std::vector<ProblemVariant> variants_;
};

constexpr std::size_t kHints = 8;

// They need no simulation where only prices differ, and no variant ends up dearer than they are.
std::vector<FleetChoice> cheapest_that_pass(const Plan& plan) {
  std::vector<std::pair<double, FleetChoice>> fleets;
  for (const EvaluatedFleet& fleet : plan.evaluated)
    if (fleet.feasible()) fleets.emplace_back(fleet.cost.objective, fleet.choice);
  std::sort(fleets.begin(), fleets.end());
  std::vector<FleetChoice> choices;
  for (std::size_t i = 0; i < std::min(kHints, fleets.size()); ++i) choices.push_back(fleets[i].second);
  return choices;
}

VariantRow row_of(const ProblemVariant& variant, const Plan& plan, const Plan& base) {
  VariantRow row;
  row.name = variant.name;
  row.settings = variant.settings;
  row.state = plan.state;
  if (!plan.best) return row;
  const EvaluatedFleet& best = plan.evaluated[*plan.best];
  row.fleet = in_words(plan.problem, plan.options.pools, best.choice);
  row.objective = best.cost.objective;
  row.capex = best.cost.capex;
  row.tco = best.cost.tco;
  row.watts = best.cost.facility_watts;
  row.same_fleet =
      base.best && row.fleet == in_words(base.problem, base.options.pools, base.evaluated[*base.best].choice);
  return row;
}

}  // namespace

std::vector<ProblemVariant> scenarios_of(const Problem& problem, const sim::FleetInputs& inputs) {
  std::vector<ProblemVariant> variants;
  for (const ScenarioChange& scenario : problem.scenarios)
    variants.push_back({scenario.name, scenario.settings,
                        load_problem(problem.file, inputs, overrides_of(scenario.name, scenario.settings))});
  return variants;
}

std::vector<ProblemVariant> without_each_rule(const Problem& problem) { return RuleList(problem).all(); }

std::vector<ProblemVariant> moved_assumptions(const Problem& problem) {
  return AssumptionList(problem).all();
}

std::vector<VariantRow> plan_variants(const std::vector<ProblemVariant>& variants, bool same_servers,
                                      const PlanInputs& from, const Plan& base) {
  std::vector<VariantRow> rows;
  for (const ProblemVariant& variant : variants) {
    Problem problem = variant.problem;
    problem.search.evaluations = std::min(problem.search.evaluations, kMostEvaluations);
    problem.search.proof_evaluations = 0;
    Plan plan;
    if (same_servers) {
      plan.capacities = base.capacities;
      plan.options = base.options;
      plan.hints = cheapest_that_pass(base);
    }
    make_plan(problem, {from.inputs, from.simulations, {}, from.demands}, Depth::kSearch, plan);
    if (from.told) from.told("what if " + variant.name, plan);
    rows.push_back(row_of(variant, plan, base));
  }
  return rows;
}

WhatIf what_if(const Plan& base, const PlanInputs& from) {
  return {plan_variants(scenarios_of(base.problem, from.inputs), false, from, base),
          plan_variants(without_each_rule(base.problem), true, from, base),
          plan_variants(moved_assumptions(base.problem), true, from, base)};
}

}  // namespace kvsim::planner
