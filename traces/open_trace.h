// SPDX-License-Identifier: Apache-2.0
// Opens a trace file of any known format as a source of requests. The file is read line by line, so that
// memory stays the same however long it is; gzip and zstd are recognised by their first bytes. docs/traces.md
// describes every format.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/overrides.h"
#include "base/time.h"
#include "traces/sampled_source.h"
#include "traces/source.h"

namespace kvsim::traces {

struct TraceOptions {
  std::string format;              // one of trace_formats(); empty: recognised from the first line
  std::uint32_t block_tokens = 0;  // tokens that one hash id stands for; 0: recognised
  double rate_scale = 1;     // 2: the same requests in half the time; of a workload: twice the arrivals' rate
  Sample sample;             // of what the other options leave
  double start_seconds = 0;  // of the trace's own time; earlier arrivals are left out, this is time 0
  double duration_seconds = 0;     // arrivals later than this after the start are left out; 0: no end
  std::uint64_t max_requests = 0;  // 0: all
  double spread_tick_seconds = 0;  // arrivals with one stamp are spread over this long; 0: left as they are
  bool spread_uniformly = false;   // at places drawn with `seed`, instead of evenly
  bool sort = false;               // by arrival; reads the whole file into memory first
  std::uint32_t default_output_tokens = 0;  // where a record does not say; 0: such a record is an error
  double timeout_seconds = 0;               // of requests that name none; 0: never
  std::uint64_t seed = 1;
  std::map<std::string, std::string> model_names;  // the trace's name of a model -> the fleet's
  Overrides overrides;                             // of a workload YAML
};

// Records that were passed over on purpose, such as failed requests.
struct Skipped {
  std::string reason;
  std::uint64_t records = 0;
};

class TraceSource : public Source {
 public:
  virtual const std::string& format() const = 0;
  virtual std::uint32_t block_tokens() const = 0;    // 0: the format has no block ids
  virtual std::vector<Skipped> skipped() const = 0;  // so far
};

const std::vector<std::string>& trace_formats();

// InputError for a file that cannot be read, is of no known format, or holds no request; later faults are
// thrown by next_arrival(), take() or exhausted(), each with its line. A fault found is followed by up to 19
// more from the lines behind it.
std::unique_ptr<TraceSource> open_trace(const std::string& path, const TraceOptions& options = {});

}  // namespace kvsim::traces
