// SPDX-License-Identifier: Apache-2.0
// A made-up run: two pools, three tenants, two load stages, one timeout and one rejection; on request with
// tiers: host memory in both pools, two storage systems and many links.
#pragma once

#include "sim/metrics/summarize.h"

namespace kvsim::sim {

struct SmallRunOptions {
  std::uint64_t requests = 400;  // in each stage
  std::string hostile_name;      // of a tenant, a pool, a storage system and a link, where not empty
  bool tiers = false;
};

Summary small_run(const SmallRunOptions& options = {});

}  // namespace kvsim::sim
