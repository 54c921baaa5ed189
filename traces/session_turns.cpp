// SPDX-License-Identifier: Apache-2.0
#include "traces/session_turns.h"

namespace kvsim::traces {

Request SessionTurns::take() {
  Request request = workload_->take();
  if (request.session == 0) return request;
  const auto [last, first] = last_.try_emplace(request.session);
  if (!first) {
    request.after = last->second.id;
    request.think = request.arrival - last->second.arrival;
  }
  last->second = {request.id, request.arrival};
  return request;
}

}  // namespace kvsim::traces
