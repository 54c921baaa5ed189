// SPDX-License-Identifier: Apache-2.0
// The KV pool of a replica: as many blocks as were given, else as many as fit the memory; checked as vLLM
// does.
#pragma once

#include "models/step_time_factory.h"
#include "sim/scenario/fleet.h"
#include "sim/scenario/pool_spec.h"

namespace kvsim::sim {

// Sets kv_blocks, kv_bytes_per_block and an automatic max_model_len of `pool`, whose engine, types and tp are
// final. A model that does not fit is a problem that says how much is missing and which TP would do;
// `largest_tp` bounds that advice.
void resolve_memory(const PoolSpec& spec, const models::StepTimeResult& step_time, std::uint32_t largest_tp,
                    Pool& pool, Problems& problems, std::vector<Validity>& validity);

}  // namespace kvsim::sim
