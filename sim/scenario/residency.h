// SPDX-License-Identifier: Apache-2.0
// Where a tenant's data may be: predicates over labels that the user declares for sites, pools, storage and
// links. A label that is not declared is not allowed. kvsim evaluates declared labels; it gives no legal
// advice.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace kvsim::sim {

using Labels =
    std::map<std::string, std::string>;  // operator: "acme", owner_country: FR, key_custody: tenant

// All terms must hold. A term holds where the label is declared and its value is one of `allowed` (when that
// is not empty) and none of `forbidden`.
struct LabelTerm {
  std::string label;
  std::vector<std::string> allowed;
  std::vector<std::string> forbidden;
};
using LabelPredicate = std::vector<LabelTerm>;  // empty: anything goes

// One predicate for each object that data can be on.
struct ResidencyPolicy {
  LabelPredicate compute;       // pools that compute on its tokens
  LabelPredicate kv_in_memory;  // pools that hold its KV in GPU or host memory
  LabelPredicate kv_at_rest;    // storage systems that hold its KV
  LabelPredicate transit;       // site links, and sites of routers, that its tokens or KV cross
  LabelPredicate failover;      // pools that may take over when another is full or down
  LabelPredicate router_index;  // sites of routers that may keep its prompts' hashes
  bool any() const {
    return !(compute.empty() && kv_in_memory.empty() && kv_at_rest.empty() && transit.empty() &&
             failover.empty() && router_index.empty());
  }
};

// What data can be on, each with its predicate.
enum class DataObject : std::uint8_t { kCompute, kKvInMemory, kKvAtRest, kTransit, kFailover, kRouterIndex };
inline constexpr std::array kDataObjects{DataObject::kCompute,  DataObject::kKvInMemory,
                                         DataObject::kKvAtRest, DataObject::kTransit,
                                         DataObject::kFailover, DataObject::kRouterIndex};
const char* name(DataObject object);  // as fleet YAML has it: "kv_in_memory"
const LabelPredicate& predicate(const ResidencyPolicy& policy, DataObject object);

bool holds(const LabelPredicate& predicate, const Labels& labels);
// The first term that does not hold, in words ("owner_country is US, allowed: FR, DE"; "owner_country is not
// declared"); empty where all hold.
std::string first_violation(const LabelPredicate& predicate, const Labels& labels);

}  // namespace kvsim::sim
