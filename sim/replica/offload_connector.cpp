// SPDX-License-Identifier: Apache-2.0
#include "sim/replica/offload_connector.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "base/errors.h"
#include "base/random.h"
#include "models/step_time.h"

namespace kvsim::sim {

namespace {

std::span<const BlockKey> part(const std::vector<BlockKey>& keys, std::uint64_t begin, std::uint64_t end) {
  return std::span(keys).subspan(begin, end - begin);
}

}  // namespace

OffloadConnector::OffloadConnector(const OffloadContext& context, CacheListener* listener)
    : replica_(context.replica),
      settings_(context.settings),
      transfers_(*context.transfers),
      storage_(context.storage),
      ids_(*context.ids) {
  if (settings_.host) {
    if (listener) teller_.emplace(*listener, settings_.block_tokens);
    host_.emplace(BlockStoreSettings{settings_.host->capacity_bytes, settings_.host->eviction,
                                     settings_.host->retention},
                  teller_ ? &*teller_ : nullptr);
    totals_.host_capacity_bytes = settings_.host->capacity_bytes;
  }
}

void OffloadConnector::attach(Sequence& sequence, const BlockOwner& owner) const {
  sequence.offload = std::make_unique<OffloadState>();
  sequence.offload->owner = owner;
  std::uint64_t seed = key_seed(sequence.salt, settings_.key_space);
  if (settings_.private_keys) seed = mix64(seed ^ (replica_ + 1));
  if (storage_ && storage_->settings().key_per_tenant) seed = mix64(seed + owner.tenant + 1);
  sequence.offload->key_seed = seed;
}

JobId OffloadConnector::add_job(Job job) {
  const JobId id = ids_.next(replica_);
  jobs_.emplace(id, std::move(job));
  return id;
}

void OffloadConnector::extend(Sequence& sequence, std::uint64_t blocks) const {
  OffloadState& state = *sequence.offload;
  if (state.keys.size() < blocks)
    extend_keys(state.keys, state.cursor, sequence.content, state.key_seed, settings_.block_tokens, blocks);
  if (teller_)
    extend_keys(state.told_keys, state.told_cursor, sequence.content, key_seed(sequence.salt, 0),
                settings_.block_tokens, blocks);
}

bool OffloadConnector::reserve_in_host(const OffloadState& state, std::uint64_t first, std::uint64_t end,
                                       Nanoseconds now, std::vector<BlockKey>& added) {
  const auto keys = part(state.keys, first, end);
  if (!host_->reserve(keys, first, block_bytes(), state.owner, now, added)) return false;
  if (teller_) teller_->name(keys, part(state.told_keys, first, end), added);
  return true;
}

// --- admission ---

OffloadConnector::Answer OffloadConnector::ask(Sequence& sequence, std::uint64_t gpu_tokens,
                                               Nanoseconds now) {
  OffloadState& state = *sequence.offload;
  state.asked = true;
  state.asked_version = version_;
  state.external_tokens = 0;
  if (sequence.preemptions > 0 && !settings_.reloads_preempted) return Answer::kNothing;
  const std::uint64_t full = sequence.tokens() / settings_.block_tokens;
  if (full * settings_.block_tokens < gpu_tokens + settings_.block_tokens) return Answer::kNothing;
  extend(sequence, full);
  const std::uint64_t first = gpu_tokens / settings_.block_tokens;
  return host_ ? ask_host(sequence, first, full, gpu_tokens, now)
               : ask_storage(sequence, first, full, gpu_tokens, now);
}

OffloadConnector::Answer OffloadConnector::ask_host(Sequence& sequence, std::uint64_t first,
                                                    std::uint64_t full, std::uint64_t gpu_tokens,
                                                    Nanoseconds now) {
  OffloadState& state = *sequence.offload;
  host_->touch(part(state.keys, 0, full), now);
  bool pending = false;
  const std::uint64_t run = host_run(sequence, first, full, now, pending);
  if (pending && settings_.waits_for_pending) return Answer::kLater;
  if (storage_ && !state.promoted && first + run < full &&
      fetch_from_storage(sequence, first + run, full, now))
    return Answer::kLater;
  if (being_loaded(sequence, first, first + run)) return Answer::kLater;
  return offer(sequence, first, run, gpu_tokens);
}

OffloadConnector::Answer OffloadConnector::ask_storage(Sequence& sequence, std::uint64_t first,
                                                       std::uint64_t full, std::uint64_t gpu_tokens,
                                                       Nanoseconds now) {
  const std::vector<BlockKey>& keys = sequence.offload->keys;
  const std::uint64_t run = storage_->ready_run(part(keys, first, full), now);
  const std::uint64_t looked_at = std::min(run + 1, full - first);
  lookup_seconds_ += settings_.storage->lookup_seconds * static_cast<double>(looked_at);
  storage_->touch(part(keys, first, first + run), now);
  if (being_loaded(sequence, first, first + run)) return Answer::kLater;
  return offer(sequence, first, run, gpu_tokens);
}

std::uint64_t OffloadConnector::host_run(const Sequence& sequence, std::uint64_t first, std::uint64_t full,
                                         Nanoseconds now, bool& pending) {
  std::uint64_t block = first;
  for (; block < full; ++block) {
    const BlockState state = host_->find(sequence.offload->keys[block], now);
    pending = state == BlockState::kWriting;
    if (state != BlockState::kReady) break;
  }
  return block - first;
}

// Two requests share a block exactly where they share all before it, so one comparison tells whether their
// ranges do.
bool OffloadConnector::being_loaded(const Sequence& sequence, std::uint64_t first, std::uint64_t end) const {
  return std::any_of(loading_.begin(), loading_.end(), [&](const Sequence* other) {
    const OffloadState& theirs = *other->offload;
    const std::uint64_t block = std::max(first, theirs.load_begin);
    return block < std::min(end, theirs.load_end) && sequence.offload->keys[block] == theirs.keys[block];
  });
}

OffloadConnector::Answer OffloadConnector::offer(Sequence& sequence, std::uint64_t first, std::uint64_t run,
                                                 std::uint64_t gpu_tokens) const {
  if (run == 0) return Answer::kNothing;
  const std::uint64_t tokens = (first + run) * settings_.block_tokens - gpu_tokens;
  if (tokens < settings_.block_tokens) return Answer::kNothing;
  OffloadState& state = *sequence.offload;
  state.load_begin = first;
  state.load_end = first + run;
  state.external_tokens = tokens;
  return Answer::kLoad;
}

// Tiered mode: true when the request waits for a check of, or a promotion from, storage. A block that this
// replica lately saw there needs no check.
bool OffloadConnector::fetch_from_storage(Sequence& sequence, std::uint64_t first, std::uint64_t full,
                                          Nanoseconds now) {
  OffloadState& state = *sequence.offload;
  if (state.check_ends == kNever && !seen_in_storage_.contains(state.keys[first])) {
    const double rounds = std::ceil(static_cast<double>(full - first) / settings_.storage->threads);
    state.check_ends = now + from_seconds(rounds * settings_.storage->lookup_seconds);
    transfers_.wait(add_job({Kind::kCheck, nullptr, {}, 0, {}}), state.check_ends);
    return true;
  }
  if (state.check_ends != kNever && now < state.check_ends) return true;
  state.check_ends = kNever;
  state.promoted = true;
  state.promoted_from = first;
  const std::uint64_t run = storage_->ready_run(part(state.keys, first, full), now);
  if (run == 0) return false;
  storage_->touch(part(state.keys, first, first + run), now);
  return promote(sequence, first, run, now);
}

bool OffloadConnector::promote(Sequence& sequence, std::uint64_t first, std::uint64_t blocks,
                               Nanoseconds now) {
  const OffloadState& state = *sequence.offload;
  Job job{Kind::kPromote, nullptr, {}, first, state.owner};
  if (!reserve_in_host(state, first, first + blocks, now, job.keys)) {
    totals_.refused_promotion_blocks += blocks;
    return false;
  }
  storage_->begin_read(job.keys);
  const std::uint64_t count = job.keys.size();
  transfers_.read(add_job(std::move(job)), replica_, count, now);
  return true;
}

void OffloadConnector::begin_load(Sequence& sequence, std::uint64_t gpu_tokens) {
  OffloadState& state = *sequence.offload;
  const auto keys = part(state.keys, state.load_begin, state.load_end);
  Job job{host_ ? Kind::kLoadCopy : Kind::kLoadFiles,
          &sequence,
          {keys.begin(), keys.end()},
          state.load_begin,
          state.owner};
  if (host_)
    for (const BlockKey key : keys) host_->pin(key);
  else
    storage_->begin_read(keys);
  state.load_in_flight = true;
  ++state.jobs;
  loading_.push_back(&sequence);
  pending_loads_.push_back(std::move(job));
  if (sequence.looked_up) return;
  const std::uint64_t from_storage = !host_           ? gpu_tokens
                                     : state.promoted ? state.promoted_from * settings_.block_tokens
                                                      : gpu_tokens + state.external_tokens;
  const std::uint64_t border = std::clamp(from_storage, gpu_tokens, gpu_tokens + state.external_tokens);
  state.host_hit_tokens = static_cast<std::uint32_t>(border - gpu_tokens);
  state.storage_hit_tokens = static_cast<std::uint32_t>(gpu_tokens + state.external_tokens - border);
  totals_.host_hit_tokens += state.host_hit_tokens;
  totals_.storage_hit_tokens += state.storage_hit_tokens;
}

void OffloadConnector::submit_loads(Nanoseconds ready) {
  loads_ready_ = std::max(loads_ready_, ready);
  for (Job& job : pending_loads_) {
    const std::uint64_t blocks = job.keys.size();
    ++totals_.loads;
    const bool from_host = job.kind == Kind::kLoadCopy;
    const JobId id = add_job(std::move(job));
    if (from_host) {
      transfers_.copy(id, replica_, CopyDirection::kToGpu, blocks, loads_ready_);
      count_interference(blocks, settings_.to_gpu);
    } else {
      transfers_.read(id, replica_, blocks, loads_ready_);
    }
  }
  pending_loads_.clear();
}

double OffloadConnector::take_lookup_seconds() { return std::exchange(lookup_seconds_, 0); }

// --- stores ---

bool OffloadConnector::completes_block(const Sequence& sequence) const {
  return storable_blocks(sequence) > sequence.offload->stored_blocks;
}

std::uint64_t OffloadConnector::storable_blocks(const Sequence& sequence) const {
  const std::uint64_t tokens = settings_.prompt_only
                                   ? std::min<std::uint64_t>(sequence.known, sequence.prompt_tokens)
                                   : sequence.known;
  return tokens / settings_.block_tokens;
}

void OffloadConnector::store(Sequence& sequence, Nanoseconds now) {
  OffloadState& state = *sequence.offload;
  const std::uint64_t full = storable_blocks(sequence);
  extend(sequence, full);
  const std::uint64_t first = std::exchange(state.stored_blocks, full);
  const auto keys = part(state.keys, first, full);
  Job job{host_ ? Kind::kStoreCopy : Kind::kStoreFiles, &sequence, {}, first, state.owner};
  if (host_) {
    if (!reserve_in_host(state, first, full, now, job.keys)) totals_.skipped_store_blocks += keys.size();
  } else {
    storage_->touch(keys, now);
    if (!storage_->begin_write(keys, first, settings_.block_bytes, settings_.ranks, state.owner, now,
                               job.keys))
      totals_.dropped_write_blocks += keys.size();
  }
  if (job.keys.empty()) return;
  ++state.jobs;
  pending_stores_.push_back(std::move(job));
}

void OffloadConnector::submit_stores(Nanoseconds now, Nanoseconds step_end) {
  for (Job& job : pending_stores_) {
    const std::uint64_t blocks = job.keys.size();
    Sequence& sequence = *job.sequence;
    const JobId id = ids_.next(replica_);
    if (host_) {
      sequence.offload->copies_end = transfers_.copy(id, replica_, CopyDirection::kToHost, blocks, step_end);
      count_interference(blocks, settings_.to_host);
    } else if (!transfers_.write(id, replica_, blocks, now, step_end)) {
      storage_->cancel_write(job.keys);
      totals_.dropped_write_blocks += blocks;
      --sequence.offload->jobs;
      continue;
    }
    jobs_.emplace(id, std::move(job));
  }
  pending_stores_.clear();
}

// One less than could be: the first of them may learn of two tokens at once.
std::uint64_t OffloadConnector::plans_without_store(const Sequence& sequence) const {
  if (settings_.prompt_only) return models::kUnlimitedSteps;
  const std::uint64_t next = (sequence.offload->stored_blocks + 1) * settings_.block_tokens;
  return next < sequence.known + 2 ? 0 : next - sequence.known - 2;
}

void OffloadConnector::count_interference(std::uint64_t blocks, const CopyCurve& curve) {
  if (settings_.copy_interference == 0) return;
  const double copies =
      static_cast<double>(blocks) * settings_.block_bytes / settings_.ranks / settings_.copy_bytes;
  interference_seconds_ += settings_.copy_interference * copies *
                           (curve.fixed_seconds + settings_.copy_bytes / curve.bytes_per_second);
}

// --- ends of jobs ---

OffloadConnector::Ended OffloadConnector::end(JobId id, Nanoseconds now) {
  auto node = jobs_.extract(id);
  if (node.empty()) throw Error(ExitCode::kInternal, "a transfer ended that nobody waits for");
  Job& job = node.mapped();
  ++version_;
  const double bytes = settings_.block_bytes * static_cast<double>(job.keys.size());
  TenantKv& moved = moved_of(job.owner.tenant);
  switch (job.kind) {
    case Kind::kStoreCopy:
      for (const BlockKey key : job.keys) host_->commit(key, now);
      totals_.to_host_bytes += bytes;
      moved.to_host_bytes += bytes;
      if (storage_) cascade(job, now);
      break;
    case Kind::kStoreFiles:
      storage_->end_write(job.keys, now);
      totals_.storage_written_bytes += bytes;
      moved.storage_written_bytes += bytes;
      break;
    case Kind::kLoadCopy:
      for (const BlockKey key : job.keys) host_->unpin(key, now);
      totals_.to_gpu_bytes += bytes;
      moved.to_gpu_bytes += bytes;
      break;
    case Kind::kLoadFiles:
      storage_->end_read(job.keys, now);
      totals_.storage_read_bytes += bytes;
      moved.storage_read_bytes += bytes;
      break;
    case Kind::kCheck:
      break;
    case Kind::kPromote:
      storage_->end_read(job.keys, now);
      for (const BlockKey key : job.keys) host_->commit(key, now);
      seen_in_storage_.add(job.keys);
      totals_.storage_read_bytes += bytes;
      moved.storage_read_bytes += bytes;
      break;
    case Kind::kCascade:
      storage_->end_write(job.keys, now);
      for (const BlockKey key : job.keys) host_->unpin(key, now);
      seen_in_storage_.add(job.keys);
      totals_.storage_written_bytes += bytes;
      moved.storage_written_bytes += bytes;
      break;
  }
  return release(job);
}

std::vector<JobId> OffloadConnector::abandon(Nanoseconds now) {
  std::vector<JobId> under_way;
  for (const auto& [id, job] : jobs_) under_way.push_back(id);
  std::sort(under_way.begin(), under_way.end());
  for (const JobId id : under_way) {
    const Job& job = jobs_.at(id);
    if (job.kind == Kind::kStoreFiles || job.kind == Kind::kCascade) storage_->cancel_write(job.keys);
    if (job.kind == Kind::kLoadFiles || job.kind == Kind::kPromote) storage_->end_read(job.keys, now);
  }
  return under_way;
}

OffloadConnector::Ended OffloadConnector::release(const Job& job) {
  if (job.sequence == nullptr) return {};
  OffloadState& state = *job.sequence->offload;
  --state.jobs;
  const bool loaded = job.kind == Kind::kLoadCopy || job.kind == Kind::kLoadFiles;
  if (loaded) {
    state.load_in_flight = false;
    std::erase(loading_, job.sequence);
  }
  return {job.sequence, loaded};
}

// Tiered mode: what reached the host goes on to storage; the host's copy stays until it is there.
void OffloadConnector::cascade(const Job& stored, Nanoseconds now) {
  Job job{Kind::kCascade, nullptr, {}, stored.first_block, stored.owner};
  std::vector<BlockKey> present;
  for (const BlockKey key : stored.keys)
    if (host_->find(key, now) == BlockState::kReady) present.push_back(key);
  storage_->touch(present, now);
  if (!storage_->begin_write(present, stored.first_block, settings_.block_bytes, settings_.ranks,
                             stored.owner, now, job.keys))
    totals_.dropped_write_blocks += present.size();
  if (job.keys.empty()) return;
  const JobId id = ids_.next(replica_);
  if (!transfers_.write(id, replica_, job.keys.size(), now, now)) {
    storage_->cancel_write(job.keys);
    totals_.dropped_write_blocks += job.keys.size();
    return;
  }
  for (const BlockKey key : job.keys) host_->pin(key);
  jobs_.emplace(id, std::move(job));
}

void OffloadConnector::erase_tenant(std::uint32_t tenant, Nanoseconds now) {
  if (host_) host_->erase_tenant(tenant, now);
}

void OffloadConnector::erase_session(std::uint64_t session, Nanoseconds now) {
  if (host_) host_->erase_session(session, now);
}

void OffloadConnector::tell_host_events(Nanoseconds now) {
  if (!teller_) return;
  host_->expire(now);
  teller_->flush();
}

TierTotals OffloadConnector::totals(Nanoseconds now) {
  if (host_) {
    host_->expire(now);
    totals_.host_evicted_blocks = host_->counters().evicted;
    totals_.host_expired_blocks = host_->counters().expired;
    totals_.host_erased_blocks = host_->counters().erased;
    totals_.host_used_bytes = host_->used_bytes();
  }
  return totals_;
}

}  // namespace kvsim::sim
