// SPDX-License-Identifier: Apache-2.0
// Bytes that contend: flows over links, shared max-min fairly. Links have no latency here; who starts a flow
// adds it with a timer of his own. Times of completion are rounded up to whole nanoseconds, after an eighth
// of one is taken off as noise of floating point.
//
// Two of them: SimGrid (sim/fabric/simgrid_fabric.cpp, the only file that sees it), and in a build without it
// make_fabric() throws Error(kBadInput) that names what needs it. One Fabric at a time in a process, made and
// used on one thread; many one after the other are fine, and so is fork().
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/time.h"

namespace kvsim::sim {

using LinkId = std::uint32_t;
using FlowId = std::uint64_t;

struct FabricLink {
  std::string name;
  double bytes_per_second = 0;  // 1 .. 1e18
};

// A place where flows begin or end. A flow from a to b crosses a.out, then b.in; a link that stands in both
// counts once. Either may be empty; a flow that crosses no link at all ends at once.
struct FabricPort {
  std::vector<LinkId> out;
  std::vector<LinkId> in;
};

struct FabricPlan {
  std::vector<FabricLink> links;
  std::vector<FabricPort> ports;
};

class Fabric {
 public:
  virtual ~Fabric() = default;
  // Starts a flow at `now`, which never falls; `id` is the caller's, unique among running flows. Bytes are
  // rounded to whole ones, at least 1; 0 bytes end at once. Error(kInternal): no such port, bytes that are
  // negative or not finite or more than 1e18, an id that runs.
  virtual void start(Nanoseconds now, FlowId id, std::uint32_t from_port, std::uint32_t to_port,
                     double bytes) = 0;
  // Of a flow that runs or has not been taken; what it carried still counts. Error(kInternal): no such flow.
  virtual void cancel(Nanoseconds now, FlowId id) = 0;
  // When the next flow ends; kNever: none runs. Not before the last `now`.
  virtual Nanoseconds next() = 0;
  // Appends the flows that have ended at or before `now`, in ascending order of id.
  virtual void take_ended(Nanoseconds now, std::vector<FlowId>& ended) = 0;
  // Bytes that each link has carried until `now`, by link.
  virtual void carried(Nanoseconds now, std::vector<double>& bytes) = 0;
};

// A rate that a link may have.
bool usable_rate(double bytes_per_second);
// What makes a plan unusable, in words: rates out of range, ports that name no link. Empty when it is sound.
std::vector<std::string> faults(const FabricPlan& plan);

bool has_simgrid();
// Error(kBadInput): a plan with faults (all of them), or no SimGrid in this build. Error(kInternal): another
// fabric is alive.
std::unique_ptr<Fabric> make_fabric(const FabricPlan& plan);

}  // namespace kvsim::sim
