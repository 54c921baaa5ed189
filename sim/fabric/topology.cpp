// SPDX-License-Identifier: Apache-2.0
#include "sim/fabric/topology.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/errors.h"
#include "sim/fabric/topology_parts.h"

namespace kvsim::sim {
namespace {

constexpr std::uint32_t kNowhere = 0;  // a port without links

}  // namespace

// The leaf switches of a fleet; the links of each are made when the first server needs them.
struct Topology::Leaves {
  struct Leaf {
    std::string name;
    double bytes_per_second = 0;
    bool is_made = false;
    LinkId up = 0, down = 0;
  };
  std::vector<Leaf> leaves;
  std::vector<std::size_t> of_server;  // empty: a star

  explicit Leaves(const TopologyInput& input) {
    if (input.servers_per_leaf == 0) return;
    std::map<std::string, std::uint32_t> servers_at;
    std::map<std::pair<std::string, std::uint32_t>, std::size_t> known;
    for (const TopologyServer& server : input.servers) {
      const std::uint32_t number = servers_at[server.site]++ / input.servers_per_leaf;
      const auto [place, is_new] = known.try_emplace({server.site, number}, leaves.size());
      if (is_new) leaves.push_back({fmt::format("leaf {}-{}", server.site, number)});
      of_server.push_back(place->second);
      leaves[place->second].bytes_per_second +=
          std::max(server.nic_bytes_per_second, 0.0) / input.oversubscription;
    }
  }
};

Topology::Topology(const TopologyInput& input) {
  add_port({}, {});
  Leaves leaves(input);
  for (std::uint32_t storage = 0; storage < input.storage.size(); ++storage) {
    if (input.storage[storage].local)
      add_local_routes(input, storage);
    else
      add_shared_routes(input, storage, leaves);
  }
}

const Topology::Route& Topology::route(std::uint32_t storage, std::uint32_t server) const {
  const auto place = routes_.find({storage, server});
  if (place == routes_.end())
    throw Error(ExitCode::kInternal, fmt::format("server {} does not use storage {}", server, storage));
  return place->second;
}

LinkId Topology::add_link(LinkKind kind, const std::string& name, double bytes_per_second) {
  links_.push_back({kind, name, bytes_per_second});
  plan_.links.push_back({name, bytes_per_second});
  return static_cast<LinkId>(links_.size() - 1);
}

std::uint32_t Topology::add_port(std::vector<LinkId> out, std::vector<LinkId> in) {
  plan_.ports.push_back({std::move(out), std::move(in)});
  return static_cast<std::uint32_t>(plan_.ports.size() - 1);
}

Topology::Drives Topology::add_drives(const TopologyStorage& storage, const std::string& name) {
  Drives drives;
  drives.read = add_link(LinkKind::kStorage, name + " read", storage.read_bytes_per_second);
  drives.write = add_link(LinkKind::kStorage, name + " write", storage.write_bytes_per_second);
  drives.remove_port = add_port({}, {drives.write});
  return drives;
}

void Topology::add_local_routes(const TopologyInput& input, std::uint32_t storage) {
  for (const std::uint32_t server : users_of(input, storage)) {
    const Drives drives =
        add_drives(input.storage[storage], input.storage[storage].name + " " + input.servers[server].name);
    const std::uint32_t port = add_port({drives.read}, {drives.write});
    routes_[{storage, server}] = {{port, kNowhere}, {kNowhere, port}, {kNowhere, drives.remove_port}};
  }
}

void Topology::add_shared_routes(const TopologyInput& input, std::uint32_t storage, Leaves& leaves) {
  const std::vector<std::uint32_t> users = users_of(input, storage);
  if (users.empty()) return;
  const TopologyStorage& system = input.storage[storage];
  const Drives drives = add_drives(system, system.name);
  std::map<std::string, std::uint32_t> doors;  // by the site that they lead to
  for (const std::uint32_t server : users) {
    const std::string& site = input.servers[server].site;
    if (doors.count(site) == 0) doors[site] = add_door(input, drives, system.site, site);
    const std::uint32_t door = doors[site], host = network_port(input, server, leaves);
    routes_[{storage, server}] = {{door, host}, {host, door}, {kNowhere, drives.remove_port}};
  }
}

std::uint32_t Topology::add_door(const TopologyInput& input, const Drives& drives, const std::string& home,
                                 const std::string& site) {
  if (site == home) return add_port({drives.read}, {drives.write});
  return add_port({drives.read, site_link(input, home, site)}, {site_link(input, site, home), drives.write});
}

LinkId Topology::site_link(const TopologyInput& input, const std::string& from, const std::string& to) {
  const auto known = site_links_.find({from, to});
  if (known != site_links_.end()) return known->second;
  const double rate = find_site_link(input, from, to)->bytes_per_second;
  return site_links_[{from, to}] = add_link(LinkKind::kSite, from + " to " + to, rate);
}

std::uint32_t Topology::network_port(const TopologyInput& input, std::uint32_t server, Leaves& leaves) {
  const auto known = network_ports_.find(server);
  if (known != network_ports_.end()) return known->second;
  const TopologyServer& host = input.servers[server];
  std::vector<LinkId> out = {add_link(LinkKind::kNic, host.name + " out", host.nic_bytes_per_second)};
  std::vector<LinkId> in = {add_link(LinkKind::kNic, host.name + " in", host.nic_bytes_per_second)};
  if (!leaves.of_server.empty()) {
    Leaves::Leaf& leaf = leaves.leaves[leaves.of_server[server]];
    if (!leaf.is_made) {
      leaf.up = add_link(LinkKind::kLeaf, leaf.name + " up", leaf.bytes_per_second);
      leaf.down = add_link(LinkKind::kLeaf, leaf.name + " down", leaf.bytes_per_second);
      leaf.is_made = true;
    }
    out.push_back(leaf.up);
    in.push_back(leaf.down);
  }
  return network_ports_[server] = add_port(std::move(out), std::move(in));
}

}  // namespace kvsim::sim
