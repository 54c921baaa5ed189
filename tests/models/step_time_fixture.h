// SPDX-License-Identifier: Apache-2.0
// A model and an accelerator small enough to work out by hand, and profiles without any loss.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "base/random.h"
#include "models/profile.h"
#include "models/step_time_factory.h"

namespace kvsim::models {

inline Accelerator toy_accelerator(double flops, double bandwidth) {
  Accelerator a;
  a.name = "Toy";
  a.vendor = "None";
  a.memory_bandwidth_bytes_per_second.value = bandwidth;
  a.interconnect_bytes_per_second.value = bandwidth;
  a.host_link_bytes_per_second.value = bandwidth;
  a.interconnect_domain = 8;
  a.arithmetic[NumberType::kBf16].support = Support::kNative;
  a.arithmetic[NumberType::kBf16].flops_per_second.value = flops;
  a.arithmetic[NumberType::kFp8].support = Support::kNative;
  a.arithmetic[NumberType::kFp8].flops_per_second.value = 2 * flops;
  a.arithmetic[NumberType::kInt4].support = Support::kEmulated;
  return a;
}

inline ModelCard toy_card() {
  ModelCard card;
  card.name = "Toy";
  card.layers = 2;
  card.hidden = 8;
  card.heads = 2;
  card.kv_heads = 1;
  card.head_dim = 4;
  card.intermediate = 16;
  card.vocabulary = 32;
  card.max_context_tokens = 100000;
  return card;
}

// Every share and count is 1 and every overhead 0, so that what is left is the roofline; `changed` replaces
// some of them.
inline ProfileLibrary lossless(const std::vector<std::pair<std::string, double>>& changed = {}) {
  PerformanceProfile prior;
  prior.name = "lossless";
  prior.prior = true;
  prior.accelerators = {"*"};
  for (const CoefficientRow& row : coefficient_table()) {
    const std::vector<std::string> suffixes = {"", ".bf16", ".tp8"};
    const bool is_one = row.unit == CoefficientUnit::kShare || row.unit == CoefficientUnit::kCount;
    const double value = is_one ? 1 : 0;
    prior.coefficients[std::string(row.name) + suffixes[static_cast<std::size_t>(row.suffix)]] = {
        value, value, value, "test", "2026"};
  }
  for (const auto& [name, value] : changed)
    prior.coefficients.at(name) = {value, value, value, "test", "2026"};
  return ProfileLibrary({prior});
}

// Without the profiles that were measured.
inline ProfileLibrary priors_alone(const ProfileLibrary& library) {
  std::vector<PerformanceProfile> priors;
  for (const PerformanceProfile& profile : library.profiles())
    if (profile.prior) priors.push_back(profile);
  return ProfileLibrary(std::move(priors));
}

struct Chunk {
  std::uint64_t start = 0;
  std::uint64_t tokens = 0;
};

inline StepWork work_of(const std::vector<std::uint64_t>& decode_contexts,
                        const std::vector<Chunk>& chunks = {}) {
  StepWork work;
  for (const std::uint64_t context : decode_contexts) {
    ++work.decode_sequences;
    work.decode_context_tokens += static_cast<double>(context);
    work.longest_context_tokens = std::max(work.longest_context_tokens, static_cast<double>(context));
  }
  for (const Chunk& chunk : chunks) {
    const double c = static_cast<double>(chunk.tokens);
    const double s = static_cast<double>(chunk.start);
    work.prefill_tokens += chunk.tokens;
    ++work.prefill_sequences;
    work.prefill_attention_pairs += c * (s + (c + 1) / 2);
    work.prefill_context_tokens += s + c;
    work.longest_context_tokens = std::max(work.longest_context_tokens, s + c);
  }
  work.sampled_sequences = work.sequences();
  return work;
}

// The same batch of decodes, `steps` later.
inline StepWork later(StepWork work, std::uint64_t steps) {
  work.decode_context_tokens += static_cast<double>(steps * work.decode_sequences);
  work.longest_context_tokens += static_cast<double>(steps);
  return work;
}

inline StepWork random_work(RandomStream& random) {
  std::vector<std::uint64_t> contexts(random.below(300));
  for (auto& context : contexts) context = 1 + random.below(random.below(4) == 0 ? 100000 : 2000);
  std::vector<Chunk> chunks(random.below(3));
  for (Chunk& chunk : chunks) chunk = {random.below(2) * random.below(30000), 1 + random.below(8000)};
  if (contexts.empty() && chunks.empty()) contexts = {1};
  return work_of(contexts, chunks);
}

}  // namespace kvsim::models
