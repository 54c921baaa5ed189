// SPDX-License-Identifier: Apache-2.0
// Whatever describes requests, by path: a workload YAML, an inference-perf configuration, or a trace file.
#pragma once

#include <memory>
#include <string>

#include "traces/open_trace.h"
#include "traces/source.h"

namespace kvsim::traces {

// `options.seed` drives generators too. InputError where the input is neither, or where options that only a
// trace has (format, block size, window, ...) are set for a workload.
std::unique_ptr<Source> open_source(const std::string& path, const TraceOptions& options);

}  // namespace kvsim::traces
