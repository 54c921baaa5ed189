// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <set>

#include "sim/fabric/topology.h"
#include "sim/fabric/topology_parts.h"

namespace kvsim::sim {
namespace {

using Found = std::vector<std::string>;

void check_rate(double rate, const std::string& what, Found& found) {
  if (!usable_rate(rate))
    found.push_back(fmt::format("{} has {} bytes/s; give a rate from 1 to 1e18", what, rate));
}

void check_storage(const TopologyInput& input, Found& found) {
  for (const TopologyStorage& storage : input.storage) {
    check_rate(storage.read_bytes_per_second, "reading from storage " + storage.name, found);
    check_rate(storage.write_bytes_per_second, "writing to storage " + storage.name, found);
  }
}

void check_site_links(const TopologyInput& input, Found& found) {
  std::set<std::pair<std::string, std::string>> seen;
  for (const TopologySiteLink& link : input.site_links) {
    const std::string name = fmt::format("the link from site {} to {}", link.from, link.to);
    check_rate(link.bytes_per_second, name, found);
    if (link.from == link.to) found.push_back(name + " leads nowhere; name two sites");
    if (!seen.insert({link.from, link.to}).second) found.push_back(name + " is declared twice; keep one");
  }
}

void check_way(const TopologyInput& input, const TopologyServer& server, const TopologyStorage& storage,
               Found& found) {
  if (storage.local) return;
  if (!usable_rate(server.nic_bytes_per_second))
    found.push_back(
        fmt::format("server {} uses storage {} over the network, but its NICs have {} bytes/s; give it NICs",
                    server.name, storage.name, server.nic_bytes_per_second));
  if (server.site != storage.site && find_site_link(input, server.site, storage.site) == nullptr)
    found.push_back(fmt::format("no link between site {} of server {} and site {} of storage {}; declare one",
                                server.site, server.name, storage.site, storage.name));
}

void check_servers(const TopologyInput& input, Found& found) {
  for (const TopologyServer& server : input.servers)
    for (const std::uint32_t storage : server.storage) {
      if (storage < input.storage.size())
        check_way(input, server, input.storage[storage], found);
      else
        found.push_back(fmt::format("server {} uses storage {}, but there are {} systems", server.name,
                                    storage, input.storage.size()));
    }
}

void check_peer(const TopologyInput& input, std::uint32_t replica, Found& found) {
  const TopologyPeer& peer = input.peers[replica];
  const TopologyServer& server = input.servers[peer.server];
  check_rate(peer.bytes_per_second, fmt::format("replica {}", replica), found);
  if (!usable_rate(server.nic_bytes_per_second))
    found.push_back(
        fmt::format("server {} hands KV over the network, but its NICs have {} bytes/s; give it NICs",
                    server.name, server.nic_bytes_per_second));
  if (!peer.gives) return;
  for (const std::string& site : sites_that_take(input, replica))
    if (find_site_link(input, server.site, site) == nullptr)
      found.push_back(
          fmt::format("no link between site {} of server {} and site {}, to which it hands KV; "
                      "declare one",
                      server.site, server.name, site));
}

void check_peers(const TopologyInput& input, Found& found) {
  const std::size_t before = found.size();
  for (const TopologyPeer& peer : input.peers)
    if (peer.server >= input.servers.size())
      found.push_back(
          fmt::format("a replica is on server {}, but there are {}", peer.server, input.servers.size()));
  if (found.size() > before) return;
  for (std::uint32_t replica = 0; replica < input.peers.size(); ++replica)
    if (input.peers[replica].bytes_per_second != 0) check_peer(input, replica, found);
}

}  // namespace

std::vector<std::string> faults(const TopologyInput& input) {
  Found found;
  check_storage(input, found);
  check_site_links(input, found);
  check_servers(input, found);
  check_peers(input, found);
  if (!(input.oversubscription >= 1 && input.oversubscription <= 1e18))
    found.push_back(
        fmt::format("oversubscription is {}; give a number of at least 1", input.oversubscription));
  return found.empty() ? faults(Topology(input).plan()) : found;  // the sums of leaf switches
}

}  // namespace kvsim::sim
