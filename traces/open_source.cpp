// SPDX-License-Identifier: Apache-2.0
#include "traces/open_source.h"

#include "base/errors.h"
#include "traces/workload.h"

namespace kvsim::traces {

namespace {

std::string option_only_for_traces(const TraceOptions& options) {
  const TraceOptions plain;
  if (options.format != plain.format) return "format";
  if (options.block_tokens != plain.block_tokens) return "block size";
  if (options.rate_scale != plain.rate_scale) return "rate scale";
  if (options.start_seconds != plain.start_seconds) return "start";
  if (options.duration_seconds != plain.duration_seconds) return "duration";
  if (options.max_requests != plain.max_requests) return "request limit";
  if (options.spread_tick_seconds != plain.spread_tick_seconds) return "spreading of time stamps";
  if (options.sort != plain.sort) return "sorting";
  if (options.timeout_seconds != plain.timeout_seconds) return "timeout";
  return "";
}

}  // namespace

std::unique_ptr<Source> open_source(const std::string& path, const TraceOptions& options) {
  if (!is_workload_yaml(path)) return open_trace(path, options);
  if (const std::string option = option_only_for_traces(options); !option.empty())
    throw InputError({{{path},
                       "",
                       "the option '" + option + "' is for traces, and this is a workload",
                       "leave the option out and say it in the workload file"}});
  return open_workload(path, options.seed);
}

}  // namespace kvsim::traces
