// SPDX-License-Identifier: Apache-2.0
// The outcome of a search: what all output files are written from (planner/output).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "planner/cost.h"
#include "planner/fleet_program.h"
#include "planner/judge.h"
#include "planner/options.h"
#include "planner/problem.h"

namespace kvsim::planner {

struct DegradedCase {  // one loss that the fleet must survive
  std::string lost;    // "a node of paris-hgx-...", "site lyon"
  Judgement judgement;
};

// Passes everything and violates nothing.
bool keeps_everything(const Judgement& normal, const std::vector<DegradedCase>& degraded,
                      const std::vector<Violation>& violations);

struct EvaluatedFleet {
  FleetChoice choice;
  FleetCost cost;
  Judgement normal;
  std::vector<DegradedCase> degraded;
  std::vector<Violation> violations;  // of constraints, with power as simulated
  std::string origin;                 // why it was tried: "analytic", "demand x 1.15", "one server less", ...
  bool feasible() const { return keeps_everything(normal, degraded, violations); }
};

// What a server of an option can carry of a class, requests a second; 0: it cannot keep the SLO.
struct Capacity {
  std::size_t demand = 0;  // index of the class
  std::size_t option = 0;
  double bound = 0;      // no schedule does more
  double analytic = 0;   // closed form
  double simulated = 0;  // by bisection
};

// The pencil-and-paper page of a pool: what limits it, and what the simulation adds.
struct HandCheck {
  std::size_t option = 0;
  double requests_per_second = 0;  // of one replica, as simulated in the plan
  double weights_bytes = 0, kv_bytes_per_token = 0, kv_capacity_tokens = 0;  // of a replica
  double concurrency = 0;                                                    // Little's law: rate x mean E2E
  double kv_tokens_needed = 0;                                               // concurrency x mean context
  double flops_per_second = 0, peak_flops_per_second = 0;
  double bytes_per_second = 0, peak_bytes_per_second = 0;
  double busy_fraction = 0;
  std::string limit;  // in words: which mechanism explains the gap between roofline and simulation
};

struct SloProbability {  // over draws of profiles and demand
  std::uint64_t draws = 0;
  std::uint64_t met = 0;
  double probability() const {
    return draws == 0 ? 0 : static_cast<double>(met) / static_cast<double>(draws);
  }
};

struct WorthMeasuring {  // ranked: the first narrows the answer most
  std::string what;      // "profile mi325x-granite-4.1-8b", "demand"
  double spread = 0;     // of the attainment when only this is drawn (p90 - p10)
};

struct TunedSetting {
  std::string path, from, to;
  double attainment_before = 0, attainment_after = 0;
};

// What a tenant got of the best fleet in normal operation, at the values that it was judged with: means over
// seeds.
struct TenantService {
  std::string tenant;  // as reports call it (sim/report/labels.h): `default` where requests name none
  double requests_per_second = 0, input_tokens_per_second = 0, output_tokens_per_second = 0;  // completed
  std::optional<double> attainment;  // of offered requests that have objectives
};

enum class PlanState { kFound, kInfeasible, kNotFound };  // not found: only simulations failed

struct Plan {
  Problem problem;
  Options options;
  PlanState state = PlanState::kNotFound;
  std::vector<FleetChoice> hints;         // fleets worth a first look, of a plan of the same options
  std::vector<EvaluatedFleet> evaluated;  // in the order of the search; `best` is one of them
  std::optional<std::size_t> best;
  std::vector<std::size_t> ties;        // others whose difference in objective lies inside the band
  std::vector<std::size_t> pareto;      // over cost, attainment, power, carbon; ascending by cost
  std::optional<FleetChoice> analytic;  // the first answer, before any simulation
  double bound = 0;                     // no fleet that meets everything has a lower objective
  bool closed = false;                  // the best is proven the cheapest (under the simulator)
  std::vector<std::string> conflicts;   // where infeasible: an irreducible set of YAML paths
  std::string shortage;  // where infeasible because lawful options cannot carry a class at all: in words
  std::vector<Capacity> capacities;
  std::vector<HandCheck> hand_checks;
  SloProbability probability;
  std::vector<WorthMeasuring> measure_first;
  std::vector<TunedSetting> tuned;
  std::string fleet_yaml;                   // of the best, as `kvsim run` reads it
  std::shared_ptr<const sim::Fleet> fleet;  // the same, read: deployment files are written from it
  std::vector<TenantService> service;       // of the best, in the order of the summary's tenants
  std::vector<sim::Validity> validity;

  double gap() const;  // (best - bound) / best; 0 where closed or nothing was found
};

// --- what-if ---
struct VariantRow {  // the same problem with something else
  std::string name;
  std::vector<std::string> settings;
  PlanState state = PlanState::kNotFound;
  std::string fleet;  // in words: "4 hgx-h100 at paris (tp1), ..."
  double objective = 0, capex = 0, tco = 0, watts = 0;
  bool same_fleet = false;  // as the base plan's
};
struct WhatIf {
  std::vector<VariantRow> scenarios;    // of the problem's `scenarios`
  std::vector<VariantRow> rule_prices;  // the plan without one rule
  std::vector<VariantRow> sensitivity;  // one assumption moved
};

}  // namespace kvsim::planner
