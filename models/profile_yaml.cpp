// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>
#include <iterator>

#include "models/profile.h"

namespace kvsim::models {
namespace {

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return result + "\"";
}

void write_range(std::string& out, std::string_view key, const FittedRange& range) {
  if (std::isfinite(range.high)) out += fmt::format("  {}: [{}, {}]\n", key, range.low, range.high);
}

std::string fitted_yaml(const FittedRanges& fitted) {
  std::string ranges;
  write_range(ranges, "step_tokens", fitted.step_tokens);
  write_range(ranges, "decode_sequences", fitted.decode_sequences);
  write_range(ranges, "context_tokens", fitted.context_tokens);
  return ranges.empty() ? "" : "fitted:\n" + ranges;
}

std::string scope_yaml(const PerformanceProfile& profile) {
  std::string accelerators;
  for (const std::string& name : profile.accelerators) {
    accelerators += (accelerators.empty() ? "" : ", ") + quoted(name);
  }
  std::string out =
      fmt::format("name: {}\nkind: {}\naccelerators: [{}]\nmeasured_on: {}\n", quoted(profile.name),
                  profile.prior ? "prior" : "measured", accelerators, quoted(profile.measured_on));
  out += fmt::format("engine: {{from: {}, to: {}}}\nmodel: {}\n", quoted(profile.engine_from),
                     quoted(profile.engine_to), quoted(profile.model));
  if (profile.tp) out += fmt::format("tp: {}\n", *profile.tp);
  if (const auto& t = profile.types) {
    out += fmt::format(
        "types: {{weights: {}, expert_weights: {}, embeddings: {}, matmul: {}, attention: {}, kv: {}}}\n",
        kvsim::name(t->weights), kvsim::name(t->expert_weights), kvsim::name(t->embeddings),
        kvsim::name(t->matmul), kvsim::name(t->attention), kvsim::name(t->kv));
  }
  if (profile.num_gpu_blocks) out += fmt::format("num_gpu_blocks: {}\n", *profile.num_gpu_blocks);
  return out;
}

std::string errors_yaml(const std::vector<FitError>& errors) {
  std::string out = errors.empty() ? "" : "errors:\n";
  for (const FitError& e : errors) {
    out += fmt::format(
        "  - {{metric: {}, held_out: {}, figures: {}, median_error: {}, median_absolute_error: {}}}\n",
        quoted(e.metric), quoted(e.held_out), e.figures, e.median_error, e.median_absolute_error);
  }
  return out;
}

std::string draws_yaml(const PerformanceProfile& profile) {
  std::string out = profile.draws.empty() ? "" : "draws:\n";
  for (const auto& draw : profile.draws) {
    std::string values;
    for (const auto& [name, value] : draw) {
      values += fmt::format("{}{}: {}", values.empty() ? "" : ", ", name, value);
    }
    out += "  - {" + values + "}\n";
  }
  return out;
}

}  // namespace

std::string profile_to_yaml(const PerformanceProfile& profile) {
  std::string out =
      scope_yaml(profile) + fitted_yaml(profile.fitted) + errors_yaml(profile.errors) + "coefficients:\n";
  for (const auto& [name, c] : profile.coefficients) {
    out += fmt::format("  {}: {{value: {}, low: {}, high: {}, source: {}, date: {}}}\n", name, c.value, c.low,
                       c.high, quoted(c.source), quoted(c.date));
  }
  return out + draws_yaml(profile);
}

}  // namespace kvsim::models
