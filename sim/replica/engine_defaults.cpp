// SPDX-License-Identifier: Apache-2.0
#include "sim/replica/engine_defaults.h"

#include <algorithm>
#include <bit>

#include "base/text.h"
#include "models/profile.h"

namespace kvsim::sim {
namespace {

constexpr double kLargeMemoryBytes = 70.0 * 1024 * 1024 * 1024;

bool has_prefix(const Accelerator& accelerator, std::string_view prefix) {
  return lower(accelerator.name).starts_with(prefix);
}

struct BatchDefaults {
  std::uint64_t tokens;
  std::uint32_t sequences;
};

// API-server defaults. The TPU figures are for v6e, v5e and v5p; 256 sequences there is [K].
BatchDefaults batch_defaults(const Accelerator& accelerator) {
  if (has_prefix(accelerator, "tpu-v6e")) return {1024, 256};
  if (has_prefix(accelerator, "tpu-v5e")) return {512, 256};
  if (has_prefix(accelerator, "tpu")) return {256, 256};
  const bool large = accelerator.memory_bytes.value >= kLargeMemoryBytes && !has_prefix(accelerator, "a100");
  return large ? BatchDefaults{8192, 1024} : BatchDefaults{2048, 256};
}

std::size_t digits(std::string_view text) {
  const auto end = std::find_if(text.begin(), text.end(), [](char c) { return c < '0' || c > '9'; });
  return static_cast<std::size_t>(end - text.begin());
}

bool is_suffix(std::string_view text) {
  if (text.empty()) return true;
  if (std::string_view("+-.abdpr").find(text.front()) == std::string_view::npos || text.size() < 2)
    return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '.' || c == '+' || c == '-' || c == '_';
  });
}

}  // namespace

bool is_engine_version(std::string_view text) {
  if (text.starts_with('v')) text.remove_prefix(1);
  for (int part = 0; part < 3; ++part) {
    const std::size_t count = digits(text);
    if (count == 0 || count > 6) return false;
    text.remove_prefix(count);
    const bool more = text.size() > 1 && text[0] == '.' && digits(text.substr(1)) > 0;
    if (!more) return part >= 1 && is_suffix(text);
    if (part < 2) text.remove_prefix(1);
  }
  return is_suffix(text);
}

std::uint32_t default_block_size(const Accelerator& accelerator, const models::ModelCard& model,
                                 std::uint64_t max_model_len) {
  if (has_prefix(accelerator, "tpu")) {  // [K]: pages of a sixteenth of the longest sequence
    return static_cast<std::uint32_t>(
        std::clamp<std::uint64_t>(std::bit_ceil(std::max<std::uint64_t>(max_model_len, 1)) / 16, 16, 256));
  }
  if (has_prefix(accelerator, "gaudi") || accelerator.vendor == "Huawei") return 128;
  if (accelerator.vendor == "Intel") return 64;  // XPU [K]
  return model.mla ? 64 : 16;                    // MLA kernels force larger blocks [K]
}

EngineSettings default_engine_settings(const Accelerator& accelerator, const models::ModelCard& model,
                                       const std::string& version) {
  const auto since = [&](std::string_view first) { return models::compare_versions(version, first) >= 0; };
  const BatchDefaults batch = batch_defaults(accelerator);
  EngineSettings settings;
  settings.version = version;
  settings.max_num_batched_tokens = batch.tokens;
  settings.max_num_seqs = batch.sequences;
  settings.max_model_len = model.max_context_tokens;
  settings.block_size_tokens = default_block_size(accelerator, model, model.max_context_tokens);
  settings.async_scheduling = since(kFirstAsyncVersion);
  settings.reserve_full_sequence = since(kFirstReserveFullVersion);
  settings.unhashed_blocks_first = since(kFirstUnhashedFirstVersion);
  settings.gpu_memory_utilization = since(kFirstUtilization92Version) ? 0.92 : 0.90;
  return settings;
}

}  // namespace kvsim::sim
