// SPDX-License-Identifier: Apache-2.0
// The tiers under one replica's GPU cache, as its scheduler sees them: vLLM's OffloadingConnector (host),
// llm-d's file-system backend (storage), or host over storage (TieringOffloadingSpec). docs/tiers.md tells
// the rules.
//
// A request is asked about once when it first reaches the head of the queue and again when it fits. What it
// is told depends on the tiers' state alone, and that changes only at plans and at ends of jobs: `version`
// counts the latter, so that "later" is asked again when something has ended, not at every step.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "sim/fabric/transfers.h"
#include "sim/kv/block_store.h"
#include "sim/kv/storage_tier.h"
#include "sim/kv/tier_settings.h"
#include "sim/metrics/observer.h"
#include "sim/replica/host_teller.h"
#include "sim/replica/job_ids.h"
#include "sim/replica/sequence.h"

namespace kvsim::sim {

// Files that a replica lately saw in storage: a small table, where a new entry takes the place of an old one.
class SeenFiles {
 public:
  void add(const std::vector<BlockKey>& keys) {
    if (table_.empty()) table_.resize(kPlaces);
    for (const BlockKey key : keys) table_[key % kPlaces] = key;
  }
  bool contains(BlockKey key) const { return !table_.empty() && table_[key % kPlaces] == key; }

 private:
  static constexpr std::size_t kPlaces = 8192;
  std::vector<BlockKey> table_;
};

struct OffloadContext {
  std::uint32_t replica = 0;
  KvTierSettings settings;
  Transfers* transfers = nullptr;
  StorageTier* storage = nullptr;  // nullptr: none
  JobIds* ids = nullptr;
};

class OffloadConnector {
 public:
  // `listener` is told of host memory's blocks, nullptr: nobody.
  OffloadConnector(const OffloadContext& context, CacheListener* listener);

  void attach(Sequence& sequence, const BlockOwner& owner) const;

  // --- admission ---
  enum class Answer { kNothing, kLater, kLoad };
  // What the tiers have of the sequence beyond `gpu_tokens`; the tokens to load are in its external_tokens.
  Answer ask(Sequence& sequence, std::uint64_t gpu_tokens, Nanoseconds now);
  // Pins what ask() promised; the load starts with submit_loads().
  void begin_load(Sequence& sequence, std::uint64_t gpu_tokens);
  void submit_loads(Nanoseconds ready);
  double take_lookup_seconds();  // that the scheduler's thread spent on lookups since the last call

  // --- stores ---
  bool completes_block(const Sequence& sequence) const;
  // Hands over the blocks that its last grant completed; its content holds all tokens known by now.
  void store(Sequence& sequence, Nanoseconds now);
  void submit_stores(Nanoseconds now, Nanoseconds step_end);
  // Plans of one more token each after which store() still has nothing to do.
  std::uint64_t plans_without_store(const Sequence& sequence) const;
  // The engine waits for a preempted request's copies before it uses its blocks again.
  Nanoseconds copies_end(const Sequence& sequence) const { return sequence.offload->copies_end; }
  // Time that the next step loses to copies; 0 most often.
  double interference_seconds() const { return interference_seconds_; }
  void clear_interference() { interference_seconds_ = 0; }

  // --- ends of jobs ---
  struct Ended {
    Sequence* sequence = nullptr;  // whose job it was; nullptr: nobody's
    bool loaded = false;
  };
  Ended end(JobId job, Nanoseconds now);
  // The engine is gone: what it was writing will never be there, and storage is let go of. Jobs under way, in
  // ascending order: they will still come back from the transfers, and mean nothing.
  std::vector<JobId> abandon(Nanoseconds now);
  std::uint64_t version() const { return version_; }
  bool busy() const { return !jobs_.empty(); }

  void erase_tenant(std::uint32_t tenant, Nanoseconds now);
  void erase_session(std::uint64_t session, Nanoseconds now);

  void tell_host_events(Nanoseconds now);
  TierTotals totals(Nanoseconds now);
  BlockStore* host() { return host_ ? &*host_ : nullptr; }
  const std::vector<TenantKv>& moved_by_tenant() const { return moved_; }

 private:
  enum class Kind { kStoreCopy, kStoreFiles, kLoadCopy, kLoadFiles, kCheck, kPromote, kCascade };
  struct Job {
    Kind kind = Kind::kCheck;
    Sequence* sequence = nullptr;
    std::vector<BlockKey> keys;
    std::uint64_t first_block = 0;
    BlockOwner owner;
  };

  JobId add_job(Job job);
  std::uint64_t storable_blocks(const Sequence& sequence) const;
  void extend(Sequence& sequence, std::uint64_t blocks) const;
  bool reserve_in_host(const OffloadState& state, std::uint64_t first, std::uint64_t end, Nanoseconds now,
                       std::vector<BlockKey>& added);
  std::uint64_t host_run(const Sequence& sequence, std::uint64_t first, std::uint64_t full, Nanoseconds now,
                         bool& pending);
  bool being_loaded(const Sequence& sequence, std::uint64_t first, std::uint64_t end) const;
  Answer ask_storage(Sequence& sequence, std::uint64_t first, std::uint64_t full, std::uint64_t gpu_tokens,
                     Nanoseconds now);
  Answer ask_host(Sequence& sequence, std::uint64_t first, std::uint64_t full, std::uint64_t gpu_tokens,
                  Nanoseconds now);
  bool fetch_from_storage(Sequence& sequence, std::uint64_t first, std::uint64_t full, Nanoseconds now);
  bool promote(Sequence& sequence, std::uint64_t first, std::uint64_t blocks, Nanoseconds now);
  Answer offer(Sequence& sequence, std::uint64_t first, std::uint64_t run, std::uint64_t gpu_tokens) const;
  void cascade(const Job& stored, Nanoseconds now);
  Ended release(const Job& job);
  TenantKv& moved_of(std::uint32_t tenant) {
    if (tenant >= moved_.size()) moved_.resize(tenant + 1);
    return moved_[tenant];
  }
  void count_interference(std::uint64_t blocks, const CopyCurve& curve);
  std::uint64_t block_bytes() const { return static_cast<std::uint64_t>(settings_.block_bytes); }

  std::uint32_t replica_;
  KvTierSettings settings_;
  Transfers& transfers_;
  StorageTier* storage_;
  JobIds& ids_;
  std::optional<HostTeller> teller_;
  std::optional<BlockStore> host_;
  SeenFiles seen_in_storage_;  // tiered mode
  std::unordered_map<JobId, Job> jobs_;
  std::vector<Job> pending_loads_;  // of the plan being made
  std::vector<Job> pending_stores_;
  std::vector<const Sequence*> loading_;
  Nanoseconds loads_ready_ = 0;  // of the last ones submitted: never falls
  std::uint64_t version_ = 0;
  double lookup_seconds_ = 0;
  double interference_seconds_ = 0;
  TierTotals totals_;
  std::vector<TenantKv> moved_;  // by tenant
};

}  // namespace kvsim::sim
