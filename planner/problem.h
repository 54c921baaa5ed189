// SPDX-License-Identifier: Apache-2.0
// What is to be planned, as a problem YAML describes it after defaults, prices and currencies are resolved.
// docs/problem.md has the form. Parts that a fleet YAML has as well (labels, tenants, engine flags, tiers,
// router) stay as nodes of the problem's file: planner/compose_fleet.h puts them into fleets, so that what
// reads fleets checks them and errors name the problem's own lines. Money is in the problem's currency.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/document.h"
#include "sim/scenario/fleet.h"
#include "traces/open_trace.h"

namespace kvsim::planner {

// A value that the problem does not state, or that something else stands for: told in every plan.
struct Assumption {
  std::string path;   // "sites[0].pue"
  std::string value;  // "1.3"
  std::string source;
};

// A candidate that cannot be used, and why.
struct Rejected {
  std::string what;  // "server hgx-b200 at paris"
  std::string
      reason;        // "no price", "does not fit: 12.1 GiB are missing", "tenant health: owner_country is US"
  std::string path;  // of the problem's YAML where one key is to blame; may be empty
};

struct PriceTag {  // after discount and exchange rate; low <= value <= high
  double value = 0;
  double low = 0;
  double high = 0;
  std::string source;
  bool unverified = false;
};

// One value, or one for each hour of a week from Monday 00:00 on.
struct Hourly {
  std::vector<double> values{0};  // 1 or 168
  double mean() const;
  double lowest() const;
};

struct RackLimits {
  double rack_units = 42;
  double watts = 0;  // of one rack; 0: no limit
};

struct InstalledServers {  // that stand at a site already: no purchase price
  std::string server;      // a ServerOption
  std::uint32_t count = 0;
  double remaining_years = 0;  // until they must be replaced; a plan that goes on longer buys them anew
};

struct PlannedSite {
  std::string name;
  Node fleet_site;                      // name, labels, client_rtt, rtt
  std::optional<double> watts;          // limit of the site, facility power (IT power x PUE)
  Hourly watts_by_hour;                 // power cap of the grid or contract, as watts; {0}: none
  std::optional<double> cooling_watts;  // limit of IT heat
  std::optional<double> rack_units;
  RackLimits rack;
  Hourly price_per_kwh;
  Hourly carbon_kg_per_kwh;
  double pue = 1;
  double price_per_rack_unit_year = 0;
  bool liquid_cooling = false;
  std::vector<InstalledServers> installed;
};

// A server that can be bought or rented, any number of them up to its stock.
struct ServerOption {
  std::string name;
  std::string accelerator;  // of the catalog
  std::string vendor;       // of the accelerator
  std::uint32_t accelerators = 1;
  Node fleet_server;  // name, accelerator, accelerators, host_memory, nics, nic_bytes_per_second
  double rack_units = 0;
  double base_watts = 0;              // drawn without its accelerators, under load and idle alike
  double accelerator_peak_watts = 0;  // of one accelerator, nameplate
  double accelerator_idle_watts = 0;
  bool liquid_cooled = false;
  std::optional<PriceTag> purchase;       // neither is usable: no options; Problem::rejected says why
  std::optional<PriceTag> rent_per_hour;  // rented where no purchase price is usable
  double support_share_per_year = 0;      // of the purchase price
  double licence_per_year = 0;
  std::optional<std::uint32_t> stock;
  std::vector<std::string> sites;  // where it may stand; empty: everywhere
};

// A storage system at one site, in one of several sizes.
struct StorageSize {
  std::uint64_t capacity_bytes = 0;
  double read_bytes_per_second = 0;
  double write_bytes_per_second = 0;
  PriceTag purchase;  // price per TB and per GB/s are resolved
  double watts = 0;
  double rack_units = 0;
};
struct StorageOption {
  std::string name;
  std::string site;                // empty: drives in each server, part of its price
  Node fleet_storage;              // without capacity and rates
  std::vector<StorageSize> sizes;  // ascending by price; empty: none has a usable price
  double support_share_per_year = 0;
};

// How servers are used: keys of a fleet's pool (`tp`, `types`, `engine`, `kv`, `profile`, `labels`, ...).
struct EngineOption {
  std::string name;
  Node pool;                                        // without `tp`; kv.storage.system is one of `storage`
  std::vector<std::string> models, servers, sites;  // where it applies; empty: all
  std::vector<std::uint32_t> tp;                    // empty: the fewest accelerators that hold the model
  std::vector<sim::PoolRole> roles{sim::PoolRole::kBoth};  // each is an option of its own; never empty
  bool mounts_storage = false;
  std::vector<Node> storage;  // names of the systems that it may mount; empty: those at its site
};

struct SloTarget {        // a statistic of completed requests of a class
  std::string metric;     // "ttft", "tpot", "e2e"
  std::string statistic;  // "mean", "p50", "p90", "p95", "p99", "max"
  double limit_seconds = 0;
};
struct SloGoal {
  std::vector<sim::SloObjective> limits;  // of one request
  double attainment = 0.95;               // share of offered requests within all limits
  std::vector<SloTarget> targets;
};
struct SloPlan {
  std::string name;  // of the class; empty: of all requests, which name no class (in fleets: `default`)
  SloGoal normal;
  std::optional<SloGoal> degraded;  // while what `spare` says is lost; nothing: normal
  std::int32_t priority = 0;
  std::optional<std::int32_t> objective_priority;  // as in a fleet
};

struct WorkloadPlan {
  std::string trace;
  traces::TraceOptions reading;
  double growth = 1;  // factors on the rate of arrivals: what the fleet must carry
  double peak_factor = 1;
  double mean_load = 1;  // mean over a year of the load, as a share of the simulated: for energy
  double rate_factor() const { return growth * peak_factor; }
};

enum class Spare : std::uint8_t {
  kNothing,
  kNode,
  kRack,
  kSite
};  // what may be lost while degraded goals hold

struct Constraints {  // nothing: no limit
  std::optional<double> tco, capex, opex_per_year;
  std::optional<double> watts;  // facility power of all sites
  std::optional<double> carbon_kg_per_year;
  std::optional<double> vendor_share;    // of accelerators, most of one vendor
  std::optional<std::uint32_t> vendors;  // fewest
  std::vector<Spare> spare;
  std::vector<std::string> refused_vendors;
};

// What is to be least: a weighted sum of these, in money. TCO alone unless stated.
struct Objective {
  double tco = 1;
  double capex = 0;
  double per_watt = 0;       // money for each watt of mean facility power
  double per_carbon_kg = 0;  // money for each kg a year
};

struct Finance {
  double years = 5;               // of operation that are planned
  double discount_rate = 0;       // a year
  double depreciation_years = 5;  // straight line; a purchase longer than the plan keeps a residual value
  double network_share = 0;       // of the servers' purchase, for switches and cables
  std::optional<PriceTag> router_host;  // price of one host for routers and gateways
  std::uint32_t router_hosts_per_site = 2;
  double router_host_watts = 0;
};

struct SearchSettings {
  std::uint64_t evaluations = 200;       // simulated fleets at most
  std::uint64_t proof_evaluations = 60;  // of them, at most, in the order of bounds, to close the gap
  std::uint32_t round = 8;               // proposals a round
  std::uint64_t seeds = 1;
  std::uint64_t seed = 1;
  double pessimism = 0.2;                  // judged at this quantile of speed of the profiles' uncertainty
  std::uint64_t draws = 20;                // of profiles and demand for P(SLO met); 0: none
  std::uint64_t capacity_requests = 2000;  // simulated for each step of a bisection
  std::uint64_t nodes = 20000;             // of a branch-and-bound
  double gap = 1e-6;                       // relative, of an integer program
};

struct Tuning {      // a setting of the fleet that the program does not hold, and the values to try
  std::string path;  // as `kvsim run --set` has it
  std::vector<std::string> values;
};

struct ScenarioChange {
  std::string name;
  std::vector<std::string> settings;  // "path=value" over the problem's file
};

// The router of fleets with pools that only prefill, unless the problem says another: each prompt is
// prefilled by one of them.
inline constexpr const char* kDisaggregatedRouter = "pd-round-robin";

struct Problem {
  std::string name;
  std::string file;
  std::string date;  // ISO: prices must be valid then
  std::string currency = "USD";
  bool accept_unverified = false;
  std::vector<std::string> models;  // that are served, by name or alias; never empty
  Node models_node;                 // the fleet's `models`; null: none
  WorkloadPlan workload;
  std::vector<SloPlan> slos;                 // never empty
  Node tenants, default_residency, network;  // of the fleet; null: none
  Node router;                               // of the fleet, with its policy and site
  Node disaggregated_router;                 // the same where some pool only prefills
  std::vector<PlannedSite> sites;            // never empty
  std::vector<ServerOption> servers;
  std::vector<StorageOption> storage;
  std::vector<EngineOption> engines;  // never empty
  Constraints constraints;
  Objective objective;
  Finance finance;
  SearchSettings search;
  std::vector<Tuning> tuning;
  std::vector<ScenarioChange> scenarios;
  std::vector<Assumption> assumptions;  // every default that was taken, in the order of reading
  std::vector<Rejected> rejected;       // what has no usable price
  std::string digest;                   // of the file and what it names

  bool has_role(sim::PoolRole role) const;  // some engine has
  bool may_disaggregate() const;            // some engine has another one than `both`

  const PlannedSite& site(const std::string& name) const;  // std::out_of_range for an unknown name
  const ServerOption& server(const std::string& name) const;
};

}  // namespace kvsim::planner
