// SPDX-License-Identifier: Apache-2.0
#include "traces/inference_perf/connections.h"

namespace kvsim::traces::inference_perf {

std::uint64_t Connections::open(std::uint64_t request, Nanoseconds now) {
  if (!idle_.empty() && now - idle_.back().since >= kKeepAlive) idle_.clear();  // the last is the youngest
  std::uint64_t connection = 0;
  if (idle_.empty()) {
    connection = ++last_;
  } else {
    connection = idle_.back().connection;
    idle_.pop_back();
  }
  of_request_.emplace(request, connection);
  return connection;
}

void Connections::close(std::uint64_t request, Nanoseconds now, bool reusable) {
  const auto found = of_request_.find(request);
  if (found == of_request_.end()) return;
  if (reusable) idle_.push_back({found->second, now});
  of_request_.erase(found);
}

}  // namespace kvsim::traces::inference_perf
