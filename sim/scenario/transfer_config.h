// SPDX-License-Identifier: Apache-2.0
// What vLLM's arguments say of tiers under the GPU cache, as `kv` in the map of a pool. Connectors that move
// KV cache elsewhere, and keys that are not known, are listed under Validity.
#pragma once

#include <optional>
#include <string>

#include "sim/scenario/vllm_arguments.h"

namespace kvsim::sim {

// --kv-transfer-config: vLLM's OffloadingConnector with its host tier or TieringOffloadingSpec, llm-d's
// file-system backend (SharedStorageOffloadingSpec), MultiConnector of those. The path of a storage tier does
// not tell the system behind it, which becomes a question.
void read_transfer_config(const Word& json, const std::string& file, ForeignReading& reading,
                          ServerSettings& settings);

// The hash seed of a pool with tiers: PYTHONHASHSEED, or a random one where it is not set.
void read_hash_seed(const std::optional<Word>& seed, const Place& place, ForeignReading& reading,
                    ServerSettings& settings);

}  // namespace kvsim::sim
