// SPDX-License-Identifier: Apache-2.0
// The one fabric of a run, for all who send flows over it. It is made when the first flow starts.
#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "sim/fabric/fabric.h"
#include "sim/fabric/topology.h"

namespace kvsim::sim {

class Flows {
 public:
  // Low bits of a flow's id; the rest is the owner's own number.
  enum class Kind : FlowId { kStorageBytes = 0, kStorageOperations = 1, kPull = 2 };
  static constexpr FlowId kKinds = 4;
  static Kind kind_of(FlowId flow) { return static_cast<Kind>(flow % kKinds); }
  static std::uint64_t number_of(FlowId flow) { return flow / kKinds; }

  explicit Flows(const TopologyInput& topology) : topology_(topology) {}

  const Topology& topology() const { return topology_; }
  void start(Nanoseconds now, Kind kind, std::uint64_t number, const FlowEnds& ends, double bytes) {
    if (!fabric_) fabric_ = make_fabric(topology_.plan());
    fabric_->start(now, kKinds * number + static_cast<FlowId>(kind), ends.from_port, ends.to_port, bytes);
  }
  Nanoseconds next() { return fabric_ ? fabric_->next() : kNever; }
  void take_ended(Nanoseconds now, std::vector<FlowId>& ended) {
    if (fabric_) fabric_->take_ended(now, ended);
  }
  void carried(Nanoseconds now, std::vector<double>& bytes) {
    if (fabric_)
      fabric_->carried(now, bytes);
    else
      bytes.assign(topology_.links().size(), 0);
  }

 private:
  Topology topology_;
  std::unique_ptr<Fabric> fabric_;
};

}  // namespace kvsim::sim
