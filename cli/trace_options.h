// SPDX-License-Identifier: Apache-2.0
// Options that say how to read a trace, the same in every command that reads one.
#pragma once

#include <string>

#include "traces/open_trace.h"

namespace CLI {
class App;
}

namespace kvsim::cli {

// `options` outlives `app`.
void add_trace_options(CLI::App& app, traces::TraceOptions& options);

// For CLI11's transform(): "600", "10m" and "1h30m" become seconds. CLI::ValidationError for anything else.
std::string seconds_of(const std::string& text);

// For CLI11's check(), which reads -1 as 2^64 - 1: what is wrong with `text`, or nothing.
std::string whole_number(const std::string& text);

}  // namespace kvsim::cli
