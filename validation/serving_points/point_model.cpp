// SPDX-License-Identifier: Apache-2.0
#include "validation/serving_points/point_model.h"

#include <array>

#include "base/text.h"

namespace kvsim::validation {
namespace {

struct SameShape {
  const char* published;
  const char* card;
};
// Names that are no alias of the card, since they are other weights or loose spellings: of the same shape.
constexpr std::array<SameShape, 17> kSameShapes{{{"meta-llama/Meta-Llama-3-8B", "Llama-3.1-8B"},
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
                                                 {"llama2-70b", "Llama-2-70B"},
                                                 {"Qwen/Qwen2-7B", "Qwen2.5-7B"},
                                                 {"deepseek-ai/DeepSeek-R1-0528", "DeepSeek-V3"},
                                                 {"DeepSeek-R1-0528", "DeepSeek-V3"},
                                                 {"deepseek-r1", "DeepSeek-V3"}}};

models::Types uniform(NumberType storage, NumberType arithmetic) {
  models::Types types;
  types.weights = types.expert_weights = storage;
  types.matmul = arithmetic;
  return types;
}

// As the row says, but for the KV cache.
std::optional<models::Types> stated_types(const ServingPoint& point, const models::ModelCard& card,
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

}  // namespace

const models::ModelCard* find_card(const models::ModelLibrary& library, const std::string& published) {
  for (const SameShape& same : kSameShapes)
    if (lower(published) == lower(same.published)) return library.find(same.card);
  return library.find(published);
}

std::optional<models::Types> types_of(const ServingPoint& point, const models::ModelCard& card,
                                      const Accelerator& accelerator) {
  std::optional<models::Types> types = stated_types(point, card, accelerator);
  if (types && point.model.ends_with("FP8-KV")) types->kv = NumberType::kFp8;
  return types;
}

}  // namespace kvsim::validation
