// SPDX-License-Identifier: Apache-2.0
// Servers, storage systems and what lies between them, as links and ports of a fabric.
//
//   server -> its NICs -> leaf switch (up: servers x NIC / oversubscription) -> spine -> storage servers
//                                                            site link, where storage stands at another site
//   A local system is the drives of each server: no network, one pair of links a server.
//   replica -> its share of the NICs -> NICs -> leaf -> spine -> leaf -> NICs -> share of another replica
//                               nothing above the leaf where both servers hang on it; site link between sites
//
// The spine itself is not a bottleneck of its own: what leads to it is. Without `servers_per_leaf` the
// network is a star of NICs. Only what somebody uses becomes a link.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sim/fabric/fabric.h"

namespace kvsim::sim {

struct TopologyServer {
  std::string name;
  std::string site;
  double nic_bytes_per_second = 0;     // each direction; read only where the server uses shared storage
  std::vector<std::uint32_t> storage;  // systems that its replicas use: indexes into TopologyInput::storage
};
struct TopologyStorage {
  std::string name;
  std::string site;  // of shared storage
  bool local = false;
  double read_bytes_per_second = 0;  // of a local system: of the drives of one server
  double write_bytes_per_second = 0;
};
// Holds from `from` to `to`; also the other way round, as a link of its own, unless that is declared too.
struct TopologySiteLink {
  std::string from, to;
  double bytes_per_second = 0;
};
// A replica that gives KV to others, or takes it from them. Only those of one group do so among each other.
struct TopologyPeer {
  std::uint32_t server = 0;
  double bytes_per_second = 0;  // that its ranks can move together, in each direction; 0: takes no part
  bool gives = false;
  bool takes = false;
  std::uint32_t group = 0;
};
struct TopologyInput {
  std::vector<TopologyServer> servers;
  std::vector<TopologyStorage> storage;
  std::vector<TopologySiteLink> site_links;
  std::vector<TopologyPeer> peers;     // by replica; empty: none takes part
  std::uint32_t servers_per_leaf = 0;  // of one site, in their order; 0: a star
  double oversubscription = 1;         // >= 1
};

enum class LinkKind { kNic, kLeaf, kSite, kStorage, kPeer };
struct TopologyLink {
  LinkKind kind = LinkKind::kNic;
  std::string name;  // "server-3 in", "leaf paris-0 up", "paris to berlin", "scale read", "nvme server-3
                     // read", "replica 7 gives"
  double bytes_per_second = 0;
};

// Where a flow begins and ends.
struct FlowEnds {
  std::uint32_t from_port = 0;
  std::uint32_t to_port = 0;
};

class Topology {
 public:
  explicit Topology(const TopologyInput& input);  // without faults

  const FabricPlan& plan() const { return plan_; }
  const std::vector<TopologyLink>& links() const { return links_; }  // in order of plan().links
  // Between a server and a storage system that it uses. Error(kInternal): it does not.
  FlowEnds read(std::uint32_t storage, std::uint32_t server) const;
  FlowEnds write(std::uint32_t storage, std::uint32_t server) const;
  // At the drives alone, without network; of a shared system, whatever `server` is. Error(kInternal): nobody
  // uses them.
  FlowEnds drives_read(std::uint32_t storage, std::uint32_t server) const;
  FlowEnds drives_write(std::uint32_t storage, std::uint32_t server) const;
  // From one replica to another of its group on another server. Error(kInternal): they are none.
  FlowEnds between(std::uint32_t giver, std::uint32_t taker) const;

 private:
  class Builder;
  struct Ends {
    FlowEnds read, write;
  };
  using Routes = std::map<std::pair<std::uint32_t, std::uint32_t>, Ends>;  // by storage and server

  struct PeerPorts {
    std::uint32_t near = 0, far = 0;               // below the leaf switch, through it
    std::map<std::string, std::uint32_t> to_site;  // through it and on to another site
    std::string site;
    std::size_t leaf = 0;  // equal: below one leaf switch
  };

  const Ends& drives(std::uint32_t storage, std::uint32_t server) const;
  const PeerPorts& peer(std::uint32_t replica) const;

  FabricPlan plan_;
  std::vector<TopologyLink> links_;
  std::vector<bool> is_local_;  // by storage
  Routes routes_;
  Routes drives_;                             // of a shared system as of server 0
  std::map<std::uint32_t, PeerPorts> peers_;  // by replica
};

// What makes a topology unusable, in words: a rate out of range, no link between two sites that need one, a
// server without NIC that needs the network, storage or a server that does not exist. Empty when it is sound.
std::vector<std::string> faults(const TopologyInput& input);

}  // namespace kvsim::sim
