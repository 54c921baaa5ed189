// SPDX-License-Identifier: Apache-2.0
// `kvsim import`: a fleet YAML out of the files that deploy a real fleet.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sim/scenario/load_fleet.h"

namespace kvsim::sim {

struct ImportRequest {
  std::string source;  // a file, or a command line such as "vllm serve MODEL --max-num-seqs 64"
  std::string name;    // of the fleet; empty: from the file
  std::vector<std::pair<std::string, std::string>> set;  // answers: keys of a pool, POOL.KEY, variables
};

// A small fleet YAML with what the source says, and as comments what it says that is not modelled. InputError
// where the source leaves a question open or its pools would not start.
std::string import_fleet(const ImportRequest& request, const FleetInputs& inputs);

}  // namespace kvsim::sim
