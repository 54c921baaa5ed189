// SPDX-License-Identifier: Apache-2.0
// TCP connections of a client that keeps them open for a while: a request takes the one that came free last,
// or a new one. A balancer that picks a server by connection sees these.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "base/time.h"

namespace kvsim::traces::inference_perf {

class Connections {
 public:
  // How long the server holds an idle connection open; vLLM's front end, uvicorn, closes after 5 s.
  static constexpr Nanoseconds kKeepAlive = 5 * kNanosecondsPerSecond;

  std::uint64_t open(std::uint64_t request, Nanoseconds now);  // from 1
  void close(std::uint64_t request, Nanoseconds now, bool reusable);

 private:
  struct Idle {
    std::uint64_t connection;
    Nanoseconds since;
  };
  std::uint64_t last_ = 0;
  std::vector<Idle> idle_;  // by `since`
  std::unordered_map<std::uint64_t, std::uint64_t> of_request_;
};

}  // namespace kvsim::traces::inference_perf
