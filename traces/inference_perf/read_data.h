// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/fields.h"
#include "traces/inference_perf/config.h"

namespace kvsim::traces::inference_perf {

// The `data` section. Trace files are found from `folder`.
Data read_data(Fields& root, const std::string& folder, Notes& notes);

}  // namespace kvsim::traces::inference_perf
