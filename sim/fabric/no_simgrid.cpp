// SPDX-License-Identifier: Apache-2.0
// In place of simgrid_fabric.cpp in a build without SimGrid.
#include "base/errors.h"
#include "sim/fabric/fabric.h"

namespace kvsim::sim {

bool has_simgrid() { return false; }

std::unique_ptr<Fabric> make_fabric(const FabricPlan&) {
  throw Error(ExitCode::kBadInput,
              "a storage tier needs SimGrid, which this build is without: traffic to storage shares links; "
              "install libsimgrid-dev and libboost-dev and build again, or leave the pools' storage out");
}

}  // namespace kvsim::sim
