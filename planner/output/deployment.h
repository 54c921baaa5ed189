// SPDX-License-Identifier: Apache-2.0
// What a cluster needs to run the plan: values of llm-d's model service chart and a `vllm serve` line for
// each pool, the endpoint picker's configuration for each model. `kvsim import` reads values and scripts back
// as the same pools; a storage system's name, and for a script replicas, accelerator and engine version, must
// be told it.
#pragma once

#include <string>
#include <vector>

#include "sim/scenario/fleet.h"

namespace kvsim::planner {

struct DeploymentFile {
  std::string path;  // helm/POOL.values.yaml, vllm/POOL.sh, epp/MODEL.yaml
  std::string text;
};

// By kind, in the fleet's order. No epp/ where the fleet's router is no endpoint picker.
std::vector<DeploymentFile> deployment_files(const sim::Fleet& fleet);

}  // namespace kvsim::planner
