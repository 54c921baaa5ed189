// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/report/small_run.h"

#include <algorithm>

#include "base/random.h"

namespace kvsim::sim {
namespace {

constexpr Nanoseconds kMillisecond = 1'000'000;

std::vector<PoolInfo> pools(const std::string& hostile_name) {
  PoolInfo fast{"nvidia", "paris", "H100-SXM-80", "Llama-3.1-8B", "prior", 2, 1, 70, 700, 2.5};
  PoolInfo slow{"gaudi", "oslo", "Gaudi3", "Llama-3.1-8B", "prior", 1, 2, 200, 900, 1.8};
  if (!hostile_name.empty()) slow.name = hostile_name;
  return {fast, slow};
}

RequestRecord record_of(std::uint64_t id, Nanoseconds arrival, RandomStream& random) {
  RequestRecord record;
  record.id = id;
  record.replica = static_cast<std::uint32_t>(id % 3);
  record.pool = record.replica / 2;
  record.group = static_cast<std::uint32_t>(random.below(3));
  record.input_tokens = 100 + static_cast<std::uint32_t>(random.below(900));
  record.output_tokens = 1 + static_cast<std::uint32_t>(random.below(200));
  record.hit_tokens = record.input_tokens / 32 * 16;
  record.intended = arrival - static_cast<Nanoseconds>(random.below(1000));
  record.arrival = arrival;
  record.queued = arrival + kMillisecond;
  record.scheduled = record.queued + static_cast<Nanoseconds>(random.exponential(2e7));
  record.first_token = record.scheduled + 30 * kMillisecond + record.input_tokens * 50'000;
  record.finished = record.first_token + (record.output_tokens - 1) * 12 * kMillisecond;
  return record;
}

ReplicaSnapshot snapshot(Nanoseconds time, std::uint64_t i) {
  ReplicaSnapshot replica;
  replica.time = time;
  replica.running = 3 + i % 5;
  replica.waiting = i % 3;
  replica.used_blocks = 200 + 10 * (i % 20);
  replica.cached_blocks = 700;
  replica.total_blocks = 1000;
  replica.prompt_tokens = 3000 * i;
  replica.generated_tokens = 1000 * i;
  replica.queried_tokens = 5000 * i;
  replica.hit_tokens = 2000 * i;
  replica.busy_seconds = 0.8 * to_seconds(time);
  replica.ideal_compute_seconds = 0.2 * to_seconds(time);
  replica.ideal_memory_seconds = 0.5 * to_seconds(time);
  return replica;
}

// A third of the requests load from host memory, another from storage, which takes longer.
void load(RequestRecord& record) {
  const Nanoseconds tokens = record.input_tokens / 64 * 16;
  if (record.id % 3 == 0) return;
  (record.id % 3 == 1 ? record.host_hit_tokens : record.storage_hit_tokens) =
      static_cast<std::uint32_t>(tokens);
  record.load_wait =
      std::min(record.scheduled - record.queued, record.id % 3 == 1 ? 10'000 * tokens : 60'000 * tokens);
}

TierTotals tier_totals(std::uint64_t i) {
  TierTotals tiers;
  tiers.host_hit_tokens = 5 * i * i;
  tiers.storage_hit_tokens = 500 * i;
  tiers.to_host_bytes = 4e8 * static_cast<double>(i);
  tiers.to_gpu_bytes = 2e8 * static_cast<double>(i);
  tiers.storage_written_bytes = 3e8 * static_cast<double>(i);
  tiers.storage_read_bytes = 1e8 * static_cast<double>(i);
  tiers.host_evicted_blocks = 7 * i;
  tiers.dropped_write_blocks = i;
  tiers.host_used_bytes = std::min<std::uint64_t>(64'000'000'000, 4'000'000'000 * i);
  tiers.host_capacity_bytes = 64'000'000'000;
  return tiers;
}

std::vector<LinkInfo> links(const std::string& hostile_name) {
  std::vector<LinkInfo> links{{LinkInfo::Kind::kCopy, "nvidia gpu to host", 1e11},
                              {LinkInfo::Kind::kCopy, "nvidia host to gpu", 1e11},
                              {LinkInfo::Kind::kLeaf, "leaf paris-0 up", 5e10},
                              {LinkInfo::Kind::kSite, "paris to oslo", 1.25e9},
                              {LinkInfo::Kind::kStorage, "scale read", 4e10},
                              {LinkInfo::Kind::kStorage, "scale write", 2e10}};
  if (!hostile_name.empty()) links[3].name = hostile_name;
  for (int server = 0; server < 35; ++server)
    for (const char* direction : {" in", " out"})
      links.push_back({LinkInfo::Kind::kNic, "server " + std::to_string(server) + direction, 2.5e10});
  return links;
}

StorageSnapshot storage_at(double seconds, double share) {
  StorageSnapshot now;
  now.capacity_bytes = static_cast<std::uint64_t>(4e12 * share);
  now.written_bytes = 9e8 * share * seconds;
  now.read_bytes = 3e8 * share * seconds * (1 + seconds / 200);
  now.used_bytes = static_cast<std::uint64_t>(std::min(now.written_bytes, 6e10 * share));
  now.written_blocks = static_cast<std::uint64_t>(now.written_bytes / 32e6);
  now.blocks = static_cast<std::uint64_t>(static_cast<double>(now.used_bytes) / 32e6);
  now.files = 2 * now.blocks;
  now.evicted_blocks = now.written_blocks - now.blocks;
  now.operations = 3 * now.written_blocks;
  return now;
}

// Bytes that a link has carried: a share of its capacity that differs by link and swings with a period of 40
// s.
TierSample tier_sample(std::uint64_t i, const std::vector<LinkInfo>& all_links) {
  TierSample sample;
  const double seconds = static_cast<double>(i);
  sample.time = static_cast<Nanoseconds>(i) * kNanosecondsPerSecond;
  sample.width = kNanosecondsPerSecond;
  sample.storage = {storage_at(seconds, 1), storage_at(seconds, 0.4)};
  for (std::size_t link = 0; link < all_links.size(); ++link) {
    const double swing = static_cast<double>(std::min((i + link) % 40, 40 - (i + link) % 40)) / 20;
    const double share = static_cast<double>(link % 10) / 10;
    sample.carried_bytes.push_back(all_links[link].bytes_per_second * share * (seconds + 2 * swing));
  }
  sample.oldest = {{"host", 1, sample.time / 2}, {"scale", 1, sample.time}, {"scale", 2, sample.time / 3}};
  return sample;
}

std::vector<StorageFacts> storage_facts(const std::string& hostile_name) {
  StorageFacts scale{"scale", "ibm-storage-scale", "paris", false, 4'000'000'000'000, {}, false, 2e16};
  StorageFacts drives{"drives", "local-nvme", "oslo", true, 800'000'000'000, 86400, true, {}};
  if (!hostile_name.empty()) drives.name = hostile_name;
  return {scale, drives};
}

// One stage from `start`; returns its end.
Nanoseconds play_stage(Recorder& recorder, std::int32_t stage, Nanoseconds start,
                       const SmallRunOptions& options) {
  RandomStream random(7, "small run " + std::to_string(stage));
  Nanoseconds arrival = start;
  Nanoseconds end = start;
  std::vector<RequestRecord> records;
  for (std::uint64_t i = 0; i < options.requests;
       ++i, arrival += static_cast<Nanoseconds>(random.exponential(1e8))) {
    records.push_back(record_of(i, arrival, random));
    records.back().stage = stage;
    if (options.tiers) load(records.back());
    recorder.on_arrival(arrival, records.back().group);
    end = std::max(end, records.back().finished);
  }
  records[1].status = RequestStatus::kTimedOut;
  records[2].status = RequestStatus::kRejectedTooLong;
  records[2].first_token = records[2].scheduled = kNever;
  records[2].finished = records[2].arrival;
  for (const RequestRecord& record : records) {
    if (record.output_tokens > 1)
      recorder.on_gaps({record.replica, record.group, {0.011, 1e-5}, 1, record.output_tokens - 1ull, 1});
    recorder.on_finished(record);
  }
  return end;
}

}  // namespace

Summary small_run(const SmallRunOptions& options) {
  RecorderOptions recorder_options;
  recorder_options.staged = true;
  Recorder recorder(pools(options.hostile_name), recorder_options);
  const std::vector<LinkInfo> all_links = links(options.hostile_name);
  if (options.tiers) recorder.on_links(all_links);
  const Nanoseconds first_end = play_stage(recorder, 0, kNanosecondsPerSecond, options);
  const Nanoseconds end = play_stage(recorder, 1, first_end + kNanosecondsPerSecond, options);
  for (std::uint64_t i = 1; static_cast<Nanoseconds>(i) * kNanosecondsPerSecond <= end; ++i) {
    const auto time = static_cast<Nanoseconds>(i) * kNanosecondsPerSecond;
    std::vector<ReplicaSnapshot> replicas(3, snapshot(time, i));
    if (options.tiers)
      for (ReplicaSnapshot& replica : replicas) replica.tiers = tier_totals(i);
    recorder.on_sample(time, kNanosecondsPerSecond, replicas.data(), 3);
    if (options.tiers) recorder.on_tiers(tier_sample(i, all_links));
    for (std::uint32_t replica = 0; replica < 3; ++replica)
      recorder.on_steps({replica, time - 800 * kMillisecond, time, 60, {}});
  }
  RunFacts facts;
  facts.first_arrival = kNanosecondsPerSecond;
  facts.end = end;
  facts.groups = {{0, 0, 0}, {0, 1, 1}, {0, 1, 2}};
  facts.labels = {{"Llama-3.1-8B"}, {"chat", "batch"}, {"default", "city", "clinic"}};
  if (!options.hostile_name.empty()) facts.labels.tenants[2] = options.hostile_name;
  if (options.tiers) facts.storage = storage_facts(options.hostile_name);
  facts.source_tenants = facts.labels.tenants;
  facts.objectives = {{{SloMetric::kTtft, 0.1}, {SloMetric::kTpot, 0.02}}, {}};
  facts.stages = {{0, 10, 0}, {1, 10, 0}};
  facts.scenario = {"two-vendor fleet", "conversation.jsonl", {"Llama-3.1-8B"}, 1, {{"fleet", "00ff"}}};
  facts.validity = {{"pool gaudi: step times", "prior from kernel speeds; not calibrated to a serving run"}};
  return summarize(recorder, facts);
}

}  // namespace kvsim::sim
