// SPDX-License-Identifier: Apache-2.0
#include "traces/inference_perf/lenient_fields.h"

#include <algorithm>
#include <cmath>

namespace kvsim::traces::inference_perf {

namespace {

constexpr double kHighest = 10'000'000;
constexpr std::int64_t kMaxDrawn = 20'000'000;
const std::vector<std::string> kTypes = {"normal", "skew_normal", "lognormal", "uniform", "poisson", "fixed"};

std::string full_path(const Fields& fields, const std::string& key) {
  return "inference-perf: " + (fields.path().empty() ? key : fields.path() + "." + key);
}

Shape shape_of(const std::string& type) {
  if (type == "skew_normal") return Shape::kSkewNormal;
  if (type == "lognormal") return Shape::kLognormal;
  if (type == "uniform") return Shape::kUniform;
  if (type == "poisson") return Shape::kPoisson;
  return type == "fixed" ? Shape::kFixed : Shape::kNormal;
}

double read_deviation(Fields& fields) {
  const std::optional<double> variance = fields.maybe_number("variance", {0, kHighest * kHighest});
  const std::optional<double> deviation = fields.maybe_number("std_dev", {0, kHighest});
  if (deviation) return *deviation;
  return variance ? std::sqrt(*variance) : 200;
}

Lengths read_map(Fields& fields, Notes& notes, double lowest) {
  DistributionParameters parameters;
  parameters.shape = shape_of(fields.choice("type", kTypes, "normal"));
  const bool positive = parameters.shape == Shape::kLognormal;
  parameters.mean = fields.number("mean", {positive ? 1e-3 : 0, kHighest}, 512.0);
  parameters.deviation = read_deviation(fields);
  parameters.skew = fields.number("skew", {-1000, 1000}, 0.0);
  parameters.low = std::max(lowest, fields.number("min", {0, kHighest}, 10.0));
  parameters.high = std::max(lowest, fields.number("max", {0, kHighest}, 1024.0));
  if (parameters.low > parameters.high) {
    fields.problem("min", "above max", "give a min of at most max");
    parameters.high = parameters.low;
  }
  const auto drawn = fields.maybe_integer("total_count", {1, kMaxDrawn});
  note_unknown(fields, notes);
  return {Distribution(parameters), static_cast<std::uint64_t>(drawn.value_or(0))};
}

}  // namespace

void pass_over(Fields& fields, const std::vector<std::string>& keys, const std::string& reason,
               Notes& notes) {
  for (const std::string& key : keys) {
    if (fields.raw(key) != nullptr) notes.emplace_back(full_path(fields, key), reason);
  }
}

void note_unknown(const Fields& fields, Notes& notes) {
  for (const std::string& key : fields.unread_keys()) {
    notes.emplace_back(full_path(fields, key), "unknown key, passed over");
  }
}

Lengths read_lengths(Fields& parent, std::string_view key, const Lengths& fallback, Notes& notes,
                     double lowest) {
  const Node* node = parent.raw(key);
  if (node == nullptr || node->is_null()) return fallback;
  if (node->is_map()) {
    Fields fields = parent.map(key);
    return read_map(fields, notes, lowest);
  }
  return {Distribution(parent.number(key, {lowest, kHighest})), 0};
}

}  // namespace kvsim::traces::inference_perf
