// SPDX-License-Identifier: Apache-2.0
// What a server of a pool has of network.
#pragma once

#include "sim/scenario/resolve_pool.h"

namespace kvsim::sim {

// Fills the pool's nic_bytes_per_second by its server, unless that is done; a note tells what was assumed.
void need_network(FleetContext& context, Pool& pool);

}  // namespace kvsim::sim
