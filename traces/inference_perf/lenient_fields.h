// SPDX-License-Identifier: Apache-2.0
// Reading of foreign maps: what is not modelled is noted, never refused.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/fields.h"
#include "traces/inference_perf/config.h"

namespace kvsim::traces::inference_perf {

// Marks `keys` as read and notes those that are there, with `reason`.
void pass_over(Fields& fields, const std::vector<std::string>& keys, const std::string& reason, Notes& notes);
// Notes every key that nobody read.
void note_unknown(const Fields& fields, Notes& notes);

// `{type, min 10, max 1024, mean 512, std_dev 200 | variance, skew, total_count}` or a bare whole number.
// Values lie in [lowest, 10,000,000].
Lengths read_lengths(Fields& parent, std::string_view key, const Lengths& fallback, Notes& notes,
                     double lowest = 1);

}  // namespace kvsim::traces::inference_perf
