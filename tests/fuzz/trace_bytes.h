// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/errors.h"
#include "traces/readers/readers.h"
#include "traces/transforms.h"
#include "traces/turn_source.h"

namespace kvsim::traces {

// Reads the bytes through every stage that a trace file goes through.
inline void read_bytes(const std::uint8_t* data, std::size_t size, const TraceOptions& options) {
  try {
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    LineReader lines(bytes_in_memory(bytes, "fuzz"), "fuzz");
    TurnSource source(transformed(read_records(std::move(lines), options), options), options);
    for (int i = 0; i < 2000 && source.next_arrival(); ++i) {
      const Request request = source.take();
      const Outcome outcome = i % 7 == 3 ? Outcome::kTimedOut : Outcome::kCompleted;
      source.finished({request.id, request.arrival, outcome});
    }
    source.exhausted();
  } catch (const InputError&) {
  }
}

}  // namespace kvsim::traces
