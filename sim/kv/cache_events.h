// SPDX-License-Identifier: Apache-2.0
// What an engine tells about its KV cache: vLLM's BlockStored and BlockRemoved, by stretches of blocks
// instead of single blocks. A path is the content of a sequence from its first token on; blocks are counted
// along it.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/time.h"
#include "traces/request.h"

namespace kvsim::sim {

enum class CacheEventKind : std::uint8_t { kStored, kRemoved };
enum class CacheTier : std::uint8_t { kGpu, kHost };

// Blocks [begin, end) of the path came into the GPU's cache of a replica (first to last), or left it (last to
// first). Like vLLM, a replica that holds two copies of a block tells when either is gone [K]. Events of host
// memory name blocks by their keys instead: those of key_seed(salt, 0) (sim/kv/block_keys.h), whatever keys
// the engine itself uses, since routers work them out from tokens.
struct CacheEvent {
  CacheEventKind kind = CacheEventKind::kStored;
  CacheTier tier = CacheTier::kGpu;
  std::uint64_t salt = 0;
  std::uint32_t block_tokens = 0;
  std::shared_ptr<const std::vector<traces::Piece>> path{};  // holds at least `end` blocks
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::vector<std::uint64_t> host_keys{};  // of tier kHost
};

// A cache tells its listener of changes as it makes them.
class CacheListener {
 public:
  virtual ~CacheListener() = default;
  virtual void on_cache_event(CacheEvent event) = 0;
};

}  // namespace kvsim::sim
