// SPDX-License-Identifier: Apache-2.0
#include "validation/serving_points/point_setup.h"

#include <array>
#include <optional>

#include "base/text.h"

namespace kvsim::validation {
namespace {

struct SameShape {
  const char* published;
  const char* card;
};
// Names that are no alias of the card, since they are other weights or loose spellings: of the same shape.
constexpr std::array<SameShape, 16> kSameShapes{{{"meta-llama/Meta-Llama-3-8B", "Llama-3.1-8B"},
                                                 {"meta-llama/Meta-Llama-3-70B", "Llama-3.1-70B"},
                                                 {"Llama 3.1 (8B)", "Llama-3.1-8B"},
                                                 {"Llama 3.1 (70B)", "Llama-3.1-70B"},
                                                 {"Llama 3 (70B)", "Llama-3.1-70B"},
                                                 {"Llama 3 (405B)", "Llama-3.1-405B"},
                                                 {"llama3.1-8b", "Llama-3.1-8B"},
                                                 {"llama3.1-8b-edge", "Llama-3.1-8B"},
                                                 {"llama3.1-405b", "Llama-3.1-405B"},
                                                 {"Llama-3.3-70B", "Llama-3.1-70B"},
                                                 {"amd/Llama-3.1-70B-Instruct-FP8-KV", "Llama-3.1-70B"},
                                                 {"amd/Llama-3.1-405B-Instruct-FP8-KV", "Llama-3.1-405B"},
                                                 {"Qwen/Qwen2-7B", "Qwen2.5-7B"},
                                                 {"deepseek-ai/DeepSeek-R1-0528", "DeepSeek-V3"},
                                                 {"DeepSeek-R1-0528", "DeepSeek-V3"},
                                                 {"deepseek-r1", "DeepSeek-V3"}}};

const models::ModelCard* find_card(const models::ModelLibrary& library, const std::string& published) {
  for (const SameShape& same : kSameShapes)
    if (lower(published) == lower(same.published)) return library.find(same.card);
  return library.find(published);
}

bool mentions(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

models::Types uniform(NumberType storage, NumberType arithmetic) {
  models::Types types;
  types.weights = types.expert_weights = storage;
  types.matmul = arithmetic;
  return types;
}

// Nothing: not stated, or one that kvsim does not know. Where a command line gives the ranks but no type, the
// model ran as published. A model published in 4 bits runs in no others.
std::optional<models::Types> types_of(const ServingPoint& point, const models::ModelCard& card,
                                      const Accelerator& accelerator) {
  const std::string type = lower(point.dtype);
  const bool four_bits = type == "fp4" || type == "mxfp4";
  const bool as_published = type.empty() && point.tp;
  if (as_published || (four_bits && card.expert_weight_type == NumberType::kMxfp4))
    return models::published_types(card);
  if (card.expert_weight_type == NumberType::kMxfp4) return {};
  if (type == "bf16" || type == "fp16" || type == "fp16/bf16")
    return uniform(NumberType::kBf16, NumberType::kBf16);
  if (type == "fp8") return uniform(NumberType::kFp8, NumberType::kFp8);
  if (type == "int8" || type == "w8a8") return uniform(NumberType::kInt8, NumberType::kInt8);
  if (type == "int4" || type == "awq/int4") return uniform(NumberType::kInt4, NumberType::kBf16);
  if (!four_bits) return {};
  const bool nvfp4 = type == "fp4" && accelerator.vendor == "NVIDIA";
  const NumberType blocks = nvfp4 ? NumberType::kNvfp4 : NumberType::kMxfp4;
  return uniform(blocks, blocks);
}

// Parts of command lines in the notes, which may be cut short.
const char* what_is_not_modelled(const std::string& notes) {
  if (mentions(notes, " --sp")) return "speculative decoding";
  if (mentions(notes, " --dp") || mentions(notes, "-dp ") || mentions(notes, " --enable-dp"))
    return "data parallel";
  if (mentions(notes, " --ep")) return "expert parallel";
  if (mentions(notes, "output-or-total")) return "output or all tokens, not told";
  return nullptr;
}

std::optional<double> positive(const std::optional<double>& value) {
  return value && *value > 0 ? value : std::nullopt;
}

std::optional<PointKind> kind_of(const ServingPoint& point) {
  const std::string scenario = lower(point.scenario);
  if (scenario.starts_with("low latency (first-token")) return PointKind::kFirstToken;
  if (scenario.starts_with("static batch")) return PointKind::kStaticBatch;
  if (scenario.starts_with("closed loop") || mentions(scenario, "all requests at once"))
    return PointKind::kSteady;
  if (scenario.starts_with("offline")) return PointKind::kOffline;
  return {};
}

std::optional<double> static_batch_seconds(const ServingPoint& point) {
  if (const auto seconds = positive(point.e2e_seconds)) return seconds;
  const auto rate = positive(point.output_tokens_per_second);
  return rate ? std::optional(*point.batch * *point.output_tokens / *rate) : std::nullopt;
}

// Sets the batch and the measured seconds of a kind; false: the row lacks what they come from.
bool take_load(const ServingPoint& point, PointSetup& setup) {
  std::optional<double> batch = positive(point.batch), seconds;
  const auto rate = positive(point.output_tokens_per_second);
  const auto tpot = positive(point.tpot_seconds);
  if (setup.kind == PointKind::kFirstToken) seconds = positive(point.ttft_seconds);
  if (setup.kind == PointKind::kStaticBatch && batch) seconds = static_batch_seconds(point);
  if (setup.kind == PointKind::kSteady) {
    seconds = tpot;
    batch = rate && tpot ? std::optional(*rate * *tpot) : std::nullopt;
  }
  if (setup.kind == PointKind::kOffline) {
    seconds = rate ? std::optional(1 / *rate) : std::nullopt;
    batch = 0;
  }
  setup.batch = batch.value_or(0);
  setup.measured_seconds = seconds.value_or(0);
  return batch && seconds;
}

// Nothing: the accelerators are not all ranks of one replica, or it is not told.
std::optional<std::uint32_t> ranks_of(const ServingPoint& point) {
  const auto tp = point.tp || point.accelerators != 1.0 ? point.tp : point.accelerators;
  if (!positive(tp) || tp != point.accelerators) return {};
  return static_cast<std::uint32_t>(*tp);
}

std::string ranks_in_words(const ServingPoint& point) {
  const std::string tp = point.tp ? "TP " + std::to_string(static_cast<int>(*point.tp)) : "TP not stated";
  return point.tp ? tp + " on another number of accelerators" : tp;
}

}  // namespace

const char* name(PointKind kind) {
  constexpr std::array<const char*, 4> kNames{"static batch", "first token", "steady", "offline"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::variant<PointSetup, Unusable> set_up(const ServingPoint& point, const Catalog& catalog,
                                          const models::ModelLibrary& library) {
  PointSetup setup;
  setup.accelerator = catalog.find(point.accelerator);
  if (setup.accelerator == nullptr) return Unusable{"accelerator not in the catalog", point.accelerator};
  setup.card = find_card(library, point.model);
  if (setup.card == nullptr) return Unusable{"no model card", point.model};
  if (point.quality.starts_with("errors=")) return Unusable{"requests failed", point.source};
  if (const char* what = what_is_not_modelled(point.notes)) return Unusable{"not modelled or in doubt", what};
  const auto types = types_of(point, *setup.card, *setup.accelerator);
  if (!types)
    return Unusable{"precision not stated or not known", point.dtype.empty() ? "not stated" : point.dtype};
  const auto ranks = ranks_of(point);
  if (!ranks) return Unusable{"not one replica of known tensor-parallel size", ranks_in_words(point)};
  const auto kind = kind_of(point);
  if (!kind) return Unusable{"load without batch or concurrency", point.scenario};
  const auto input = positive(point.input_tokens), output = positive(point.output_tokens);
  setup.kind = *kind;
  if (!input || !output || !take_load(point, setup))
    return Unusable{"lengths, batch or measurement missing", point.scenario};
  setup.types = *types;
  if (point.model.ends_with("FP8-KV")) setup.types.kv = NumberType::kFp8;
  setup.tp = *ranks;
  setup.input_tokens = *input;
  setup.output_tokens = *output;
  setup.engine = engine_family(point.engine);
  setup.hides_planning = setup.engine != "vLLM" || mentions(point.notes, "--async-scheduling");
  return setup;
}

}  // namespace kvsim::validation
