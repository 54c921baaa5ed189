// SPDX-License-Identifier: Apache-2.0
// --kv-transfer-config of a pool: for its tiers vLLM's OffloadingConnector with its host tier, vLLM's
// tiering, or llm-d's file-system backend (docs/tiers.md); for a role vLLM's NixlConnector
// (docs/disaggregation.md).
#pragma once

#include "planner/output/vllm_launch.h"

namespace kvsim::planner {

void add_transfers(const sim::Pool& pool, const std::vector<sim::StorageSystemSettings>& storage,
                   VllmLaunch& launch);

}  // namespace kvsim::planner
