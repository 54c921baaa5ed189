// SPDX-License-Identifier: Apache-2.0
// What the prefix cache costs for each request: 1000 prompt tokens, 200 answer tokens, blocks of 16, 64
// requests at a time, a full cache (every allocation evicts). The answer grows block by block, as in a
// decode.
#include <benchmark/benchmark.h>

#include <vector>

#include "sim/kv/prefix_cache.h"

namespace kvsim::sim {
namespace {

constexpr std::uint32_t kPromptTokens = 1000;
constexpr std::uint32_t kAnswerTokens = 200;
constexpr std::uint32_t kBlockTokens = 16;

struct Request {
  std::vector<Piece> content;
  BlockHolder holder;
};

std::uint64_t blocks_for(std::uint64_t tokens) { return (tokens + kBlockTokens - 1) / kBlockTokens; }

void admit(PrefixCache& cache, Request& request, std::vector<Piece> prompt) {
  request.content = std::move(prompt);
  const PrefixMatch match = cache.match(0, request.content, (kPromptTokens - 1) / kBlockTokens);
  cache.take(request.holder, 0, request.content, match.blocks);
  cache.allocate(request.holder, blocks_for(kPromptTokens) - match.blocks);
  cache.register_full(request.holder, 0, request.content, kPromptTokens / kBlockTokens);
}

// One step of 16 answer tokens for each of the requests, round by round; a finished one makes room for a new
// one.
template <class MakePrompt>
void serve(benchmark::State& state, MakePrompt make_prompt) {
  PrefixCache cache({.blocks = 20000, .block_tokens = kBlockTokens});
  std::vector<Request> running(64);
  std::vector<std::uint32_t> answered(running.size(), kAnswerTokens);
  std::uint64_t count = 0;
  std::size_t next = 0;
  while (state.KeepRunning()) {
    for (bool finished = false; !finished; next = (next + 1) % running.size()) {
      Request& request = running[next];
      if (answered[next] >= kAnswerTokens) {
        cache.release(request.holder);
        admit(cache, request, make_prompt(count));
        request.content.push_back({~count++, 0, 0});
        answered[next] = static_cast<std::uint32_t>(count % kBlockTokens);
        finished = true;
      }
      answered[next] += kBlockTokens;
      request.content.back().tokens = answered[next];
      const std::uint64_t tokens = kPromptTokens + answered[next];
      cache.allocate(request.holder, blocks_for(tokens) - request.holder.blocks());
      cache.register_full(request.holder, 0, request.content, tokens / kBlockTokens);
    }
  }
  for (Request& request : running) cache.release(request.holder);
  state.counters["index_size"] = static_cast<double>(cache.index_size());
}

void unique_prompts(benchmark::State& state) {
  serve(state, [](std::uint64_t i) { return std::vector<Piece>{{i, 0, kPromptTokens}}; });
}

// 500 tokens shared by a hundredth of the requests, then their own.
void shared_prefixes(benchmark::State& state) {
  serve(state, [](std::uint64_t i) {
    return std::vector<Piece>{{1'000'000'000 + i * 7919 % 100, 0, 500}, {i, 0, kPromptTokens - 500}};
  });
}

void repeated_prompts(benchmark::State& state) {
  serve(state, [](std::uint64_t i) { return std::vector<Piece>{{i * 7919 % 200, 0, kPromptTokens}}; });
}

// Prompts of 64 pieces, half of them shared, as block ids of a trace give them.
void many_pieces(benchmark::State& state) {
  serve(state, [](std::uint64_t i) {
    std::vector<Piece> prompt;
    for (std::uint64_t k = 0; k < 62; ++k) prompt.push_back({7, ((k < 31 ? i % 100 : i) * 64 + k) * 32, 16});
    prompt.push_back({7, i * 2048 + 2000, 8});
    return prompt;
  });
}

BENCHMARK(unique_prompts);
BENCHMARK(shared_prefixes);
BENCHMARK(repeated_prompts);
BENCHMARK(many_pieces);

}  // namespace
}  // namespace kvsim::sim

BENCHMARK_MAIN();
