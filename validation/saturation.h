// SPDX-License-Identifier: Apache-2.0
// Whether a load stage asked for more than the pool could carry, from what was measured of it alone.
//
// A stage of N requests is sent over D seconds and has a wall time W = N / (requests/s, drain included). Of
// W, one service time S passes before the first answers are complete, so answers leave over W - S: S is the
// time from first to last token, (output tokens - 1) x mean TPOT, in which nobody waits in a queue. Where the
// pool keeps up, answers leave as fast as requests come: stretch = (W - S) / D is about 1, however short the
// stage and however long its drain. A stage is saturated where it is over kSaturatedStretch: answers leave at
// under 80 % of the offered rate. (10 % would lie within the noise of W, which the difference amplifies.)
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "validation/offered_load.h"

namespace kvsim::validation {

constexpr double kSaturatedStretch = 1.25;

// Value of a metric and statistic (empty: of one value) of the stage, where it is known.
using StageValue =
    std::function<std::optional<double>(const std::string& metric, const std::string& statistic)>;

// Nothing where throughput (in requests or output tokens) or decode time (TPOT, or E2E and TTFT) is unknown.
std::optional<double> stretch_of_stage(const OfferedLoad& load, const StageValue& value);
std::optional<bool> is_saturated(const OfferedLoad& load, const StageValue& value);

}  // namespace kvsim::validation
