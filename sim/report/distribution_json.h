// SPDX-License-Identifier: Apache-2.0
// A distribution as a member of a JSON object.
#pragma once

#include "base/json_writer.h"
#include "sim/metrics/quantiles.h"

namespace kvsim::sim {

inline void add_distribution(JsonWriter& json, const char* name, const Distribution& values) {
  json.key(name).begin_object();
  json.member("mean", values.mean).member("p50", values.p50).member("p90", values.p90);
  json.member("p95", values.p95).member("p99", values.p99).member("max", values.max);
  json.end_object();
}

}  // namespace kvsim::sim
