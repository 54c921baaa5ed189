// SPDX-License-Identifier: Apache-2.0
// Values of llm-d's model service chart for one pool.
#pragma once

#include <string>

#include "planner/output/vllm_launch.h"

namespace kvsim::planner {

std::string helm_values(const sim::Pool& pool, const VllmLaunch& launch);

// What stands at the head of a pool's files, each line behind a #.
std::string deployment_comment(const sim::Pool& pool, const VllmLaunch& launch);

}  // namespace kvsim::planner
