// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/document.h"
#include "traces/source.h"

namespace kvsim::traces {

// The inference-perf configuration in `document`: at its root, under `workload.<name>:` or under
// `workload: {<name>: ...}`. `name` picks one of several; empty where there is but one. Files that it names
// are found from `folder`. InputError with every problem.
std::unique_ptr<Source> open_inference_perf(const Document& document, const std::string& name,
                                            const std::string& folder, std::uint64_t seed);

}  // namespace kvsim::traces
