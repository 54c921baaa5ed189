// SPDX-License-Identifier: Apache-2.0
// Fleets made in code, without files.
#pragma once

#include <memory>
#include <string>

#include "sim/scenario/fleet.h"
#include "tests/sim/support/linear_step_time.h"

namespace kvsim::testing {

inline sim::Pool plain_pool(const std::string& name, std::shared_ptr<const models::StepTimeModel> step_time) {
  sim::Pool pool;
  pool.name = name;
  pool.model.name = "model";
  pool.engine.max_model_len = 1'000'000;
  pool.engine.async_scheduling = false;
  pool.kv_blocks = 100'000;
  pool.step_time = std::move(step_time);
  return pool;
}

inline sim::Fleet plain_fleet(sim::Pool pool) {
  sim::Fleet fleet;
  fleet.name = "test";
  fleet.pools.push_back(std::move(pool));
  return fleet;
}

}  // namespace kvsim::testing
