// SPDX-License-Identifier: Apache-2.0
#include "models/hugging_face_quantization.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace kvsim::models {
namespace {

constexpr IntegerRange kBits{1, 64};

std::optional<NumberType> integer_type(std::int64_t bits) {
  if (bits == 4) return NumberType::kInt4;
  if (bits == 8) return NumberType::kInt8;
  return std::nullopt;
}

// Four-bit floats with a scale for 16 values are nvfp4, for 32 values mxfp4.
std::optional<NumberType> float_type(std::int64_t bits, std::int64_t group_size) {
  if (bits == 8) return NumberType::kFp8;
  if (bits == 4 && group_size == 16) return NumberType::kNvfp4;
  if (bits == 4 && group_size == 32) return NumberType::kMxfp4;
  return std::nullopt;
}

std::optional<NumberType> weight_only_type(Fields& quantization) {
  const std::int64_t bits = quantization.integer("bits", kBits);
  const auto type = integer_type(bits);
  if (!type && quantization.has("bits")) {
    quantization.problem("bits", fmt::format("found {}", bits), "give 4 or 8");
  }
  return type;
}

std::optional<NumberType> group_type(Fields& weights) {
  const std::int64_t bits = weights.integer("num_bits", kBits);
  const std::int64_t group_size = weights.maybe_integer("group_size", {-1, 1 << 20}).value_or(-1);
  const bool is_float = weights.text("type", "int") == "float";
  const auto type = is_float ? float_type(bits, group_size) : integer_type(bits);
  if (!type && weights.has("num_bits")) {
    weights.problem("num_bits", fmt::format("found {} bits in groups of {}", bits, group_size),
                    "give int of 4 or 8 bits, float of 8 bits, or float of 4 bits in groups of 16 or 32");
  }
  return type;
}

std::optional<NumberType> compressed_type(Fields& quantization) {
  std::optional<NumberType> common;
  auto groups = quantization.named_maps("config_groups");
  if (groups.empty())
    quantization.problem("config_groups", "found no group", "give the groups of the checkpoint");
  for (auto& [key, group] : groups) {
    Fields weights = group.map("weights");
    const auto type = group_type(weights);
    if (common && type && *common != *type) {
      group.problem("weights", "found groups of different types", "write a model card of what comes nearest");
    }
    common = type;
  }
  return common;
}

std::optional<NumberType> modelopt_type(Fields& quantization) {
  const std::string algorithm = lower(quantization.choice("quant_algo", {"FP8", "NVFP4", "MXFP4"}));
  return parse_number_type(algorithm);
}

std::optional<NumberType> quantized_type(Fields& quantization) {
  const std::string method = quantization.choice(
      "quant_method", {"fp8", "fbgemm_fp8", "gptq", "awq", "compressed-tensors", "mxfp4", "modelopt"});
  if (method == "gptq" || method == "awq") return weight_only_type(quantization);
  if (method == "compressed-tensors") return compressed_type(quantization);
  if (method == "modelopt") return modelopt_type(quantization);
  return method == "mxfp4" ? NumberType::kMxfp4 : NumberType::kFp8;
}

// The method mxfp4 converts experts and nothing else, listed or not.
bool leaves_attention(Fields& quantization) {
  if (quantization.text("quant_method", "") == "mxfp4") return true;
  for (const std::string_view key :
       {"modules_to_not_convert", "ignore", "exclude_modules", "ignored_layers"}) {
    if (!quantization.has(key)) continue;
    const std::vector<std::string> modules = quantization.texts(key);
    const auto is_attention = [](const std::string& module) {
      return module.find("attn") != std::string::npos && module.find("norm") == std::string::npos;
    };
    if (std::any_of(modules.begin(), modules.end(), is_attention)) return true;
  }
  return false;
}

}  // namespace

WeightTypes read_quantization(Fields& config, NumberType unquantized, bool has_experts) {
  Fields quantization = config.map("quantization_config");
  if (!quantization.present()) return {unquantized, unquantized};
  const NumberType type = quantized_type(quantization).value_or(unquantized);
  if (!leaves_attention(quantization)) return {type, type};
  if (!has_experts) {
    quantization.problem("", "found attention left out of the quantisation of a dense model",
                         "write a model card with the type of most weights");
  }
  return {unquantized, type};
}

}  // namespace kvsim::models
