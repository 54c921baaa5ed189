// SPDX-License-Identifier: Apache-2.0
// Whatever describes requests, by path: a workload YAML, an inference-perf configuration, or a trace file.
#pragma once

#include <memory>
#include <string>

#include "traces/open_trace.h"
#include "traces/source.h"

namespace kvsim::traces {

// `options.seed` drives generators too. InputError where the input is neither, where options that only a
// trace has (format, block size, window, ...) are set for a workload, or overrides for a trace.
std::unique_ptr<Source> open_source(const std::string& path, const TraceOptions& options);

// Of the file's content and whatever else, apart from the seed, decides which requests it gives: options,
// overrides, the `#name`. Files that a workload names are not looked into.
std::string source_digest(const std::string& path, const TraceOptions& options);
// The same where the content is known: many ways of reading a long file look into it once.
std::string source_digest(const std::string& path, const TraceOptions& options, std::uint64_t content);
std::uint64_t content_digest(const std::string& path);  // of the file alone

}  // namespace kvsim::traces
