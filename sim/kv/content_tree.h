// SPDX-License-Identifier: Apache-2.0
// A radix tree of content: all nodes of all salts, found by (parent, first block) in one hash table. Contents
// are compared in full, so that a collision of hashes costs time, never a wrong hit.
//
// A node is a stretch of content, in whole blocks, that follows its parent's last block; children of one
// parent differ in their first block. What else a node knows is its user's: Node derives from
// ContentNode<Node>.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/random.h"
#include "sim/kv/prefix_cache_content.h"
#include "sim/kv/prefix_cache_memory.h"

namespace kvsim::sim {

template <class Node>
struct ContentNode {
  Node* parent = nullptr;  // nullptr: begins a sequence
  std::uint64_t id = 0;    // never used twice
  std::uint64_t salt = 0;
  std::uint64_t begin = 0;  // blocks [begin, end) of the sequence
  std::uint64_t end = 0;
  std::vector<Piece> content;
  std::uint64_t children = 0;
  std::uint64_t hash = 0;  // of parent and first block
  Node* bucket_next = nullptr;
};

template <class Node>
class ContentTree {
 public:
  explicit ContentTree(std::uint32_t block_tokens) : block_tokens_(block_tokens), table_(64, nullptr) {}

  // The child of `parent` (nullptr: a beginning under `salt`) whose first block stands at the cursor, or
  // nullptr.
  Node* find_child(const Node* parent, std::uint64_t salt, const ContentCursor& at) const;

  // Whole blocks from `block` on that are the same as those at the cursor, at most `limit`.
  std::uint64_t common_blocks(const Node& node, std::uint64_t block, const ContentCursor& at,
                              std::uint64_t limit) const;

  // Goes along the first `blocks` blocks of the content for as long as the tree has them: calls visit(node,
  // stop) with each node on the way and the block up to which it agrees. False from visit() ends the way.
  template <class Visit>
  void walk(std::uint64_t salt, ContentCursor at, std::uint64_t blocks, const Visit& visit) const;

  // Every node once, in no order that means anything; none may come or go meanwhile.
  template <class Visit>
  void visit(const Visit& visit) const {
    for (Node* head : table_)
      for (Node* node = head; node != nullptr; node = node->bucket_next) visit(*node);
  }

  // Adds `blocks` blocks from the cursor on, moving it: as a new child, which must not exist, or to a
  // childless node.
  Node* add_child(Node* parent, std::uint64_t salt, ContentCursor& at, std::uint64_t blocks);
  void extend(Node& node, ContentCursor& at, std::uint64_t blocks);

  // Ends the node's content at `block`, from where on it must have neither children nor anything of its
  // user's.
  void truncate(Node& node, std::uint64_t block);

  // Cuts a node in two. The given node keeps the end, its children and all that its user put there; the
  // beginning is a new node, which is returned.
  Node* split(Node& node, std::uint64_t block);

  // Frees a node without children.
  void drop(Node& node);

  std::uint64_t size() const { return size_; }

 private:
  static std::uint64_t child_hash(const Node* parent, std::uint64_t salt, std::uint64_t first_block) {
    return mix64(first_block ^ mix64(parent ? parent->id : ~salt));
  }
  Node* new_node();
  void insert(Node& node);
  void erase(const Node& node);
  void grow_table();
  std::size_t bucket(std::uint64_t hash) const { return hash & (table_.size() - 1); }

