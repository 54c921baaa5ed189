// SPDX-License-Identifier: Apache-2.0
// Options that say how to read a trace, the same in every command that reads one.
#pragma once

#include "traces/open_trace.h"

namespace CLI {
class App;
}

namespace kvsim::cli {

// `options` outlives `app`.
void add_trace_options(CLI::App& app, traces::TraceOptions& options);

}  // namespace kvsim::cli
