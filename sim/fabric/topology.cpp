// SPDX-License-Identifier: Apache-2.0
#include "sim/fabric/topology.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/errors.h"
#include "sim/fabric/topology_parts.h"

namespace kvsim::sim {
namespace {

template <class Routes>
auto& found(const Routes& routes, std::uint32_t storage, std::uint32_t server) {
  const auto place = routes.find({storage, server});
  if (place == routes.end())
    throw Error(ExitCode::kInternal, fmt::format("server {} does not use storage {}", server, storage));
  return place->second;
}

}  // namespace

// Goes through the storage systems and their users, and makes each link and port when it is first needed.
class Topology::Builder {
 public:
  Builder(const TopologyInput& input, Topology& made) : input_(input), made_(made) {
    nowhere_ = add_port({}, {});
    if (input.servers_per_leaf > 0) plan_leaves();
  }

  void add(std::uint32_t storage) {
    const TopologyStorage& system = input_.storage[storage];
    const std::vector<std::uint32_t> users = users_of(input_, storage);
    made_.is_local_.push_back(system.local);
    if (system.local)
      for (const std::uint32_t server : users) add_local(storage, server);
    else if (!users.empty())
      add_shared(storage, users);
  }
  void add_peer(std::uint32_t replica);

 private:
  struct Drives {
    LinkId read = 0, write = 0;
  };
  struct Leaf {
    std::string name;
    double bytes_per_second = 0;
    std::optional<LinkId> up, down;  // made when the first server needs them
  };

  void plan_leaves();
  LinkId add_link(LinkKind kind, const std::string& name, double bytes_per_second);
  std::uint32_t add_port(std::vector<LinkId> out, std::vector<LinkId> in);
  Drives add_drives(const TopologyStorage& system, const std::string& name);
  void add_local(std::uint32_t storage, std::uint32_t server);
  void add_shared(std::uint32_t storage, const std::vector<std::uint32_t>& users);
  std::uint32_t add_door(const Drives& drives, const std::string& home, const std::string& site);
  LinkId site_link(const std::string& from, const std::string& to);
  std::uint32_t network_port(std::uint32_t server);
  FabricPort nics(std::uint32_t server);
  void add_leaf(Leaf& leaf, FabricPort& port);

