// SPDX-License-Identifier: Apache-2.0
// Which endpoint was sent which prompts: the radix tree over texts that SGLang's router keeps (its tree.rs),
// counted in tokens. Every node names the endpoints that were sent a prompt with it; an endpoint that has a
// node has all nodes above it. Prompts of unlike salts have nothing in common.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <tuple>
#include <vector>

#include "sim/routing/endpoint.h"
#include "traces/request.h"

namespace kvsim::sim {

class TextTree {
 public:
  explicit TextTree(std::size_t endpoints) : tokens_(endpoints) {}

  struct Match {
    std::uint64_t tokens = 0;            // leading, that one of the candidates was sent before
    std::optional<EndpointId> endpoint;  // of those that were sent all of them, the latest
  };
  Match match(std::uint64_t salt, const std::vector<traces::Piece>& prompt,
              const EndpointIds& candidates) const;

  void insert(EndpointId endpoint, std::uint64_t salt, const std::vector<traces::Piece>& prompt);
  // Tokens of the nodes that name the endpoint.
  std::uint64_t tokens(EndpointId endpoint) const { return tokens_[endpoint]; }
  // Where an endpoint has more: takes its name off leaves, the one that was used longest ago first.
  void evict(std::uint64_t max_tokens);
  void forget(EndpointId endpoint) { evict(endpoint, 0); }  // takes its name off everything

 private:
  using Key = std::tuple<std::uint64_t, std::uint64_t, std::uint64_t>;  // salt, and where the first token is
  struct Holder {
    EndpointId endpoint;
    std::uint64_t used;  // turn of its last insert
  };
  struct Node {
    Node* above = nullptr;
    std::vector<traces::Piece> content;
    std::uint64_t tokens = 0;
    std::map<Key, std::unique_ptr<Node>> below;
    std::vector<Holder> holders;  // by endpoint
    EndpointId latest = 0;        // holder
    Key key;                      // above
    const Holder* find(EndpointId endpoint) const;
    const Holder* latest_of(const EndpointIds& candidates) const;
    bool is_leaf_of(EndpointId endpoint) const;
  };

  static void cut(Node& node, std::uint64_t tokens);
  void use(Node& node, EndpointId endpoint);
  void forget(Node& node, EndpointId endpoint);
  void evict(EndpointId endpoint, std::uint64_t max_tokens);
  static void collect_leaves(Node& node, EndpointId endpoint, std::vector<Node*>& leaves);

  Node root_;
  std::vector<std::uint64_t> tokens_;  // by endpoint
  std::uint64_t turn_ = 0;
};

}  // namespace kvsim::sim
