// SPDX-License-Identifier: Apache-2.0
// requests.csv: one row for each request, in the order in which they end, written while the simulation runs.
#pragma once

#include <string>
#include <vector>

#include "sim/metrics/observer.h"
#include "sim/report/streamed_file.h"
#include "sim/scenario/fleet.h"
#include "traces/request.h"

namespace kvsim::sim {

class RequestsCsv : public Observer {
 public:
  // `names` may grow while requests are read; both outlive the observer.
  RequestsCsv(const std::string& path, const Fleet& fleet, const traces::Names& names);

  void on_group(std::uint32_t index, const Group& group) override;
  void on_finished(const RequestRecord& record) override;
  void commit() { file_.commit(); }

 private:
  StreamedFile file_;
  const Fleet* fleet_;
  const traces::Names* names_;
  std::vector<std::string> pools_;   // as CSV cells
  std::vector<std::string> groups_;  // "model,class,tenant" as CSV cells
};

}  // namespace kvsim::sim
