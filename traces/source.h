// SPDX-License-Identifier: Apache-2.0
// Where requests come from. A source is pulled in order of arrival and told every outcome; a closed loop
// (sessions, concurrency limits, stages that drain) makes new requests out of outcomes. Sources stream:
// memory grows with what is in flight, not with the file.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "traces/request.h"

namespace kvsim::traces {

// One stage of a staged workload, for per-stage reports.
struct Stage {
  std::int32_t index = 0;
  double requested_rate = 0;    // requests per second; 0 where the stage is by concurrency
  double duration_seconds = 0;  // 0 where the stage is by count
  std::uint64_t num_requests = 0;
  std::uint32_t concurrency = 0;  // 0: open loop
  bool warmup = false;
};

class Source {
 public:
  virtual ~Source() = default;

  // Arrival time of the next request as far as known now; nothing when there is none yet (waiting for
  // outcomes) or ever. An outcome may make it earlier, never earlier than the outcome's own time.
  virtual std::optional<Nanoseconds> next_arrival() = 0;

  // Takes the request of next_arrival(), which must have a value. Arrivals never decrease.
  virtual Request take() = 0;

  // Told once for each request taken.
  virtual void finished(const Finished&) {}

  // True once next_arrival() stays empty whatever happens to requests in flight.
  virtual bool exhausted() = 0;

  virtual const Names& names() const = 0;
  virtual std::vector<Stage> stages() const { return {}; }
  virtual std::string description() const = 0;             // one line for reports
  virtual std::optional<double> progress() { return {}; }  // share of the input read, in [0, 1], where known
  // What of the input is not modelled and why: (what, reason). For the `validity` list of a result.
  virtual std::vector<std::pair<std::string, std::string>> notes() const { return {}; }
};

}  // namespace kvsim::traces
