// SPDX-License-Identifier: Apache-2.0
#include "base/latency_limit.h"

#include <fmt/format.h>

#include "base/text.h"

namespace kvsim {

namespace {

constexpr double kLeastWithUnit = 10;

bool must_have_unit(std::string_view metric, double limit_seconds) {
  return metric != "e2e" && limit_seconds >= kLeastWithUnit;
}

}  // namespace

std::optional<double> read_latency_limit_seconds(Fields& fields, std::string_view key,
                                                 std::string_view metric) {
  const Node* node = fields.raw(key);
  const auto bare = node != nullptr && node->is_scalar() ? parse_double(node->scalar) : std::nullopt;
  if (bare && must_have_unit(metric, *bare))
    fields.problem(key, fmt::format("found {} without a unit, which would be seconds", node->scalar),
                   fmt::format("write {0}ms or {0}s", node->scalar));
  return fields.maybe_duration_seconds(key);
}

std::string_view latency_limit_unit(std::string_view metric, double limit_seconds) {
  return must_have_unit(metric, limit_seconds) ? "s" : "";
}

}  // namespace kvsim
