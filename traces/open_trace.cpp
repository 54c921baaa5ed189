// SPDX-License-Identifier: Apache-2.0
#include "traces/open_trace.h"

#include "traces/readers/readers.h"
#include "traces/transforms.h"
#include "traces/turn_source.h"

namespace kvsim::traces {

std::unique_ptr<TraceSource> open_trace(const std::string& path, const TraceOptions& options) {
  LineReader lines(open_bytes(path), path);
  return std::make_unique<TurnSource>(transformed(read_records(std::move(lines), options), options), options);
}

}  // namespace kvsim::traces
