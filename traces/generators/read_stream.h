// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/fields.h"
#include "traces/generators/stream_settings.h"

namespace kvsim::traces {

// Reads the keys of one stream out of `fields`, leaving finish() to the caller. Files are found from
// `folder`.
StreamSettings read_stream(Fields& fields, const std::string& folder);

// Limits that streams and whole workloads share: `requests` and `duration`; `duration` stays kNever when
// absent.
void read_limits(Fields& fields, std::uint64_t& max_requests, Nanoseconds& duration);

}  // namespace kvsim::traces
