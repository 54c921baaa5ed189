// SPDX-License-Identifier: Apache-2.0
// What a block store costs a block: find, touch and reserve with commit, in requests of 64 blocks, on a full
// store of 10^6 blocks, by policy; and the memory of a store that fills up to 10^7 blocks.
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <fstream>
#include <vector>

#include "base/random.h"
#include "sim/kv/block_store.h"
#include "sim/kv/eviction_policies.h"

namespace kvsim::sim {
namespace {

constexpr std::uint64_t kBlockBytes = 2 << 20;
constexpr std::uint64_t kRequestBlocks = 64;
constexpr std::uint64_t kSpeedBlocks = 1'000'000;
constexpr std::uint64_t kMemoryBlocks = 10'000'000;

using Keys = std::vector<BlockKey>;

// The keys of request `number`, as if hashed.
void name_blocks(std::uint64_t number, Keys& keys) {
  keys.resize(kRequestBlocks);
  for (std::uint64_t i = 0; i < kRequestBlocks; ++i) keys[i] = mix64(number * kRequestBlocks + i + 1);
}

void write(BlockStore& store, std::uint64_t number, Keys& keys, Keys& added) {
  name_blocks(number, keys);
  added.clear();
  store.reserve(keys, 0, kBlockBytes, {0, 1 + number / 8}, static_cast<Nanoseconds>(number), added);
  for (const BlockKey key : added) store.commit(key, static_cast<Nanoseconds>(number));
}

// A full store, and work on it by request.
struct Filled {
  explicit Filled(benchmark::State& state)
      : policy(static_cast<EvictionPolicy>(state.range(0))),
        store({kSpeedBlocks * kBlockBytes, policy, {kNever, RetentionSince::kWrite}}) {
    for (; next < 2 * kSpeedBlocks / kRequestBlocks; ++next) write(store, next, keys, added);
    state.SetLabel(eviction_policy_name(policy));
  }

  // A request of the last 10^6 blocks, far from the one before. Length-aware has evicted half of its blocks.
  void name_recent() {
    constexpr std::uint64_t kSpan = kSpeedBlocks / kRequestBlocks;
    name_blocks(next - 1 - (++picks * 7919) % kSpan, keys);
  }
  Nanoseconds now() const { return static_cast<Nanoseconds>(next); }

  EvictionPolicy policy;
  BlockStore store;
  Keys keys, added;
  std::uint64_t next = 0;  // request
  std::uint64_t picks = 0;
};

void per_block(benchmark::State& state) {
  state.counters["per_block"] = benchmark::Counter(static_cast<double>(state.iterations()) * kRequestBlocks,
                                                   benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void find(benchmark::State& state) {
  Filled filled(state);
  for (auto _ : state) {
    filled.name_recent();
    for (const BlockKey key : filled.keys) benchmark::DoNotOptimize(filled.store.find(key, filled.now()));
  }
  per_block(state);
}

void touch(benchmark::State& state) {
  Filled filled(state);
  for (auto _ : state) {
    filled.name_recent();
    filled.store.touch(filled.keys, filled.now());
  }
  per_block(state);
}

// Each block written evicts one.
void reserve_and_commit(benchmark::State& state) {
  Filled filled(state);
  for (auto _ : state) write(filled.store, filled.next++, filled.keys, filled.added);
  per_block(state);
}

double peak_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024;
}

double resident_bytes() {
  std::uint64_t total = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> total >> resident;
  return static_cast<double>(resident) * 4096;
}

// Run alone (--benchmark_filter=memory/0), so that the peak is this store's own.
void memory(benchmark::State& state) {
  const auto policy = static_cast<EvictionPolicy>(state.range(0));
  Keys keys, added;
  for (auto _ : state) {
    const double before = resident_bytes();
    BlockStore store({kMemoryBlocks * kBlockBytes, policy, {kNever, RetentionSince::kWrite}});
    for (std::uint64_t request = 0; store.blocks() + kRequestBlocks <= kMemoryBlocks; ++request)
      write(store, request, keys, added);
    state.counters["bytes_per_block"] = (resident_bytes() - before) / static_cast<double>(store.blocks());
    state.counters["peak_MB"] = peak_bytes() / 1e6;
  }
  state.SetLabel(eviction_policy_name(policy));
}

void policies(benchmark::internal::Benchmark* work) { work->DenseRange(0, 3); }

BENCHMARK(find)->Apply(policies);
BENCHMARK(touch)->Apply(policies);
BENCHMARK(reserve_and_commit)->Apply(policies);
BENCHMARK(memory)->Apply(policies)->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace
}  // namespace kvsim::sim

BENCHMARK_MAIN();
