// SPDX-License-Identifier: Apache-2.0
// Which pools of a fleet may serve a tenant: those that its residency policy and its isolation leave. A hard
// filter, applied before any router scores anything. Labels are as the fleet declares them.
//
// A pool may serve a tenant where
//   - its labels satisfy `compute` and `kv_in_memory`,
//   - those of the storage that it mounts satisfy `kv_at_rest`: the tenant's KV would land there,
//   - those of the router's site satisfy `transit`, and so do those of the site links, in both directions,
//     between router and pool and between pool and storage. A way between two sites without a declared link
//     has no labels, so no transit predicate holds for it.
// `failover` then says which of them may take over from others, `router_index` whether the router may keep
// hashes of the tenant's prompts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/scenario/fleet.h"

namespace kvsim::sim {

// --- labels as predicates see them ---
const std::string& router_site(const Fleet& fleet);  // the first pool's where none is named
Labels labels_of_site(const Fleet& fleet, const std::string& name);
// Its own, then `vendor` of its accelerator, then its site's.
Labels labels_of(const Fleet& fleet, const Pool& pool);
// Its own, then its site's; those of a local one are its own and then those of the pool whose servers hold
// it.
Labels labels_of(const Fleet& fleet, const StorageSystemSettings& system, const Pool& mounted_by);
// As declared in this direction, else the one declared the other way round; nullptr: neither.
const SiteLink* site_link(const Fleet& fleet, const std::string& from, const std::string& to);

// --- tenants ---
const Tenant* find_tenant(const Fleet& fleet,
                          const std::string& name);  // nullptr: only the workload names it
const ResidencyPolicy& residency_of(const Fleet& fleet, const std::string& tenant);
bool has_policies(const Fleet& fleet);
// Whose KV a tenant's may be mixed with: a text that seeds the salt of its block hashes, empty for the shared
// cache. Its own name from isolation `salt` on; else its policy, because KV that another tenant finds goes
// where that other one may go.
std::string cache_domain(const Fleet& fleet, const std::string& tenant);

// --- what may be where ---
struct Finding {
  DataObject object = DataObject::kCompute;
  std::string place;      // "storage scale", "site link a to b", "router at a"; empty: the pool itself
  std::string violation;  // "owner_country is US, allowed: FR, DE"
};
// What the policy has against the pool's serving; `failover` and `router_index` apart.
std::vector<Finding> findings(const Fleet& fleet, const ResidencyPolicy& policy, const Pool& pool);
// What it has against a hand-over of KV between two pools that both may serve.
std::vector<Finding> findings_of_pair(const Fleet& fleet, const ResidencyPolicy& policy, const Pool& prefill,
                                      const Pool& decode);
// One line for each place, with the objects behind it.
std::vector<std::string> in_words(const std::vector<Finding>& findings);

// Why the tenant may not use the pool, isolation first; empty: it may.
std::vector<std::string> reasons_against(const Fleet& fleet, const std::string& tenant, const Pool& pool);

struct LawfulPools {
  std::vector<std::uint32_t> pools;     // ascending
  std::vector<std::uint32_t> failover;  // those of them that may take over from others
  bool may_index = true;
};
// Of the pools of a model, by its card's name. Where KV may not go the way between two of them that would
// hand it over, the one that only prefills is left out, or else the one that only decodes; pools
// that only prefill serve nobody by themselves.
LawfulPools lawful_pools(const Fleet& fleet, const std::string& tenant, const std::string& model);
// Why there is none: "pool berlin: owner_country is US, allowed: FR, DE (compute); pool paris: ...".
std::string why_unlawful(const Fleet& fleet, const std::string& tenant, const std::string& model);

}  // namespace kvsim::sim
