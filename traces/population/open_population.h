// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/document.h"
#include "traces/source.h"

namespace kvsim::traces {

// The requests of a population's window. `chosen_case` (low, mid, high) overrides the file's where not empty;
// `rate_scale` is a factor on arrivals.
std::unique_ptr<Source> open_population(const Document& document, const std::string& chosen_case,
                                        std::uint64_t seed, double rate_scale = 1);

}  // namespace kvsim::traces
