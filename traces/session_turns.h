// SPDX-License-Identifier: Apache-2.0
// A workload's requests with the turns of its sessions marked: in a workload each request of a session waits
// for the one before it. For sources that are offered to a server that takes no time (offer_all).
#pragma once

#include <memory>
#include <unordered_map>

#include "traces/source.h"

namespace kvsim::traces {

class SessionTurns : public Source {
 public:
  explicit SessionTurns(std::unique_ptr<Source> workload) : workload_(std::move(workload)) {}

  std::optional<Nanoseconds> next_arrival() override { return workload_->next_arrival(); }
  Request take() override;
  void finished(const Finished& finished) override { workload_->finished(finished); }
  bool exhausted() override { return workload_->exhausted(); }
  const Names& names() const override { return workload_->names(); }
  std::vector<Stage> stages() const override { return workload_->stages(); }
  std::string description() const override { return workload_->description(); }
  std::optional<double> progress() override { return workload_->progress(); }
  std::vector<std::pair<std::string, std::string>> notes() const override { return workload_->notes(); }

 private:
  struct Last {
    std::uint64_t id = 0;
    Nanoseconds arrival = 0;
  };
  std::unique_ptr<Source> workload_;
  std::unordered_map<std::uint64_t, Last> last_;  // by session
};

}  // namespace kvsim::traces