  const TopologyInput& input_;
  Topology& made_;
  std::uint32_t nowhere_ = 0;  // a port without links
  std::vector<Leaf> leaves_;
  std::vector<std::size_t> leaf_of_;                      // by server; empty: a star
  std::map<std::uint32_t, std::uint32_t> network_ports_;  // by server
  std::map<std::uint32_t, FabricPort> nics_;              // by server
  std::map<std::pair<std::string, std::string>, LinkId> site_links_;
};

Topology::Topology(const TopologyInput& input) {
  Builder builder(input, *this);
  for (std::uint32_t storage = 0; storage < input.storage.size(); ++storage) builder.add(storage);
  for (std::uint32_t replica = 0; replica < input.peers.size(); ++replica)
    if (input.peers[replica].bytes_per_second > 0) builder.add_peer(replica);
}

FlowEnds Topology::read(std::uint32_t storage, std::uint32_t server) const {
  return found(routes_, storage, server).read;
}

FlowEnds Topology::write(std::uint32_t storage, std::uint32_t server) const {
  return found(routes_, storage, server).write;
}

FlowEnds Topology::drives_read(std::uint32_t storage, std::uint32_t server) const {
  return drives(storage, server).read;
}

FlowEnds Topology::drives_write(std::uint32_t storage, std::uint32_t server) const {
  return drives(storage, server).write;
}

FlowEnds Topology::between(std::uint32_t giver, std::uint32_t taker) const {
  const PeerPorts &from = peer(giver), &to = peer(taker);
  if (from.site != to.site) return {from.to_site.at(to.site), to.far};
  return from.leaf == to.leaf ? FlowEnds{from.near, to.near} : FlowEnds{from.far, to.far};
}

const Topology::PeerPorts& Topology::peer(std::uint32_t replica) const {
  const auto place = peers_.find(replica);
  if (place == peers_.end())
    throw Error(ExitCode::kInternal, fmt::format("replica {} gives and takes no KV", replica));
  return place->second;
}

const Topology::Ends& Topology::drives(std::uint32_t storage, std::uint32_t server) const {
  return found(drives_, storage, is_local_.at(storage) ? server : 0);
}

void Topology::Builder::plan_leaves() {
  std::map<std::string, std::uint32_t> servers_at;
  std::map<std::pair<std::string, std::uint32_t>, std::size_t> known;
  for (const TopologyServer& server : input_.servers) {
    const std::uint32_t number = servers_at[server.site]++ / input_.servers_per_leaf;
    const auto [place, is_new] = known.try_emplace({server.site, number}, leaves_.size());
    if (is_new) leaves_.push_back({fmt::format("leaf {}-{}", server.site, number), 0, {}, {}});
    leaf_of_.push_back(place->second);
    leaves_[place->second].bytes_per_second +=
        std::max(server.nic_bytes_per_second, 0.0) / input_.oversubscription;
  }
}

LinkId Topology::Builder::add_link(LinkKind kind, const std::string& name, double bytes_per_second) {
  made_.links_.push_back({kind, name, bytes_per_second});
  made_.plan_.links.push_back({name, bytes_per_second});
  return static_cast<LinkId>(made_.links_.size() - 1);
}

std::uint32_t Topology::Builder::add_port(std::vector<LinkId> out, std::vector<LinkId> in) {
  made_.plan_.ports.push_back({std::move(out), std::move(in)});
  return static_cast<std::uint32_t>(made_.plan_.ports.size() - 1);
}

Topology::Builder::Drives Topology::Builder::add_drives(const TopologyStorage& system,
                                                        const std::string& name) {
  const LinkId read = add_link(LinkKind::kStorage, name + " read", system.read_bytes_per_second);
  return {read, add_link(LinkKind::kStorage, name + " write", system.write_bytes_per_second)};
}

void Topology::Builder::add_local(std::uint32_t storage, std::uint32_t server) {
  const TopologyStorage& system = input_.storage[storage];
  const Drives drives = add_drives(system, system.name + " " + input_.servers[server].name);
  const std::uint32_t port = add_port({drives.read}, {drives.write});
  made_.routes_[{storage, server}] = made_.drives_[{storage, server}] = {{port, nowhere_}, {nowhere_, port}};
}

void Topology::Builder::add_shared(std::uint32_t storage, const std::vector<std::uint32_t>& users) {
  const TopologyStorage& system = input_.storage[storage];
  const Drives drives = add_drives(system, system.name);
  const std::uint32_t home = add_port({drives.read}, {drives.write});
  made_.drives_[{storage, 0}] = {{home, nowhere_}, {nowhere_, home}};
  std::map<std::string, std::uint32_t> doors = {{system.site, home}};
  for (const std::uint32_t server : users) {
    const std::string& site = input_.servers[server].site;
    if (doors.count(site) == 0) doors[site] = add_door(drives, system.site, site);
    const std::uint32_t door = doors[site], host = network_port(server);
    made_.routes_[{storage, server}] = {{door, host}, {host, door}};
  }
}

// Where the servers of another site find a storage system: behind the site links.
std::uint32_t Topology::Builder::add_door(const Drives& drives, const std::string& home,
                                          const std::string& site) {
  const LinkId there = site_link(home, site), back = site_link(site, home);
  return add_port({drives.read, there}, {back, drives.write});
}

LinkId Topology::Builder::site_link(const std::string& from, const std::string& to) {
  const auto known = site_links_.find({from, to});
  if (known != site_links_.end()) return known->second;
  const double rate = find_site_link(input_, from, to)->bytes_per_second;
  return site_links_[{from, to}] = add_link(LinkKind::kSite, from + " to " + to, rate);
}

std::uint32_t Topology::Builder::network_port(std::uint32_t server) {
  const auto known = network_ports_.find(server);
  if (known != network_ports_.end()) return known->second;
  FabricPort port = nics(server);
  if (!leaf_of_.empty()) add_leaf(leaves_[leaf_of_[server]], port);
  return network_ports_[server] = add_port(std::move(port.out), std::move(port.in));
}

FabricPort Topology::Builder::nics(std::uint32_t server) {
  const auto [place, is_new] = nics_.try_emplace(server);
  if (!is_new) return place->second;
  const TopologyServer& host = input_.servers[server];
  place->second.out.push_back(add_link(LinkKind::kNic, host.name + " out", host.nic_bytes_per_second));
  place->second.in.push_back(add_link(LinkKind::kNic, host.name + " in", host.nic_bytes_per_second));
  return place->second;
}

void Topology::Builder::add_peer(std::uint32_t replica) {
  const TopologyPeer& peer = input_.peers[replica];
  PeerPorts& ports = made_.peers_[replica];
  ports.site = input_.servers[peer.server].site;
  ports.leaf = leaf_of_.empty() ? 0 : leaf_of_[peer.server];
  FabricPort port = nics(peer.server);
  const std::string name = fmt::format("replica {}", replica);
  if (peer.gives)
    port.out.insert(port.out.begin(), add_link(LinkKind::kPeer, name + " gives", peer.bytes_per_second));
  if (peer.takes) port.in.push_back(add_link(LinkKind::kPeer, name + " takes", peer.bytes_per_second));
  ports.near = add_port(port.out, port.in);
  if (!leaf_of_.empty()) add_leaf(leaves_[leaf_of_[peer.server]], port);
  ports.far = add_port(port.out, port.in);
  if (!peer.gives) return;
  for (const std::string& site : sites_that_take(input_, replica)) {
    FabricPort door = port;
    door.out.push_back(site_link(ports.site, site));
    ports.to_site[site] = add_port(std::move(door.out), {});
  }
}

void Topology::Builder::add_leaf(Leaf& leaf, FabricPort& port) {
  if (!leaf.up) leaf.up = add_link(LinkKind::kLeaf, leaf.name + " up", leaf.bytes_per_second);
  if (!leaf.down) leaf.down = add_link(LinkKind::kLeaf, leaf.name + " down", leaf.bytes_per_second);
  port.out.push_back(*leaf.up);
  port.in.push_back(*leaf.down);
}

}  // namespace kvsim::sim
