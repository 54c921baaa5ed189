// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <utility>
#include <vector>

#include "sim/fabric/transfers.h"

namespace kvsim::sim {

// Servers of 10 GB/s with one replica of 2 ranks each, on one fast storage system; a block is 8 MB, so a file
// 4 MB. Tests change what matters before make().
class TransfersTest : public testing::Test {
 protected:
  using Ends = std::vector<std::pair<JobId, Nanoseconds>>;

  TransfersTest() {
    tiers_.block_bytes = 8e6;
    tiers_.ranks = 2;
    tiers_.copy_bytes = 2e6;
    tiers_.to_host = tiers_.to_gpu = {.fixed_seconds = 1e-6, .bytes_per_second = 50e9};
    tiers_.host = HostTierSettings{.capacity_bytes = 1'000'000'000};
    tiers_.storage = StorageMountSettings{};
    system_.name = "scale";
    system_.site = "paris";
    system_.read_bytes_per_second = system_.write_bytes_per_second = 100e9;
  }

  void make(std::uint32_t servers = 1) {
    TopologyInput topology;
    std::vector<ReplicaTransfers> replicas;
    for (std::uint32_t i = 0; i < servers; ++i) {
      topology.servers.push_back({"server-" + std::to_string(i), "paris", 10e9, {0}});
      replicas.push_back({i, tiers_});
    }
    topology.storage.push_back({system_.name, system_.site, system_.local, system_.read_bytes_per_second,
                                system_.write_bytes_per_second});
    transfers_.reset();
    ends_.clear();
    transfers_ = std::make_unique<Transfers>(topology, std::vector{system_}, replicas);
  }

  Transfers& transfers() { return *transfers_; }
  // Takes all that ends at or before `until`; with what has been taken already.
  Ends ends(Nanoseconds until = kNever - 1) {
    std::vector<JobId> ended;
    for (Nanoseconds next = transfers_->next(); next <= until; next = transfers_->next()) {
      transfers_->take_ended(next, ended);
      for (const JobId job : std::exchange(ended, {})) ends_.push_back({job, next});
    }
    return ends_;
  }

  KvTierSettings tiers_;
  StorageSystemSettings system_;

 private:
  std::unique_ptr<Transfers> transfers_;
  Ends ends_;
};

}  // namespace kvsim::sim
