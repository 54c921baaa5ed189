// SPDX-License-Identifier: Apache-2.0
// A router's priority bands, each with its flows, and how full they are. A priority that the configuration
// does not name gets a band of its own, from the default for >= 0 or the one for < 0, when its first request
// comes; it stays for the rest of the run.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>

#include "sim/routing/flow_fairness.h"
#include "sim/routing/flow_item.h"
#include "sim/routing/flow_ordering.h"
#include "sim/scenario/router_settings.h"

namespace kvsim::sim {

// What waits and what may; a limit of 0 is none.
class FlowCapacity {
 public:
  FlowCapacity(double max_requests, double max_bytes) : max_requests_(max_requests), max_bytes_(max_bytes) {}
  bool takes(double bytes) const {
    return (max_requests_ == 0 || requests_ + 1 <= max_requests_) &&
           (max_bytes_ == 0 || bytes_ + bytes <= max_bytes_);
  }
  void add(double bytes) { ++requests_, bytes_ += bytes; }
  void remove(double bytes) { --requests_, bytes_ -= bytes; }

 private:
  double max_requests_, max_bytes_;
  double requests_ = 0, bytes_ = 0;
};

class FlowBand {
 public:
  FlowBand(const PriorityBand& settings, const EppSettings& plugins, const Ledgers& ledgers);

  bool takes(double bytes) const { return capacity_.takes(bytes); }
  void add(const FlowItem& item, std::uint64_t number, Nanoseconds ttl);
  void remove(const FlowItem& item, std::uint64_t number, Nanoseconds ttl);
  bool empty() const { return flows_.empty(); }
  std::uint64_t next(Nanoseconds now);  // number of the request that leaves next; not empty

 private:
  FlowCapacity capacity_;
  FlowOrdering ordering_;
  std::unique_ptr<FairnessPolicy> fairness_;
  Flows flows_;
};

class FlowBands {
 public:
  explicit FlowBands(const EppSettings& settings);

  FlowBand& of(std::int32_t priority);
  std::size_t size() const { return bands_.size(); }
  // The most important band in which anything waits; nullptr: none.
  struct Top {
    std::size_t rank = 0;
    std::int32_t priority = 0;
    FlowBand* band = nullptr;
  };
  Top top();
  void served(const std::string& flow, double service, Nanoseconds now);

 private:
  FlowBand& open(const PriorityBand& settings);

  const EppSettings settings_;
  Ledgers ledgers_;
  std::map<std::int32_t, FlowBand, std::greater<>> bands_;  // the most important first
};

}  // namespace kvsim::sim
