// SPDX-License-Identifier: Apache-2.0
// routing.jsonl: one explained routing decision a line (docs/explain.md).
#pragma once

#include <string>
#include <vector>

#include "sim/metrics/observer.h"
#include "sim/metrics/pool_info.h"
#include "sim/report/streamed_file.h"

namespace kvsim::sim {

class RoutingJsonl final : public Observer {
 public:
  RoutingJsonl(const std::string& path, const std::vector<PoolInfo>& pools);
  void on_routed(const RoutingRecord& record) override;
  void commit() { file_.commit(); }

 private:
  StreamedFile file_;
  std::vector<std::string> replicas_;  // "pool/0"
};

}  // namespace kvsim::sim
