// SPDX-License-Identifier: Apache-2.0
// Which endpoints have a block in host memory, by the block's key.
#pragma once

#include <algorithm>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "sim/kv/block_keys.h"
#include "sim/routing/endpoint.h"

namespace kvsim::sim {

class HostBlocks {
 public:
  explicit HostBlocks(std::uint32_t endpoints_per_key) : endpoints_per_key_(endpoints_per_key) {}

  bool empty() const { return holders_.empty(); }

  void store(EndpointId endpoint, BlockKey key) {
    EndpointIds& holders = holders_[key];
    std::erase(holders, endpoint);
    holders.push_back(endpoint);
    if (holders.size() > endpoints_per_key_) holders.erase(holders.begin());
  }
  void remove(EndpointId endpoint, BlockKey key) {
    const auto found = holders_.find(key);
    if (found == holders_.end()) return;
    std::erase(found->second, endpoint);
    if (found->second.empty()) holders_.erase(found);
  }
  void forget(EndpointId endpoint) {
    for (auto& [key, holders] : holders_) std::erase(holders, endpoint);
    std::erase_if(holders_, [](const auto& entry) { return entry.second.empty(); });
  }
  // In the order in which they were told; nullptr: nobody.
  const EndpointIds* find(BlockKey key) const {
    const auto found = holders_.find(key);
    return found == holders_.end() ? nullptr : &found->second;
  }

 private:
  std::uint32_t endpoints_per_key_;
  std::unordered_map<BlockKey, EndpointIds> holders_;
};

}  // namespace kvsim::sim
