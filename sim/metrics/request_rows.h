// SPDX-License-Identifier: Apache-2.0
// What is kept of every request: 64 bytes. Rows stand in blocks, so that growing never copies what is there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/time.h"

namespace kvsim::sim {

struct RequestRow {
  Nanoseconds arrival = 0;
  Nanoseconds schedule_delay = 0;  // arrival - intended
  Nanoseconds ttft = kNever;       // kNever: no token was received
  Nanoseconds e2e = 0;             // to the last token, timeout or rejection
  Nanoseconds queue = 0;           // 0 where never scheduled
  Nanoseconds load_wait = 0;       // part of it that waited for loads; 0: nothing was loaded
  std::uint32_t input_tokens = 0;
  std::uint32_t output_tokens = 0;
  std::uint32_t key = 0;  // index into Recorder::tallies()
};

class RequestRows {
 public:
  void push_back(const RequestRow& row) {
    if (size_ % kBlock == 0) blocks_.emplace_back().reserve(kBlock);
    blocks_.back().push_back(row);
    ++size_;
  }
  std::size_t size() const { return size_; }
  const RequestRow& operator[](std::size_t i) const { return blocks_[i / kBlock][i % kBlock]; }

 private:
  static constexpr std::size_t kBlock = 4096;
  std::vector<std::vector<RequestRow>> blocks_;
  std::size_t size_ = 0;
};

}  // namespace kvsim::sim
