// SPDX-License-Identifier: Apache-2.0
// Changes to a stream of records, one wrapper each. They act on arrivals of their own; later turns go where
// the record that they follow goes.
#pragma once

#include <cstdint>
#include <memory>

#include "traces/readers/record.h"

namespace kvsim::traces {

using Records = std::unique_ptr<RecordReader>;

// In order of arrival, records of one moment in the order of the file; a session's later turns stand right
// behind the moment of its first. Reads everything into memory. A trace that then starts before 0 is moved to
// start at 0.
Records sorted(Records records);

// Arrivals that share a stamp are spread over the `tick_seconds` behind it (over less where the next stamp is
// nearer), evenly or at places drawn with `seed`. At most 1,000,000 records may share a stamp.
Records spread(Records records, double tick_seconds, bool uniformly, std::uint64_t seed);

// Only arrivals in [start, start + duration), which is [0, duration) from then on; no end where duration is
// 0.
Records window(Records records, double start_seconds, double duration_seconds);

// Time runs `rate` times as fast.
Records scaled(Records records, double rate);

// The first `count` records.
Records limited(Records records, std::uint64_t count);

// All that the options ask for, in this order: sort, spread, window, scale, limit.
Records transformed(Records records, const TraceOptions& options);

}  // namespace kvsim::traces
