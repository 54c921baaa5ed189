// SPDX-License-Identifier: Apache-2.0
// Look-ups in a TopologyInput, for its faults and for what is built of it.
#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "sim/fabric/topology.h"

namespace kvsim::sim {

inline std::vector<std::uint32_t> users_of(const TopologyInput& input, std::uint32_t storage) {
  std::vector<std::uint32_t> users;
  for (std::uint32_t server = 0; server < input.servers.size(); ++server) {
    const auto& used = input.servers[server].storage;
    if (std::find(used.begin(), used.end(), storage) != used.end()) users.push_back(server);
  }
  return users;
}

// The link that leads from one site to another: as declared, else the one declared the other way round;
// nullptr: neither.
inline const TopologySiteLink* find_site_link(const TopologyInput& input, const std::string& from,
                                              const std::string& to) {
  const TopologySiteLink* reverse = nullptr;
  for (const TopologySiteLink& link : input.site_links) {
    if (link.from == from && link.to == to) return &link;
    if (link.from == to && link.to == from) reverse = &link;
  }
  return reverse;
}

// Sites, other than its own, of the replicas that take KV from `replica`.
inline std::set<std::string> sites_that_take(const TopologyInput& input, std::uint32_t replica) {
  const TopologyPeer& giver = input.peers[replica];
  std::set<std::string> sites;
  for (const TopologyPeer& peer : input.peers)
    if (peer.takes && peer.bytes_per_second > 0 && peer.group == giver.group)
      sites.insert(input.servers[peer.server].site);
  sites.erase(input.servers[giver.server].site);
  return sites;
}

}  // namespace kvsim::sim
