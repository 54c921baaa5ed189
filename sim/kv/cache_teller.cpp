// SPDX-License-Identifier: Apache-2.0
#include "sim/kv/cache_teller.h"

#include <utility>

namespace kvsim::sim {
namespace {

using Path = std::vector<Piece>;

void append_path(const CacheNode& node, Path& path) {
  if (node.parent) append_path(*node.parent, path);
  for (const Piece& piece : node.content) traces::append_piece(path, piece);
}

}  // namespace

void CacheTeller::stored(std::uint64_t salt, const std::vector<Piece>& content, std::uint64_t begin,
                         std::uint64_t end) {
  flush();
  listener_->on_cache_event({.kind = CacheEventKind::kStored,
                             .salt = salt,
                             .block_tokens = block_tokens_,
                             .path = std::make_shared<Path>(content),
                             .begin = begin,
                             .end = end});
}

void CacheTeller::removed(const CacheNode& node, std::uint64_t begin, std::uint64_t end) {
  const bool goes_on =
      pending_.path && pending_.begin == end && (node.id == last_node_ || node.id == last_parent_);
  if (!goes_on) {
    flush();
    auto path = std::make_shared<Path>();
    append_path(node, *path);
    pending_ = {.kind = CacheEventKind::kRemoved,
                .salt = node.salt,
                .block_tokens = block_tokens_,
                .path = std::move(path),
                .end = end};
  }
  pending_.begin = begin;
  last_node_ = node.id;
  last_parent_ = node.parent ? node.parent->id : 0;
}

void CacheTeller::flush() {
  if (pending_.path) listener_->on_cache_event(std::exchange(pending_, {}));
}

}  // namespace kvsim::sim
