// SPDX-License-Identifier: Apache-2.0
// Servers, storage systems and what lies between them, as links and ports of a fabric.
//
//   server -> its NICs -> leaf switch (up: servers x NIC / oversubscription) -> spine -> storage servers
//                                                            site link, where storage stands at another site
//   A local system is the drives of each server: no network, one pair of links a server.
//
// The spine itself is not a bottleneck of its own: what leads to it is. Without `servers_per_leaf` the
// network is a star of NICs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/fabric/fabric.h"

namespace kvsim::sim {

struct TopologyServer {
  std::string name;
  std::string site;
  double nic_bytes_per_second = 0;  // each direction; <= 0 only where no shared storage is used
};
struct TopologyStorage {
  std::string name;
  std::string site;
  bool local = false;
  double read_bytes_per_second = 0;
  double write_bytes_per_second = 0;
};
struct TopologySiteLink {
  std::string from, to;
  double bytes_per_second = 0;
};
struct TopologyInput {
  std::vector<TopologyServer> servers;
  std::vector<TopologyStorage> storage;
  std::vector<TopologySiteLink> site_links;
  std::uint32_t servers_per_leaf = 0;  // of one site; 0: a star
  double oversubscription = 1;         // >= 1
};

enum class LinkKind { kNic, kLeaf, kSite, kStorage };
struct TopologyLink {
  LinkKind kind = LinkKind::kNic;
  std::string name;  // "server-3 in", "leaf paris-0 up", "paris to berlin", "scale read"
  double bytes_per_second = 0;
};

class Topology {
 public:
  explicit Topology(const TopologyInput& input);

  const FabricPlan& plan() const { return plan_; }
  const std::vector<TopologyLink>& links() const { return links_; }  // in order of plan().links
  std::uint32_t server_port(std::uint32_t server) const;
  // Where a server finds a storage system: `out` reads, `in` writes.
  std::uint32_t storage_port(std::uint32_t storage, std::uint32_t server) const;

 private:
  FabricPlan plan_;
  std::vector<TopologyLink> links_;
  std::vector<std::uint32_t> server_ports_;
  std::vector<std::vector<std::uint32_t>> storage_ports_;  // by storage, then server
};

// What makes a topology unusable, in words: a rate that is not positive and finite, no link between two sites
// that need one, a server without NIC that needs the network. Empty when it is sound.
std::vector<std::string> faults(const TopologyInput& input);

}  // namespace kvsim::sim
