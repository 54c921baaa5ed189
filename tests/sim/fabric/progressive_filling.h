// SPDX-License-Identifier: Apache-2.0
// Max-min fair flows by the book: all rates rise together; where a link is full, its flows stay as they are
// (Bertsekas, Gallager, Data Networks, 6.5.2). Slow and plain; knows nothing of the fabric but its plan.
#pragma once

#include <algorithm>
#include <limits>
#include <set>
#include <vector>

#include "sim/fabric/fabric.h"

namespace kvsim::sim {

struct OracleFlow {
  double start_seconds = 0;
  std::uint32_t from_port = 0, to_port = 0;
  double bytes = 0;
  double end_seconds = -1;  // the answer
};

class ProgressiveFilling {
 public:
  ProgressiveFilling(const FabricPlan& plan, std::vector<OracleFlow>& flows) : plan_(plan), flows_(flows) {
    for (const OracleFlow& flow : flows) {
      const FabricPort &from = plan.ports[flow.from_port], &to = plan.ports[flow.to_port];
      routes_.emplace_back(from.out.begin(), from.out.end()).insert(to.in.begin(), to.in.end());
      left_.push_back(flow.bytes);
    }
  }

  void run() {
    for (double now = 0; now < std::numeric_limits<double>::infinity();) {
      const std::vector<double> rates = shares(now);
      double next = std::numeric_limits<double>::infinity();
      for (std::size_t i = 0; i < flows_.size(); ++i) {
        if (flows_[i].start_seconds > now) next = std::min(next, flows_[i].start_seconds);
        if (runs(i, now)) next = std::min(next, now + left_[i] / rates[i]);
      }
      for (std::size_t i = 0; i < flows_.size() && next < std::numeric_limits<double>::infinity(); ++i)
        if (runs(i, now)) move(i, rates[i] * (next - now), next);
      now = next;
    }
  }

 private:
  bool runs(std::size_t flow, double now) const {
    return flows_[flow].start_seconds <= now && flows_[flow].end_seconds < 0;
  }

  void move(std::size_t flow, double bytes, double now) {
    left_[flow] -= bytes;
    if (left_[flow] <= flows_[flow].bytes * 1e-12) flows_[flow].end_seconds = now;
  }

  std::vector<double> shares(double now) const {
    std::vector<double> rates(flows_.size(), 0), room;
    for (const FabricLink& link : plan_.links) room.push_back(link.bytes_per_second);
    std::set<std::size_t> rising;
    for (std::size_t i = 0; i < flows_.size(); ++i)
      if (runs(i, now)) rising.insert(i);
    while (!rising.empty()) {
      std::vector<int> users(room.size(), 0);
      for (const std::size_t flow : rising)
        for (const LinkId link : routes_[flow]) ++users[link];
      std::size_t fullest = room.size();
      for (std::size_t link = 0; link < room.size(); ++link)
        if (users[link] > 0 &&
            (fullest == room.size() || room[link] / users[link] < room[fullest] / users[fullest]))
          fullest = link;
      const double share = room[fullest] / users[fullest];
      for (auto flow = rising.begin(); flow != rising.end();) {
        if (routes_[*flow].count(static_cast<LinkId>(fullest)) == 0) {
          ++flow;
          continue;
        }
        rates[*flow] = share;
        for (const LinkId link : routes_[*flow]) room[link] -= share;
        flow = rising.erase(flow);
      }
    }
    return rates;
  }

  const FabricPlan& plan_;
  std::vector<OracleFlow>& flows_;
  std::vector<std::set<LinkId>> routes_;
  std::vector<double> left_;
};

}  // namespace kvsim::sim
