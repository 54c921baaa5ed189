// SPDX-License-Identifier: Apache-2.0
// burst-prefix-cache-producer: requests of one burst with the same beginning belong together. A window opens
// with a request and lasts windowDurationMs or maxBatchSize requests. Within it, a request that shares at
// least minColocateBlocks blocks with one sent earlier matches them where that one was sent, unless
// maxPerReplica requests went there for it already; of several it is the longest match, then the one that has
// had less (balanceBy). The real producer holds a burst until its window ends and places it at once; here the
// first of each group is placed as it comes, and nobody is held. A limit of 0 is none.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/routing/plugin_registry.h"

namespace kvsim::sim {

class BurstPrefixProducer final : public PrefixProducer {
 public:
  BurstPrefixProducer(const PluginSettings& settings, PluginSet&);
  void produce(const RoutingCall& call) override;
  void dispatched(const RoutingCall& call, const Ticket& ticket) override;
  void endpoint_gone(EndpointId endpoint) override;
  const PrefixMatches& matches() const override { return matches_; }

 private:
  struct Group {  // requests of this window that were sent to one place for one beginning
    std::uint64_t salt;
    std::vector<traces::Piece> prompt;
    std::uint64_t tokens;
    EndpointId endpoint;
    double requests, load;
  };
  void turn_window(Nanoseconds now);
  std::uint64_t looked_at(const RouteRequest& request) const;
  std::uint32_t shared_blocks(const Group& group, const RouteRequest& request) const;

  Nanoseconds window_;
  double max_per_replica_, max_tokens_, max_batch_;
  std::uint32_t least_blocks_;
  bool by_tokens_;
  Nanoseconds window_end_ = 0;
  double seen_ = 0;  // requests of the window
  std::vector<Group> groups_;
  std::optional<std::size_t> group_;  // of the current request
  PrefixMatches matches_;
};

}  // namespace kvsim::sim