  std::uint64_t block_tokens_;
  std::uint64_t last_id_ = 0;
  std::uint64_t size_ = 0;
  std::vector<Node*> table_;  // heads of chains; a power of two
  Slab<Node> nodes_;
};

template <class Node>
Node* ContentTree<Node>::find_child(const Node* parent, std::uint64_t salt, const ContentCursor& at) const {
  const std::optional<std::uint64_t> first_block = hash_tokens(at, block_tokens_);
  if (!first_block) return nullptr;
  const std::uint64_t hash = child_hash(parent, salt, *first_block);
  Node* node = table_[bucket(hash)];
  while (node && !(node->hash == hash && node->parent == parent && node->salt == salt &&
                   common_blocks(*node, node->begin, at, 1) == 1)) {
    node = node->bucket_next;
  }
  return node;
}

template <class Node>
std::uint64_t ContentTree<Node>::common_blocks(const Node& node, std::uint64_t block, const ContentCursor& at,
                                               std::uint64_t limit) const {
  ContentCursor own(node.content);
  skip(own, (block - node.begin) * block_tokens_);
  return common_tokens(own, at, limit * block_tokens_) / block_tokens_;
}

template <class Node>
template <class Visit>
void ContentTree<Node>::walk(std::uint64_t salt, ContentCursor at, std::uint64_t blocks,
                             const Visit& visit) const {
  Node* node = nullptr;
  for (std::uint64_t done = 0; done < blocks;) {
    node = find_child(node, salt, at);
    if (!node) return;
    const std::uint64_t common = common_blocks(*node, done, at, blocks - done);
    done += common;
    if (!visit(*node, done) || done < node->end) return;
    skip(at, common * block_tokens_);
  }
}

template <class Node>
Node* ContentTree<Node>::new_node() {
  Node* node = nodes_.make();
  std::vector<Piece> content = std::move(node->content);
  content.clear();
  *node = Node{};
  node->content = std::move(content);
  node->id = ++last_id_;
  return node;
}

template <class Node>
Node* ContentTree<Node>::add_child(Node* parent, std::uint64_t salt, ContentCursor& at,
                                   std::uint64_t blocks) {
  Node* node = new_node();
  node->parent = parent;
  node->salt = salt;
  node->begin = node->end = parent ? parent->end : 0;
  if (parent) ++parent->children;
  extend(*node, at, blocks);
  insert(*node);
  return node;
}

template <class Node>
void ContentTree<Node>::extend(Node& node, ContentCursor& at, std::uint64_t blocks) {
  copy_tokens(at, blocks * block_tokens_, node.content);
  node.end += blocks;
}

template <class Node>
void ContentTree<Node>::truncate(Node& node, std::uint64_t block) {
  std::uint64_t tokens = (block - node.begin) * block_tokens_;
  std::size_t kept = 0;
  for (; tokens > 0; ++kept) {
    Piece& piece = node.content[kept];
    if (piece.tokens > tokens) piece.tokens = static_cast<std::uint32_t>(tokens);
    tokens -= piece.tokens;
  }
  node.content.resize(kept);
  node.end = block;
}

template <class Node>
Node* ContentTree<Node>::split(Node& node, std::uint64_t block) {
  erase(node);
  ContentCursor cursor(node.content);
  Node* head = new_node();
  head->parent = node.parent;
  head->salt = node.salt;
  head->begin = head->end = node.begin;
  head->children = 1;
  extend(*head, cursor, block - node.begin);
  std::vector<Piece> rest;
  copy_tokens(cursor, (node.end - block) * block_tokens_, rest);
  node.content = std::move(rest);
  node.parent = head;
  node.begin = block;
  insert(*head);
  insert(node);
  return head;
}

template <class Node>
void ContentTree<Node>::drop(Node& node) {
  if (node.parent) --node.parent->children;
  erase(node);
  nodes_.recycle(&node);
}

template <class Node>
void ContentTree<Node>::insert(Node& node) {
  if (size_++ == table_.size()) grow_table();
  node.hash = child_hash(node.parent, node.salt, *hash_tokens(ContentCursor(node.content), block_tokens_));
  Node*& head = table_[bucket(node.hash)];
  node.bucket_next = head;
  head = &node;
}

template <class Node>
void ContentTree<Node>::erase(const Node& node) {
  --size_;
  Node** link = &table_[bucket(node.hash)];
  while (*link != &node) link = &(*link)->bucket_next;
  *link = node.bucket_next;
}

template <class Node>
void ContentTree<Node>::grow_table() {
  std::vector<Node*> old(table_.size() * 2, nullptr);
  old.swap(table_);
  for (Node* chain : old) {
    while (chain) {
      Node* node = std::exchange(chain, chain->bucket_next);
      node->bucket_next = std::exchange(table_[bucket(node->hash)], node);
    }
  }
}

}  // namespace kvsim::sim
