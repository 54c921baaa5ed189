// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "sim/fabric/transfers.h"

namespace kvsim::sim {
namespace {

constexpr double kMost = 1e18;

class Checks {
 public:
  Checks(std::vector<std::string>& found, std::string what) : found_(found), what_(std::move(what)) {}

  void within(double value, double least, double most, const char* name) {
    if (!(value >= least && value <= most))
      add(fmt::format("{} is {}; give a number from {:g} to {:g}", name, value, least, most));
  }
  void positive(double value, const char* name) {
    if (!(value > 0 && value <= kMost))
      add(fmt::format("{} is {}; give a number above 0 and up to {:g}", name, value, kMost));
  }
  void add(const std::string& fault) { found_.push_back(what_ + ": " + fault); }

 private:
  std::vector<std::string>& found_;
  std::string what_;
};

void check_system(const StorageSystemSettings& system, std::vector<std::string>& found) {
  Checks checks(found, "storage " + system.name);
  checks.within(system.operations_per_second, 0, kMost, "operations_per_second");
  checks.within(system.latency_seconds, 0, kMost, "latency_seconds");
}

void check_host(const KvTierSettings& tiers, Checks& checks) {
  checks.positive(tiers.copy_bytes, "copy_bytes");
  for (const CopyCurve* curve : {&tiers.to_host, &tiers.to_gpu}) {
    checks.within(curve->fixed_seconds, 0, kMost, "fixed_seconds of a copy");
    checks.positive(curve->bytes_per_second, "bytes_per_second of copies");
  }
}

void check_mount(const ReplicaTransfers& replica, const TopologyInput& topology, Checks& checks) {
  const StorageMountSettings& mount = *replica.tiers.storage;
  checks.within(mount.threads, 1, 1e6, "threads");
  checks.within(mount.read_preferring, 0, 1, "read_preferring");
  checks.within(mount.thread_bytes_per_second, 0, kMost, "thread_bytes_per_second");
  if (!(mount.queue_limit_seconds >= 0)) checks.add("queue_limit_seconds is negative or no number");
  const auto& used = topology.servers[replica.server].storage;
  if (std::find(used.begin(), used.end(), mount.system) == used.end())
    checks.add(fmt::format("its server {} does not list storage {} among what it uses", replica.server,
                           mount.system));
}

void check_replica(const ReplicaTransfers& replica, const TopologyInput& topology, Checks& checks) {
  if (!replica.tiers.any()) return;
  checks.within(replica.tiers.ranks, 1, 1e6, "ranks");
  checks.positive(replica.tiers.block_bytes, "block_bytes");
  if (replica.tiers.host) check_host(replica.tiers, checks);
  if (!replica.tiers.storage) return;
  if (replica.server >= topology.servers.size())
    checks.add(fmt::format("server {} does not exist", replica.server));
  else
    check_mount(replica, topology, checks);
}

}  // namespace

std::vector<std::string> faults(const TopologyInput& topology,
                                const std::vector<StorageSystemSettings>& storage,
                                const std::vector<ReplicaTransfers>& replicas) {
  std::vector<std::string> found = faults(topology);
  if (storage.size() != topology.storage.size())
    found.push_back(
        fmt::format("{} storage systems, but {} in the topology", storage.size(), topology.storage.size()));
  for (const StorageSystemSettings& system : storage) check_system(system, found);
  for (std::size_t i = 0; i < replicas.size(); ++i) {
    Checks checks(found, fmt::format("replica {}", i));
    check_replica(replicas[i], topology, checks);
  }
  return found;
}

}  // namespace kvsim::sim
