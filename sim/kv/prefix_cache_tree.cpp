// SPDX-License-Identifier: Apache-2.0
#include "sim/kv/prefix_cache_tree.h"

#include <optional>
#include <utility>

#include "base/random.h"

namespace kvsim::sim {
namespace {

std::uint64_t child_hash(const CacheNode* parent, std::uint64_t salt, std::uint64_t first_block) {
  return mix64(first_block ^ mix64(parent ? parent->id : ~salt));
}

}  // namespace

ContentTree::ContentTree(std::uint32_t block_tokens) : block_tokens_(block_tokens), table_(64, nullptr) {}

CacheNode* ContentTree::find_child(const CacheNode* parent, std::uint64_t salt,
                                   const ContentCursor& at) const {
  const std::optional<std::uint64_t> first_block = hash_tokens(at, block_tokens_);
  if (!first_block) return nullptr;
  const std::uint64_t hash = child_hash(parent, salt, *first_block);
  CacheNode* node = table_[bucket(hash)];
  while (node && !(node->hash == hash && node->parent == parent && node->salt == salt &&
                   common_blocks(*node, node->begin, at, 1) == 1)) {
    node = node->bucket_next;
  }
  return node;
}

std::uint64_t ContentTree::common_blocks(const CacheNode& node, std::uint64_t block, const ContentCursor& at,
                                         std::uint64_t limit) const {
  ContentCursor own(node.content);
  skip(own, (block - node.begin) * block_tokens_);
  return common_tokens(own, at, limit * block_tokens_) / block_tokens_;
}

CacheNode* ContentTree::new_node() {
  CacheNode* node = nodes_.make();
  std::vector<Piece> content = std::move(node->content);
  content.clear();
  *node = CacheNode{};
  node->content = std::move(content);
  node->id = ++last_id_;
  return node;
}

CacheNode* ContentTree::add_child(CacheNode* parent, std::uint64_t salt, ContentCursor& at,
                                  std::uint64_t blocks) {
  CacheNode* node = new_node();
  node->parent = parent;
  node->salt = salt;
  node->begin = node->end = parent ? parent->end : 0;
  if (parent) ++parent->children;
  extend(*node, at, blocks);
  insert(*node);
  return node;
}

void ContentTree::extend(CacheNode& node, ContentCursor& at, std::uint64_t blocks) {
  copy_tokens(at, blocks * block_tokens_, node.content);
  node.end += blocks;
}

void ContentTree::truncate(CacheNode& node, std::uint64_t block) {
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

CacheNode* ContentTree::split(CacheNode& node, std::uint64_t block) {
  erase(node);
  ContentCursor cursor(node.content);
  CacheNode* head = new_node();
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
  for (CacheRun* run = node.runs.front(); run;) {
    CacheRun* next = run->newer;
    if (run->end <= block) {
      node.runs.remove(*run);
      head->runs.push_back(*run);
      run->node = head;
      head->tails += run->tails;
      node.tails -= run->tails;
    }
    run = next;
  }
  insert(*head);
  insert(node);
  return head;
}

void ContentTree::drop(CacheNode& node) {
  if (node.parent) --node.parent->children;
  erase(node);
  nodes_.recycle(&node);
}

void ContentTree::insert(CacheNode& node) {
  if (size_++ == table_.size()) grow_table();
  node.hash = child_hash(node.parent, node.salt, *hash_tokens(ContentCursor(node.content), block_tokens_));
  CacheNode*& head = table_[bucket(node.hash)];
  node.bucket_next = head;
  head = &node;
}

void ContentTree::erase(const CacheNode& node) {
  --size_;
  CacheNode** link = &table_[bucket(node.hash)];
  while (*link != &node) link = &(*link)->bucket_next;
  *link = node.bucket_next;
}

void ContentTree::grow_table() {
  std::vector<CacheNode*> old(table_.size() * 2, nullptr);
  old.swap(table_);
  for (CacheNode* chain : old) {
    while (chain) {
      CacheNode* node = std::exchange(chain, chain->bucket_next);
      node->bucket_next = std::exchange(table_[bucket(node->hash)], node);
    }
  }
}

}  // namespace kvsim::sim
