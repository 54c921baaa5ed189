// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <utility>
#include <vector>

#include "sim/fabric/fabric.h"

namespace kvsim::sim {

// One fabric, driven from event to event. Skipped in a build without SimGrid.
class FabricTest : public testing::Test {
 protected:
  using Ends = std::vector<std::pair<FlowId, Nanoseconds>>;

  void SetUp() override {
    if (!has_simgrid()) GTEST_SKIP() << "a build without SimGrid";
  }

  void make(const FabricPlan& plan) {
    fabric_.reset();
    fabric_ = make_fabric(plan);
  }
  Fabric& fabric() { return *fabric_; }

  // Takes what ends before the start, as the event loop does.
  void start(Nanoseconds now, FlowId flow, std::uint32_t from, std::uint32_t to, double bytes) {
    run_until(now);
    fabric_->start(now, flow, from, to, bytes);
  }
  void run_until(Nanoseconds now) {
    for (Nanoseconds next = fabric_->next(); next <= now; next = fabric_->next()) take(next);
  }
  Ends ends() {
    for (Nanoseconds next = fabric_->next(); next != kNever; next = fabric_->next()) take(next);
    return std::exchange(ends_, {});
  }
  std::vector<double> carried(Nanoseconds now) {
    std::vector<double> bytes;
    fabric_->carried(now, bytes);
    return bytes;
  }

 private:
  void take(Nanoseconds now) {
    std::vector<FlowId> ended;
    fabric_->take_ended(now, ended);
    for (const FlowId flow : ended) ends_.push_back({flow, now});
  }

  std::unique_ptr<Fabric> fabric_;
  Ends ends_;
};

}  // namespace kvsim::sim
