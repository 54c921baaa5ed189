// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/kv_capacity.h"

#include <algorithm>
#include <cmath>

namespace kvsim::sim {

KvCapacity kv_capacity(const DeviceMemory& memory, std::uint32_t tp) {
  const EngineSettings& engine = memory.engine;
  const double step = static_cast<double>(engine.max_num_batched_tokens);
  const double activation = memory.activation_bytes * std::min(1.0, step / kReferenceStepTokens);
  KvCapacity capacity;
  capacity.kv_bytes = engine.gpu_memory_utilization * memory.accelerator.memory_bytes.value -
                      models::weight_bytes_per_rank(memory.model, memory.types, tp) - activation -
                      memory.non_torch_bytes;
  capacity.block_bytes =
      models::kv_bytes_per_token_per_rank(memory.model, memory.types.kv, tp) * engine.block_size_tokens;
  if (capacity.kv_bytes >= capacity.block_bytes) {
    capacity.num_gpu_blocks = static_cast<std::uint64_t>(capacity.kv_bytes / capacity.block_bytes);
  }
  return capacity;
}

std::uint32_t smallest_fitting_tp(const DeviceMemory& memory, std::uint64_t tokens,
                                  std::uint32_t largest_tp) {
  for (std::uint32_t tp = 1; tp <= largest_tp; tp *= 2) {
    if (!models::tp_divides(memory.model, tp)) continue;
    if (kv_capacity(memory, tp).usable_tokens(memory.engine.block_size_tokens) >= tokens) return tp;
  }
  return 0;
}

}  // namespace kvsim::sim
