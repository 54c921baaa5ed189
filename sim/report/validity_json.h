// SPDX-License-Identifier: Apache-2.0
// The parts of summary.json that say what its figures rest on.
#pragma once

#include "base/json_writer.h"
#include "sim/metrics/summary.h"

namespace kvsim::sim {

void add_fit_error(JsonWriter& json, const models::FitError& error);     // one object
void add_step_time(JsonWriter& json, const PoolSummary& pool);           // the member `step_time`
void add_uncertainty(JsonWriter& json, const Uncertainty& uncertainty);  // the member `uncertainty`

}  // namespace kvsim::sim
