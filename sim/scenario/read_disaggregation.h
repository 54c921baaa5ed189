// SPDX-License-Identifier: Apache-2.0
// Prefill and decode pools: `router.disaggregation`, and whether the pools of a model fit each other.
#pragma once

#include <string>
#include <vector>

#include "base/fields.h"
#include "sim/scenario/resolve_pool.h"

namespace kvsim::sim {

DisaggregationSettings read_disaggregation(Fields& router);  // its key `disaggregation`
std::string disaggregation_yaml(const DisaggregationSettings& settings);

// KV may be handed over among the pools of a model as soon as one of them has a role of its own.
bool takes_part_in_hand_over(const Pool& pool, const std::vector<Pool>& pools);
inline bool gives_kv(const Pool& pool) { return pool.role != PoolRole::kDecode; }
inline bool takes_kv(const Pool& pool) { return pool.role != PoolRole::kPrefill; }

// What keeps a pool from handing KV over to another one, where their roles and models let it: a problem at
// `place` each.
void check_pair(const Pool& prefill, const Pool& decode, const std::vector<SiteLink>& links,
                const Place& place, Problems& problems);

// Pools whose roles cannot work together are problems, at `places[i]` of pools[i]; those that can get their
// network.
void resolve_disaggregation(std::vector<Pool>& pools, const std::vector<Place>& places,
                            FleetContext& context);

// Tells which figures of hand-overs were left at defaults that nobody measured so; nothing without prefill
// pools.
void note_hand_over(const Fleet& fleet, std::vector<Validity>& validity);

}  // namespace kvsim::sim
