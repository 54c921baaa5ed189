// SPDX-License-Identifier: Apache-2.0
// How vLLM is started so that it is the engine of a pool.
#pragma once

#include <string>
#include <vector>

#include "sim/scenario/fleet.h"

namespace kvsim::planner {

struct VllmLaunch {
  std::string model;                // its Hugging Face id where one is known
  std::vector<std::string> flags;   // in which it differs from vLLM's defaults; tensor parallelism apart
  std::string hash_seed;            // PYTHONHASHSEED; empty: not set
  std::vector<std::string> unsaid;  // settings of the pool that no flag of vLLM says
};

// `storage` are the fleet's systems; one that a pool mounts is taken to lie under /mnt/kv/NAME of its pods.
VllmLaunch vllm_launch(const sim::Pool& pool, const std::vector<sim::StorageSystemSettings>& storage);

}  // namespace kvsim::planner
