// SPDX-License-Identifier: Apache-2.0
// Data of the approximate index: a tree of what was sent, in blocks, and who is believed to hold it. Contents
// end where nodes end, and lists forget from the head of a prompt on, so that who holds some of a node's
// blocks holds its last ones.
//
// LRU lists of single blocks would say the same: a prompt is used as a whole, head first, so its nodes go to
// the new end of the endpoint's list in that order, each standing for its blocks from the first to the last.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/kv/content_tree.h"
#include "sim/routing/endpoint.h"

namespace kvsim::sim {

struct ApproximateNode;

// Blocks of one node in one endpoint's list.
struct Holding {
  ApproximateNode* node = nullptr;
  Holding* older = nullptr;
  Holding* newer = nullptr;
};

struct Holder {
  EndpointId endpoint = 0;
  std::uint32_t lost = 0;  // blocks at the node's beginning that it does not hold, or no more
  Holding* holding = nullptr;
};

struct ApproximateNode : ContentNode<ApproximateNode> {
  std::vector<Holder> holders;  // ascending endpoints
  std::size_t whole = 0;        // holders of all its blocks

  std::uint64_t blocks() const { return end - begin; }
};

class ApproximateTree {
 public:
  ApproximateTree(std::uint32_t block_tokens, const std::vector<std::uint64_t>& capacity_blocks)
      : tree_(block_tokens), block_tokens_(block_tokens), lists_(capacity_blocks.size()) {
    for (std::size_t i = 0; i < lists_.size(); ++i) lists_[i].capacity = capacity_blocks[i];
  }

  const ContentTree<ApproximateNode>& content() const { return tree_; }
  std::size_t endpoints() const { return lists_.size(); }
  std::uint64_t entries(EndpointId endpoint) const { return lists_[endpoint].blocks; }

  // The endpoint uses the first `blocks` blocks of the content and forgets what its list has no room for.
  void use(EndpointId endpoint, std::uint64_t salt, const std::vector<Piece>& content, std::uint64_t blocks);
  void forget(EndpointId endpoint) { keep_newest(endpoint, 0); }  // all that it holds

 private:
  struct List {
    LinkedList<Holding, &Holding::older, &Holding::newer> holdings;  // the oldest in front
    std::uint64_t blocks = 0;
    std::uint64_t capacity = 0;
  };

  ApproximateNode* next_on_path(ApproximateNode* node, std::uint64_t salt, ContentCursor& at,
                                std::uint64_t blocks);
  ApproximateNode* split(ApproximateNode& node, std::uint64_t block);
  void hold(EndpointId endpoint, ApproximateNode& node);
  void keep_newest(EndpointId endpoint, std::uint64_t blocks);
  void forget_oldest(EndpointId endpoint, std::uint64_t most_blocks);
  void remove(ApproximateNode& node, std::vector<Holder>::iterator holder);

  ContentTree<ApproximateNode> tree_;
  std::uint32_t block_tokens_;
  std::vector<List> lists_;  // by endpoint
  Slab<Holding> holdings_;
};

}  // namespace kvsim::sim
