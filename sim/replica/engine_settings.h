// SPDX-License-Identifier: Apache-2.0
// A vLLM engine's settings after all defaults are resolved.
#pragma once

#include <cstdint>
#include <string>

namespace kvsim::sim {

enum class QueuePolicy { kFcfs, kPriority };

struct EngineSettings {
  std::string version = "0.19.0";
  std::uint64_t max_num_batched_tokens = 8192;
  std::uint32_t max_num_seqs = 1024;
  std::uint32_t block_size_tokens = 16;
  std::uint64_t max_model_len = 0;
  std::uint64_t long_prefill_token_threshold = 0;  // 0: off
  bool chunked_prefill = true;
  bool prefix_caching = true;
  bool async_scheduling = true;       // step k+1 is planned when step k starts
  bool reserve_full_sequence = true;  // admit only when the whole present sequence fits (vLLM 2026)
  bool unhashed_blocks_first = true;  // see PrefixCacheSettings
  double watermark = 0;               // share of blocks kept free at admission while something runs
  QueuePolicy policy = QueuePolicy::kFcfs;
  double gpu_memory_utilization = 0.92;
  std::uint64_t num_gpu_blocks = 0;  // as the engine's log gives it, null block included; 0: from memory
};

}  // namespace kvsim::sim
