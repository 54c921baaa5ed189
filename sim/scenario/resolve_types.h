// SPDX-License-Identifier: Apache-2.0
// Which types a pool stores and computes in: the model as published, then vLLM's flags (dtype, quantization,
// kv_cache_dtype), then the pool's own `types`.
#pragma once

#include "hardware-catalog/catalog.h"
#include "models/memory.h"
#include "models/model_card.h"
#include "sim/scenario/pool_spec.h"

namespace kvsim::sim {

// Unknown names, contradictions and types that the accelerator cannot hold or compute go to `problems`.
models::Types resolve_types(const PoolSpec& pool, const models::ModelCard& model,
                            const Accelerator& accelerator, Problems& problems);

// The same as explicit settings.
TypesSpec types_spec(const models::Types& types);

}  // namespace kvsim::sim
