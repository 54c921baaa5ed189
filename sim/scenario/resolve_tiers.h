// SPDX-License-Identifier: Apache-2.0
// The tiers under a pool's GPU cache: defaults by stack and engine version, sizes by model, rates by
// accelerator and storage kind. docs/tiers.md lists the defaults with their sources.
#pragma once

#include <string_view>
#include <vector>

#include "sim/scenario/fleet.h"
#include "sim/scenario/pool_spec.h"
#include "sim/scenario/resolve_pool.h"

namespace kvsim::sim {

// First versions of vLLM with a behaviour of tiers that differs from the ones before.
inline constexpr std::string_view kFirstHostTierVersion = "0.11.0";         // OffloadingConnector
inline constexpr std::string_view kFirstReloadPreemptedVersion = "0.14.0";  // vLLM PR 29870
inline constexpr std::string_view kFirstTieringVersion = "0.22.0";          // host over storage

inline constexpr double kNoQueueLimitSeconds = 1e9;  // vLLM's tiering drops no write

// Fills the tiers, their servers and network of `pool`, whose model, types, tp and engine are final. Without
// `kv` in the spec there is no tier.
void resolve_tiers(const PoolSpec& spec, FleetContext& context, Pool& pool);

// The tiers as explicit settings.
KvSpec kv_spec(const Pool& pool, const std::vector<StorageSystemSettings>& storage);

// Pools that mount one storage system and yet share nothing.
void note_unshared(const Fleet& fleet, std::vector<Validity>& validity);

}  // namespace kvsim::sim
