// SPDX-License-Identifier: Apache-2.0
// Memory of the block stores: objects known by 32-bit places instead of pointers, so that links and tables
// take half the room, and arrays that grow without moving what they hold.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace kvsim::sim {

using BlockIndex = std::uint32_t;
constexpr BlockIndex kNoBlock = ~BlockIndex{0};

template <class T>
class ChunkedArray {
 public:
  T& operator[](BlockIndex place) { return chunks_[place / kChunk][place % kChunk]; }
  const T& operator[](BlockIndex place) const { return chunks_[place / kChunk][place % kChunk]; }
  std::uint64_t size() const { return chunks_.size() * kChunk; }
  void reach(BlockIndex place) {  // makes all places up to this one; new ones hold T{}
    while (size() <= place) chunks_.push_back(std::make_unique<T[]>(kChunk));
  }

 private:
  static constexpr BlockIndex kChunk = 1024;
  std::vector<std::unique_ptr<T[]>> chunks_;
};

// Which places of an array are free; the one given back last is taken first.
class PlacePool {
 public:
  BlockIndex take() {
    if (free_.empty()) return next_++;
    const BlockIndex place = free_.back();
    free_.pop_back();
    return place;
  }
  void give_back(BlockIndex place) { free_.push_back(place); }

 private:
  std::vector<BlockIndex> free_;
  BlockIndex next_ = 0;
};

struct IndexLinks {
  BlockIndex previous = kNoBlock;
  BlockIndex next = kNoBlock;
};

// A doubly linked list; `links` gives the IndexLinks& of a place. Every operation is O(1).
struct IndexList {
  BlockIndex first = kNoBlock;
  BlockIndex last = kNoBlock;

  bool empty() const { return first == kNoBlock; }

  template <class LinksOf>
  void push_back(BlockIndex item, LinksOf links) {
    links(item) = {last, kNoBlock};
    (empty() ? first : links(last).next) = item;
    last = item;
  }
  template <class LinksOf>
  void remove(BlockIndex item, LinksOf links) {
    const IndexLinks old = links(item);
    (old.previous == kNoBlock ? first : links(old.previous).next) = old.next;
    (old.next == kNoBlock ? last : links(old.next).previous) = old.previous;
  }
};

}  // namespace kvsim::sim
