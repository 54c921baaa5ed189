// SPDX-License-Identifier: Apache-2.0
#include "traces/open_trace.h"

#include "base/errors.h"
#include "traces/readers/hash_blocks.h"
#include "traces/readers/readers.h"
#include "traces/transforms.h"
#include "traces/turn_source.h"

namespace kvsim::traces {
namespace {

constexpr double kMostSeconds = 1e9;

bool valid_time(double seconds) { return seconds >= 0 && seconds <= kMostSeconds; }

void check(const TraceOptions& options) {
  if (!(options.rate_scale >= 1e-6 && options.rate_scale <= 1e6)) {
    throw UsageError("rate scale: give a number from 0.000001 to 1000000");
  }
  if (options.block_tokens > kMostBlockTokens) {
    throw UsageError("block size: give a whole number of tokens from 1 to " +
                     std::to_string(kMostBlockTokens));
  }
  for (const double seconds : {options.start_seconds, options.duration_seconds, options.spread_tick_seconds,
                               options.timeout_seconds}) {
    if (!valid_time(seconds)) throw UsageError("times of a trace: give seconds from 0 to 1000000000");
  }
}

}  // namespace

std::unique_ptr<TraceSource> open_trace(const std::string& path, const TraceOptions& options) {
  check(options);
  LineReader lines(open_bytes(path), path);
  return std::make_unique<TurnSource>(transformed(read_records(std::move(lines), options), options), options);
}

}  // namespace kvsim::traces
