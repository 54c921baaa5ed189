// SPDX-License-Identifier: Apache-2.0
// How a pool uses a storage system: threads, rates, and the network on the way.
#pragma once

#include "sim/scenario/fleet.h"
#include "sim/scenario/pool_spec.h"
#include "sim/scenario/resolve_pool.h"

namespace kvsim::sim {

// Sets tiers.storage and nic_bytes_per_second of `pool`, whose blocks are sized already.
void resolve_mount(const PoolSpec& spec, FleetContext& context, Pool& pool);

// nullptr: storage can be simulated; else why it cannot, as storage needs a fabric.
const char* storage_obstacle();

}  // namespace kvsim::sim
