// SPDX-License-Identifier: Apache-2.0
#include "validation/saturation.h"

namespace kvsim::validation {
namespace {

std::optional<double> requests_per_second(const OfferedLoad& load, const StageValue& value) {
  if (const auto rate = value("requests_per_second", "")) return rate;
  const auto tokens = value("output_tokens_per_second", "");
  return tokens ? std::optional(*tokens / load.output_tokens) : std::nullopt;
}

std::optional<double> decode_seconds(const OfferedLoad& load, const StageValue& value) {
  if (const auto tpot = value("tpot_seconds", "mean")) return *tpot * (load.output_tokens - 1);
  const auto e2e = value("e2e_seconds", "mean");
  const auto ttft = value("ttft_seconds", "mean");
  return e2e && ttft ? std::optional(*e2e - *ttft) : std::nullopt;
}

}  // namespace

std::optional<double> stretch_of_stage(const OfferedLoad& load, const StageValue& value) {
  const std::optional<double> rate = requests_per_second(load, value);
  const std::optional<double> decode = decode_seconds(load, value);
  if (!rate || !decode || *rate <= 0) return {};
  const double wall = static_cast<double>(load.requests) / *rate;
  return (wall - *decode) / load.duration_seconds;
}

std::optional<bool> is_saturated(const OfferedLoad& load, const StageValue& value) {
  const std::optional<double> stretch = stretch_of_stage(load, value);
  return stretch ? std::optional(*stretch > kSaturatedStretch) : std::nullopt;
}

}  // namespace kvsim::validation
