// SPDX-License-Identifier: Apache-2.0
// What vLLM's /metrics tells of one engine: names, labels and bounds of histograms by engine version. Names
// as in vLLM's metrics of 2025-26; bounds, and the versions at which names changed, from general knowledge,
// not checked against the source.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kvsim::sim {

enum class EngineValue : std::uint8_t {
  kConfig,  // one, with the block size and number as labels
  kRunning,
  kWaiting,
  kKvUsage,
  kPromptTokens,
  kGenerationTokens,
  kPrefixQueries,  // tokens, as the three that follow
  kPrefixHits,
  kExternalQueries,  // of tiers below the GPU
  kExternalHits,
  kPreemptions,
  kStopped,  // finished requests by reason
  kLength,
  kAborted,
  kTtft,
  kInterToken,
  kTpot,  // a mean for each request
  kE2e,
  kQueue,
  kPrefill,
  kDecode,
  kPromptLength,
  kOutputLength,
};
inline constexpr std::size_t kEngineValues = static_cast<std::size_t>(EngineValue::kOutputLength) + 1;

enum class MetricType : std::uint8_t { kGauge, kCounter, kHistogram };
const char* name(MetricType type);  // as OpenMetrics has it

struct EngineMetric {
  EngineValue value = EngineValue::kRunning;
  MetricType type = MetricType::kGauge;
  std::string family;  // with `vllm:`, without `_total`
  const char* help = "";
  std::string labels;          // beside those of the engine, as OpenMetrics writes them; empty: none
  std::vector<double> bounds;  // of a histogram, ascending, without +Inf
  // Numbers that it takes: of a histogram those in each bucket, +Inf's the last, and their sum.
  std::size_t cells() const { return type == MetricType::kHistogram ? bounds.size() + 2 : 1; }
};

struct EngineFacts {
  std::string version;
  std::uint64_t max_model_len = 0;  // tokens
  std::uint64_t kv_blocks = 0;      // with the null block
  std::uint32_t block_tokens = 0;
  bool has_tiers = false;
};

inline constexpr std::string_view kFirstKvUsageVersion = "0.10.0";     // gpu_cache_usage_perc before
inline constexpr std::string_view kFirstInterTokenVersion = "0.11.0";  // time_per_output_token_seconds before

// In the order in which they are written; metrics of one family follow each other.
std::vector<EngineMetric> engine_metrics(const EngineFacts& engine);

}  // namespace kvsim::sim
