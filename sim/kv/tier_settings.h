// SPDX-License-Identifier: Apache-2.0
// Settings of the tiers under a replica's GPU cache, after all defaults are resolved. Semantics:
// docs/tiers.md.
//
// A pool has one offload block size for all of its tiers: blocks are stored, looked up and loaded whole.
// Three stacks: host only (vLLM's OffloadingConnector), storage only (llm-d's file-system backend), host over
// storage (vLLM's TieringOffloadingSpec: stores go through to storage, loads are promoted through the host).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/time.h"

namespace kvsim::sim {

enum class EvictionPolicy { kLru, kArc, kLfu, kLengthAware };

// Nothing is served after its limit.
enum class RetentionSince { kWrite, kLastUse };
struct Retention {
  Nanoseconds limit = kNever;  // kNever: kept until evicted
  RetentionSince since = RetentionSince::kWrite;
};

// Time of n copies of S bytes in one direction: n * (fixed_seconds + S / bytes_per_second). A replica's ranks
// copy in parallel, each its own share.
struct CopyCurve {
  double fixed_seconds = 0;
  double bytes_per_second = 0;
};

struct HostTierSettings {
  std::uint64_t capacity_bytes = 0;  // of one replica, over its ranks
  EvictionPolicy eviction = EvictionPolicy::kLru;
  Retention retention;
};

// How a replica uses a storage system.
struct StorageMountSettings {
  std::uint32_t system = 0;            // index into Fleet::storage
  std::uint32_t threads = 64;          // of each rank; a file is one thread's work
  double read_preferring = 0.75;       // share of them that serve writes only when no read waits
  double thread_bytes_per_second = 0;  // of one thread, copy and encryption included
  double lookup_seconds = 0;           // to see whether one file is there
  double queue_limit_seconds = 30;     // a write is dropped when more work than this waits
  bool job_is_one_task = false;        // tiered mode: a job is one thread's work, not spread over all
};

struct KvTierSettings {
  std::uint32_t block_tokens = 16;  // offload block, a multiple of the engine's
  double block_bytes = 0;           // of one offload block, over all ranks
  std::uint32_t ranks = 1;
  double copy_bytes = 0;  // of one GPU-host copy of one rank
  CopyCurve to_host, to_gpu;
  double copy_interference = 0;    // share of a copy's time that the next step loses
  bool prompt_only = false;        // blocks of generated tokens are not stored
  bool waits_for_pending = false;  // a block whose write is in flight is waited for, not missed
  bool reloads_preempted = true;   // a preempted request is looked up in the tiers again
  std::uint64_t key_space = 0;  // replicas with the same one may share: model, types, TP, blocks, hash seed
  bool private_keys = false;    // the hash seed is random: each replica's keys are its own
  std::optional<HostTierSettings> host;
  std::optional<StorageMountSettings> storage;
  bool any() const { return host || storage; }
};

// Who deletes from a full storage system, and when.
struct StorageEviction {
  enum class By { kNobody, kEvictor, kStore } by = By::kNobody;
  EvictionPolicy policy = EvictionPolicy::kLru;
  double above = 0.9;     // of the capacity: deleting starts
  double below = 0.8;     // and ends
  Nanoseconds every = 0;  // an evictor looks this often; a store looks at each write
};

struct StorageSystemSettings {
  std::string name;
  std::string kind;  // as in the catalog: local-nvme, nfs, cephfs, lustre, ibm-storage-scale, object-store
  std::string site;
  bool local = false;  // in each server, reached without network and seen by its replicas only
  std::uint64_t capacity_bytes = 0;
  double read_bytes_per_second = 0;  // of the servers or drives together
  double write_bytes_per_second = 0;
  double operations_per_second = 0;  // files opened, written or deleted
  double latency_seconds = 0;        // of one file operation
  StorageEviction eviction;
  Retention retention;
  double encryption_bytes_per_second = 0;     // of one thread; 0: nothing is encrypted
  bool key_per_tenant = false;                // encryption keys: tenants never share a file
  std::map<std::string, std::string> labels;  // beside its site's, or its server's
  double endurance_bytes = 0;                 // that the drives may be written in their life; 0: not stated
};

}  // namespace kvsim::sim
