// SPDX-License-Identifier: Apache-2.0
// KV of a request's prompt that a prefill replica holds for it, as the engine that decodes sees it.
#pragma once

#include <cstdint>

#include "base/time.h"

namespace kvsim::sim {

using HoldId = std::uint32_t;  // the cluster's handle of pinned blocks

struct RemoteKv {
  enum class State : std::uint8_t {
    kOffered,  // to be pulled once its turn has come
    kPulling,
    kPulled,
    kLost,  // freed over there before it was pulled
  };
  std::uint32_t from = 0;  // replica
  HoldId hold = 0;
  State state = State::kOffered;
  std::uint32_t pulled_tokens = 0;
  Nanoseconds begun = 0;  // when its turn had come
  Nanoseconds wait = 0;   // from then on to its admission
};

}  // namespace kvsim::sim
