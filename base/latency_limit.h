// SPDX-License-Identifier: Apache-2.0
// A limit of the time to a token, as people state it.
#pragma once

#include <optional>
#include <string_view>

#include "base/fields.h"

namespace kvsim {

// The limit of `metric` under `key`: a duration, as Fields::maybe_duration_seconds reads it. But for e2e, a
// bare number of 10 or more is a problem: it would be seconds, and who writes `tpot: 50` means milliseconds.
std::optional<double> read_latency_limit_seconds(Fields& fields, std::string_view key,
                                                 std::string_view metric);

// What writers put behind the seconds of a limit, so that it reads back: "s" where it must have a unit, else
// nothing.
std::string_view latency_limit_unit(std::string_view metric, double limit_seconds);

}  // namespace kvsim
