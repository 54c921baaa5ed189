// SPDX-License-Identifier: Apache-2.0
// What a fleet can be made of: every lawful and possible way to use a server of the problem at a site, and
// what was left out and why.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "planner/problem.h"
#include "sim/scenario/load_fleet.h"
#include "traces/sampled_source.h"

namespace kvsim::planner {

// A pool of n servers at a site, all used alike. The unit of purchase is one server.
struct PoolOption {
  std::string name;  // unique, and a valid name of a pool: "paris-hgx-llama-3.1-8b-tp1"
  std::size_t site = 0, server = 0, engine = 0;  // of the problem
  std::string model;                             // of the problem's list
  std::uint32_t tp = 1;
  sim::PoolRole role = sim::PoolRole::kBoth;
  std::uint32_t replicas_per_server = 1;
  std::string dedicated_to;            // a tenant with isolation from `replicas` on; empty: all others
  std::optional<std::size_t> storage;  // StorageOption that it mounts
  std::uint32_t most = 0;              // servers: bound by stock, power, space; > 0
  Node pool;                           // of the fleet, without `replicas`
};

// How many servers of each option, and which size of each storage option (or none).
struct FleetChoice {
  std::vector<std::uint32_t> servers;               // by option
  std::vector<std::optional<std::size_t>> storage;  // by storage option: index of the size
  friend auto operator<=>(const FleetChoice&, const FleetChoice&) = default;
};

// A kind of request that is judged and placed as one: what a tenant asks of a model in an SLO class.
struct DemandClass {
  std::string tenant, model, slo_class;  // as the trace names them; empty: the default
  std::vector<std::size_t> lawful;       // options that may serve it, ascending
  std::vector<std::size_t> refused;      // the other options of its model, ascending
  std::vector<std::string> reasons;      // for each of them: why not
  // Every option that prefills and could stand beside its others may prefill for them: law lets KV go.
  bool may_be_handed_over = false;
};

inline traces::RequestKind kind_of(const DemandClass& asked) {
  return {asked.tenant, asked.model, asked.slo_class};
}

// Options that no fleet can have together: one may hand KV to the other and cannot.
struct UnfitPair {
  std::size_t a = 0, b = 0;
  std::string reason;
};

struct Options {
  std::vector<PoolOption> pools;
  std::vector<UnfitPair> unfit;
  std::vector<DemandClass> demand;
  std::vector<Rejected> rejected;  // the problem's and what is found here
};

}  // namespace kvsim::planner
