// SPDX-License-Identifier: Apache-2.0
// The radix tree of cached content: all nodes of all salts, found by (parent, first block) in one hash table.
// Contents are compared in full, so that a collision of hashes costs time, never a wrong hit.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/kv/prefix_cache_content.h"
#include "sim/kv/prefix_cache_nodes.h"

namespace kvsim::sim {

class ContentTree {
 public:
  explicit ContentTree(std::uint32_t block_tokens);

  // The child of `parent` (nullptr: a beginning under `salt`) whose first block stands at the cursor, or
  // nullptr.
  CacheNode* find_child(const CacheNode* parent, std::uint64_t salt, const ContentCursor& at) const;

  // Whole blocks from `block` on that are the same as those at the cursor, at most `limit`.
  std::uint64_t common_blocks(const CacheNode& node, std::uint64_t block, const ContentCursor& at,
                              std::uint64_t limit) const;

  // Adds `blocks` blocks from the cursor on, moving it: as a new child, which must not exist, or to a
  // childless node.
  CacheNode* add_child(CacheNode* parent, std::uint64_t salt, ContentCursor& at, std::uint64_t blocks);
  void extend(CacheNode& node, ContentCursor& at, std::uint64_t blocks);

  // Ends the node's content at `block`, from where on it must have neither runs nor children.
  void truncate(CacheNode& node, std::uint64_t block);

  // Cuts a node in two; no run may reach over `block`. The given node keeps the end and its children; the
  // beginning is a new node, which is returned.
  CacheNode* split(CacheNode& node, std::uint64_t block);

  // Frees a node without runs, which has no children then.
  void drop(CacheNode& node);

  std::uint64_t size() const { return size_; }

 private:
  CacheNode* new_node();
  void insert(CacheNode& node);
  void erase(const CacheNode& node);
  void grow_table();
  std::size_t bucket(std::uint64_t hash) const { return hash & (table_.size() - 1); }

  std::uint64_t block_tokens_;
  std::uint64_t last_id_ = 0;
  std::uint64_t size_ = 0;
  std::vector<CacheNode*> table_;  // heads of chains; a power of two
  Slab<CacheNode> nodes_;
};

}  // namespace kvsim::sim
