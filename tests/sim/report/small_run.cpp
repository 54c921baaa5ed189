// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/report/small_run.h"

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

// One stage from `start`; returns its end.
Nanoseconds play_stage(Recorder& recorder, std::int32_t stage, Nanoseconds start, std::uint64_t requests) {
  RandomStream random(7, "small run " + std::to_string(stage));
  Nanoseconds arrival = start;
  Nanoseconds end = start;
  std::vector<RequestRecord> records;
  for (std::uint64_t i = 0; i < requests; ++i, arrival += static_cast<Nanoseconds>(random.exponential(1e8))) {
    records.push_back(record_of(i, arrival, random));
    records.back().stage = stage;
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
  const Nanoseconds first_end = play_stage(recorder, 0, kNanosecondsPerSecond, options.requests);
  const Nanoseconds end = play_stage(recorder, 1, first_end + kNanosecondsPerSecond, options.requests);
  for (std::uint64_t i = 1; static_cast<Nanoseconds>(i) * kNanosecondsPerSecond <= end; ++i) {
    const auto time = static_cast<Nanoseconds>(i) * kNanosecondsPerSecond;
    const std::vector<ReplicaSnapshot> replicas(3, snapshot(time, i));
    recorder.on_sample(time, kNanosecondsPerSecond, replicas.data(), 3);
    for (std::uint32_t replica = 0; replica < 3; ++replica)
      recorder.on_steps({replica, time - 800 * kMillisecond, time, 60, {}});
  }
  RunFacts facts;
  facts.first_arrival = kNanosecondsPerSecond;
  facts.end = end;
  facts.groups = {{0, 0, 0}, {0, 1, 1}, {0, 1, 2}};
  facts.labels = {{"Llama-3.1-8B"}, {"chat", "batch"}, {"default", "city", "clinic"}};
  if (!options.hostile_name.empty()) facts.labels.tenants[2] = options.hostile_name;
  facts.objectives = {{{SloMetric::kTtft, 0.1}, {SloMetric::kTpot, 0.02}}, {}};
  facts.stages = {{0, 10, 0}, {1, 10, 0}};
  facts.scenario = {"two-vendor fleet", "conversation.jsonl", {"Llama-3.1-8B"}, 1, {{"fleet", "00ff"}}};
  facts.validity = {{"pool gaudi: step times", "prior from kernel speeds; not calibrated to a serving run"}};
  return summarize(recorder, facts);
}

}  // namespace kvsim::sim
