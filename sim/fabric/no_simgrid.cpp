// SPDX-License-Identifier: Apache-2.0
// In place of simgrid_fabric.cpp in a build without SimGrid.
#include "base/errors.h"
#include "sim/fabric/fabric.h"

namespace kvsim::sim {

bool has_simgrid() { return false; }

std::unique_ptr<Fabric> make_fabric(const FabricPlan&) {
  throw Error(
      ExitCode::kBadInput,
      "storage tiers and the hand-over of KV from prefill to decode pools need SimGrid, which this build "
      "is without: their traffic shares links; install libsimgrid-dev and libboost-dev and build again, or "
      "leave the pools' storage and roles out");
}

}  // namespace kvsim::sim
