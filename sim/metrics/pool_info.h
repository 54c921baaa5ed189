// SPDX-License-Identifier: Apache-2.0
// What reports need to know of a pool of replicas. Replicas are numbered through the fleet, pool after pool.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "models/step_time_facts.h"

namespace kvsim::sim {

struct PoolInfo {
  std::string name;
  std::string site;
  std::string accelerator;
  std::string model;
  std::string profile;  // where step times come from: "prior" or the profile's name
  std::uint32_t replicas = 1;
  std::uint32_t accelerators_per_replica = 1;
  double idle_watts = 0;  // of one accelerator
  double peak_watts = 0;
  std::optional<double> price_per_hour;  // of one accelerator
  models::StepTimeFacts step_time = {};
  std::uint32_t accelerators() const { return replicas * accelerators_per_replica; }
};

}  // namespace kvsim::sim
