// SPDX-License-Identifier: Apache-2.0
// Engine flags over the defaults of accelerator, model and version, checked as vLLM checks them at start-up.
#pragma once

#include "hardware-catalog/catalog.h"
#include "models/model_card.h"
#include "sim/replica/engine_settings.h"
#include "sim/scenario/fleet.h"
#include "sim/scenario/pool_spec.h"

namespace kvsim::sim {

// max_model_len 0 in the result: as long as the KV pool allows.
EngineSettings resolve_engine(const PoolSpec& pool, const std::string& pool_name,
                              const models::ModelCard& model, const Accelerator& accelerator,
                              Problems& problems, std::vector<Validity>& validity);

EngineSpec engine_spec(const EngineSettings& settings);  // as explicit flags

}  // namespace kvsim::sim
