// SPDX-License-Identifier: Apache-2.0
// What a router knows of the replicas of its model before it asks them anything. Within a router a replica is
// called by its place in this list, its EndpointId; other indices are fleet-wide.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "models/step_time.h"
#include "sim/scenario/fleet.h"

namespace kvsim::sim {

using EndpointId = std::uint32_t;
using EndpointIds = std::vector<EndpointId>;  // ascending

struct Endpoint {
  std::uint32_t replica = 0;
  std::uint32_t pool = 0;
  PoolRole role = PoolRole::kBoth;
  std::map<std::string, std::string> labels;  // the pool's; llm-d.ai/role among them
  std::string host;                           // server within the fleet, for topology
  std::string site;
  double capacity_weight = 1;
  std::uint64_t kv_blocks = 0;
  std::uint32_t block_tokens = 16;
  std::uint32_t host_block_tokens = 0;  // of its host tier's keys (CacheEvent::host_keys); 0: it has none
  std::uint64_t max_batched_tokens = 8192;
  std::shared_ptr<const models::StepTimeModel> step_time;
};

// Seconds to prefill `tokens` of a prompt behind `context` cached tokens, alone, in chunks of the step
// budget.
double prefill_seconds(const Endpoint& endpoint, std::uint64_t context, std::uint64_t tokens);
// Seconds of one decode step of `sequences` with `context` tokens in all.
double decode_step_seconds(const Endpoint& endpoint, double sequences, double context);

}  // namespace kvsim::sim
