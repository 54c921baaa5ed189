// SPDX-License-Identifier: Apache-2.0
// How many KV blocks a replica has. Source: vLLM v1's profiling at start-up; see serving-semantics in
// docs/fleet.md.
//   per device: utilisation * memory - weights - activation - communication and graphs, over the bytes of one
//   block
// A block count from the engine's log is better than any of this.
#pragma once

#include <cstdint>
#include <string>

#include "hardware-catalog/catalog.h"
#include "models/memory.h"
#include "models/model_card.h"
#include "sim/replica/engine_settings.h"

namespace kvsim::sim {

struct DeviceMemory {
  const Accelerator& accelerator;
  const models::ModelCard& model;
  const models::Types& types;
  const EngineSettings& engine;
  double activation_bytes = 0;  // peak of a step of kReferenceStepTokens or more; smaller steps need less
  double non_torch_bytes = 0;   // communication buffers, CUDA graphs
};

inline constexpr double kReferenceStepTokens = 8192;  // budget at which activation peaks are quoted

struct KvCapacity {
  double kv_bytes = 0;               // per device; negative: the model does not fit
  double block_bytes = 0;            // per device
  std::uint64_t num_gpu_blocks = 0;  // null block included, as vLLM logs it; 0 where kv_bytes < one block
  std::uint64_t usable_tokens(std::uint32_t block_size) const {
    return num_gpu_blocks > 0 ? (num_gpu_blocks - 1) * block_size : 0;
  }
};
KvCapacity kv_capacity(const DeviceMemory& memory, std::uint32_t tp);

// The smallest TP up to `largest_tp` with which a sequence of `tokens` fits; 0: none.
std::uint32_t smallest_fitting_tp(const DeviceMemory& memory, std::uint64_t tokens, std::uint32_t largest_tp);

}  // namespace kvsim::sim
