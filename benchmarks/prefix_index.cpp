// SPDX-License-Identifier: Apache-2.0
// What a router's prefix indexes cost a request: one match and one insert (approximate), or one match, one
// stored and one removed event (precise), in full indexes. Arguments: endpoints, blocks that each holds.
// Prompts: 2,048 tokens that all share, 512 shared by a hundredth, 500 of their own; endpoints at random, so
// that every endpoint holds the popular prefix. Third argument: claims that a stretch remembers.
#include <benchmark/benchmark.h>

#include <deque>
#include <memory>
#include <vector>

#include "base/random.h"
#include "sim/routing/prefix_index.h"

namespace kvsim::sim {
namespace {

using traces::Piece;

constexpr std::uint64_t kSharedTokens = 2048 + 512, kTokens = kSharedTokens + 500;

class Prompts {
 public:
  std::vector<Piece> next() {
    const std::uint64_t i = ++count_;
    return {{1, 0, 2048}, {1000 + random_.below(100), 0, 512}, {1'000'000 + i, 0, 500}};
  }
  EndpointId endpoint(std::size_t endpoints) { return static_cast<EndpointId>(random_.below(endpoints)); }

 private:
  RandomStream random_{1, "prompts"};
  std::uint64_t count_ = 0;
};

void approximate(benchmark::State& state) {
  const auto endpoints = static_cast<std::size_t>(state.range(0));
  const auto capacity = static_cast<std::uint64_t>(state.range(1));
  ApproximateIndex index({.capacity_blocks = std::vector<std::uint64_t>(endpoints, capacity)});
  Prompts prompts;
  PrefixMatches matches;
  for (std::uint64_t i = 0; i < endpoints * (capacity / 8 + 1); ++i)
    index.insert(prompts.endpoint(endpoints), 0, prompts.next());
  for (auto _ : state) {
    const std::vector<Piece> prompt = prompts.next();
    index.match(0, prompt, matches);
    benchmark::DoNotOptimize(matches.weighted.data());
    index.insert(prompts.endpoint(endpoints), 0, prompt);
  }
}

// An engine that holds `capacity` blocks; the oldest prompt's own part leaves when a new one comes.
class Engines {
 public:
  Engines(std::size_t endpoints, std::uint64_t capacity)
      : kept_(capacity / (kOwnEnd - kOwnBegin) + 1), held_(endpoints) {}

  void compute(PreciseIndex& index, EndpointId endpoint, const std::vector<Piece>& prompt) {
    std::deque<CacheEvent>& held = held_[endpoint];
    CacheEvent event{.kind = CacheEventKind::kStored,
                     .block_tokens = 16,
                     .path = std::make_shared<std::vector<Piece>>(prompt),
                     .begin = 0,
                     .end = kOwnEnd};
    index.apply(endpoint, event);
    event.kind = CacheEventKind::kRemoved;
    event.begin = kOwnBegin;
    held.push_back(std::move(event));
    if (held.size() <= kept_) return;
    index.apply(endpoint, held.front());
    held.pop_front();
  }
  std::uint64_t warm_up() const { return kept_ * held_.size() * 5 / 4; }

 private:
  static constexpr std::uint64_t kOwnBegin = kSharedTokens / 16, kOwnEnd = kTokens / 16;
  std::size_t kept_;
  std::vector<std::deque<CacheEvent>> held_;
};

void precise(benchmark::State& state) {
  const auto endpoints = static_cast<std::size_t>(state.range(0));
  PreciseIndex index({.endpoints = endpoints, .entries = static_cast<std::uint32_t>(state.range(2))});
  Engines engines(endpoints, static_cast<std::uint64_t>(state.range(1)));
  Prompts prompts;
  PrefixMatches matches;
  for (std::uint64_t i = 0; i < engines.warm_up(); ++i)
    engines.compute(index, prompts.endpoint(endpoints), prompts.next());
  for (auto _ : state) {
    const std::vector<Piece> prompt = prompts.next();
    index.match(0, prompt, 0, matches);
    benchmark::DoNotOptimize(matches.weighted.data());
    engines.compute(index, prompts.endpoint(endpoints), prompt);
  }
}

BENCHMARK(approximate)->ArgsProduct({{10, 100, 1000}, {1000, 31250}})->Iterations(50000);
BENCHMARK(precise)->ArgsProduct({{10, 100, 1000}, {1000, 31250}, {10, 2000}})->Iterations(50000);

}  // namespace
}  // namespace kvsim::sim

BENCHMARK_MAIN();
