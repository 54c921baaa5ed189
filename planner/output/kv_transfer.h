// SPDX-License-Identifier: Apache-2.0
// --kv-transfer-config for the tiers of a pool: vLLM's OffloadingConnector with its host tier, vLLM's
// tiering, or llm-d's file-system backend (docs/tiers.md).
#pragma once

#include "planner/output/vllm_launch.h"

namespace kvsim::planner {

void add_tiers(const sim::Pool& pool, const std::vector<sim::StorageSystemSettings>& storage,
               VllmLaunch& launch);

}  // namespace kvsim::planner
