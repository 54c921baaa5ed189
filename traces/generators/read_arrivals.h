// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/fields.h"
#include "traces/generators/arrivals.h"

namespace kvsim::traces {

// The map under `key`; docs/workloads.md lists its keys by process.
ArrivalSettings read_arrivals(Fields& parent, std::string_view key);

}  // namespace kvsim::traces
