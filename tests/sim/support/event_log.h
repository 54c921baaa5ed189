// SPDX-License-Identifier: Apache-2.0
// Writes down everything an observer is told, so that two runs can be compared to the byte.
#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include "sim/metrics/observer.h"

namespace kvsim::testing {

class EventLog : public sim::Observer {
 public:
  std::vector<sim::RequestRecord> records;
  std::vector<std::string> lines;

  void on_finished(const sim::RequestRecord& r) override {
    records.push_back(r);
    line(
        "end id=%llu status=%d replica=%u group=%u out=%u hit=%u pre=%u re=%llu a=%lld q=%lld s=%lld f=%lld "
        "e=%lld",
        ull(r.id), static_cast<int>(r.status), r.replica, r.group, r.output_tokens, r.hit_tokens,
        r.preemptions, ull(r.recomputed_tokens), ll(r.arrival), ll(r.queued), ll(r.scheduled),
        ll(r.first_token), ll(r.finished));
    line("from below id=%llu host=%u storage=%u wait=%lld", ull(r.id), r.host_hit_tokens,
         r.storage_hit_tokens, ll(r.load_wait));
    line("prefilled id=%llu by=%lld pulled=%u q=%lld s=%lld e=%lld", ull(r.id),
         r.prefill_replica ? ll(*r.prefill_replica) : -1, r.pulled_tokens, ll(r.prefill_queued),
         ll(r.prefill_scheduled), ll(r.prefill_ended));
  }
  void on_replica(Nanoseconds time, std::uint32_t replica, sim::ReplicaState state) override {
    line("replica %u at %lld: %d", replica, ll(time), static_cast<int>(state));
  }
  void on_lost(Nanoseconds time, std::uint32_t replica, bool sent_again) override {
    line("lost at %lld with %u: %d", ll(time), replica, sent_again);
  }
  void on_tiers(const sim::TierSample& sample) override {
    for (const sim::StorageSnapshot& s : sample.storage)
      line(
          "sample of storage used=%llu blocks=%llu written=%llu evicted=%llu expired=%llu erased=%llu "
          "refused=%llu "
          "w=%.17g r=%.17g ops=%llu",
          ull(s.used_bytes), ull(s.blocks), ull(s.written_blocks), ull(s.evicted_blocks),
          ull(s.expired_blocks), ull(s.erased_blocks), ull(s.refused_blocks), s.written_bytes, s.read_bytes,
          ull(s.operations));
    for (const double bytes : sample.carried_bytes) line("sample of link %.17g", bytes);
    for (const sim::OldestKv& o : sample.oldest)
      line("sample of oldest %s %u %lld", o.tier.c_str(), o.tenant, ll(o.age));
  }
  void on_tenant_kv(std::uint32_t replica, const std::vector<sim::TenantKv>& moved) override {
    for (const sim::TenantKv& kv : moved)
      line("KV of a tenant r=%u %.17g %.17g %.17g %.17g", replica, kv.to_host_bytes, kv.to_gpu_bytes,
           kv.storage_written_bytes, kv.storage_read_bytes);
  }
  void on_steps(const sim::StepRun& s) override {
    line("steps r=%u %lld..%lld n=%llu p=%llu d=%llu c=%.17g pairs=%.17g", s.replica, ll(s.start), ll(s.end),
         ull(s.steps), ull(s.work.prefill_tokens), ull(s.work.decode_sequences), s.work.decode_context_tokens,
         s.work.prefill_attention_pairs);
  }
  void on_gaps(const sim::TokenGaps& g) override {
    line("gaps r=%u g=%u %.17g+%.17g %llu..%llu x%llu", g.replica, g.group, g.seconds.first, g.seconds.growth,
         ull(g.first_step), ull(g.last_step), ull(g.sequences));
  }
  void on_sample(Nanoseconds time, Nanoseconds width, const sim::ReplicaSnapshot* all,
                 std::uint32_t count) override {
    for (std::uint32_t i = 0; i < count; ++i) {
      const sim::ReplicaSnapshot& s = all[i];
      line(
          "sample %lld/%lld r=%u run=%llu wait=%llu used=%llu cached=%llu p=%llu g=%llu q=%llu h=%llu "
          "pre=%llu ev=%llu "
          "busy=%.17g c=%.17g m=%.17g",
          ll(time), ll(width), i, ull(s.running), ull(s.waiting), ull(s.used_blocks), ull(s.cached_blocks),
          ull(s.prompt_tokens), ull(s.generated_tokens), ull(s.queried_tokens), ull(s.hit_tokens),
          ull(s.preemptions), ull(s.evicted_blocks), s.busy_seconds, s.ideal_compute_seconds,
          s.ideal_memory_seconds);
      const sim::TierTotals& t = s.tiers;
      line("sample of tiers r=%u %llu %llu %.17g %.17g %.17g %.17g %llu %llu %llu %llu %llu %llu %llu %llu",
           i, ull(t.host_hit_tokens), ull(t.storage_hit_tokens), t.to_host_bytes, t.to_gpu_bytes,
           t.storage_written_bytes, t.storage_read_bytes, ull(t.loads), ull(t.host_evicted_blocks),
           ull(t.host_expired_blocks), ull(t.host_erased_blocks), ull(t.skipped_store_blocks),
           ull(t.dropped_write_blocks), ull(t.refused_promotion_blocks), ull(t.host_used_bytes));
      line("sample of pulls r=%u %llu %.17g", i, ull(t.pulls), t.pulled_bytes);
    }
  }

 private:
  static unsigned long long ull(std::uint64_t v) { return v; }
  static long long ll(std::int64_t v) { return v; }
  template <class... A>
  void line(const char* format, A... values) {
    char text[512];
    std::snprintf(text, sizeof text, format, values...);
    lines.emplace_back(text);
  }
};

}  // namespace kvsim::testing
