// SPDX-License-Identifier: Apache-2.0
// Data of the precise index: a tree of what engines hold, and who holds which of a node's blocks. Engines
// tell block by block as they compute, so nodes do not end where events end: they grow in place and say in
// ranges what is held of them.
#pragma once

#include <cstdint>
#include <vector>

#include "base/time.h"
#include "sim/kv/content_tree.h"
#include "sim/routing/endpoint.h"

namespace kvsim::sim {

struct BlockClaim {
  EndpointId endpoint = 0;
  bool speculative = false;
  friend bool operator==(const BlockClaim&, const BlockClaim&) = default;
};

struct ClaimedBlocks {
  BlockClaim claim;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  Nanoseconds until = kNever;  // of speculative ones
};

// Of one claim there is more than one range where a block between was told to be gone (an engine that dropped
// one of two copies).
struct PreciseNode : ContentNode<PreciseNode> {
  std::vector<ClaimedBlocks> claimed;  // the claim that was told last stands last
};

class PreciseTree {
 public:
  PreciseTree(std::uint32_t block_tokens, std::uint32_t claims_per_node)
      : tree_(block_tokens), block_tokens_(block_tokens), claims_per_node_(claims_per_node) {}

  const ContentTree<PreciseNode>& content() const { return tree_; }

  // Blocks [begin, end) of the content are claimed until `until`; what was known of them before is replaced.
  void store(const BlockClaim& claim, std::uint64_t salt, const std::vector<Piece>& content,
             std::uint64_t begin, std::uint64_t end, Nanoseconds until);
  // Takes them away again, but for those that are claimed beyond `until`.
  void remove(const BlockClaim& claim, std::uint64_t salt, const std::vector<Piece>& content,
              std::uint64_t begin, std::uint64_t end, Nanoseconds until);
  // All claims of an endpoint, speculative or not.
  void forget(EndpointId endpoint);

 private:
  PreciseNode* next_on_path(PreciseNode* node, std::uint64_t salt, ContentCursor& at, std::uint64_t done,
                            std::uint64_t blocks, std::uint64_t& stop);
  PreciseNode* end_node(PreciseNode& node, std::uint64_t block);
  void claim(PreciseNode& node, ClaimedBlocks blocks);
  void keep_newest(PreciseNode& node) const;
  void prune(PreciseNode* node);

  ContentTree<PreciseNode> tree_;
  std::uint32_t block_tokens_;
  std::uint32_t claims_per_node_;
};

}  // namespace kvsim::sim
