// SPDX-License-Identifier: Apache-2.0
// Building blocks of the prefix cache: a slab of recycled objects and a doubly linked list threaded through
// them.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace kvsim::sim {

// Objects that keep their address, side by side in chunks. make() gives a recycled one as it was left, or a
// new one.
template <class T>
class Slab {
 public:
  T* make() {
    if (spare_.empty()) return make_new();
    T* item = spare_.back();
    spare_.pop_back();
    return item;
  }
  void recycle(T* item) { spare_.push_back(item); }

  // Every object, recycled ones among them.
  template <class Visit>
  void visit(const Visit& visit) {
    for (std::size_t i = 0; i < made_; ++i) visit(chunks_[i / kChunk][i % kChunk]);
  }

 private:
  static constexpr std::size_t kChunk = 16;

  T* make_new() {
    if (made_ % kChunk == 0) chunks_.push_back(std::make_unique<T[]>(kChunk));
    const std::size_t place = made_++ % kChunk;
    return &chunks_.back()[place];
  }

  std::vector<std::unique_ptr<T[]>> chunks_;
  std::size_t made_ = 0;
  std::vector<T*> spare_;
};

// A list through the members `Previous` and `Next` of its elements; every operation is O(1).
template <class T, T* T::*Previous, T* T::*Next>
class LinkedList {
 public:
  T* front() const { return front_; }
  T* back() const { return back_; }
  bool empty() const { return front_ == nullptr; }

  void push_front(T& item) { link(nullptr, item, front_); }
  void push_back(T& item) { link(back_, item, nullptr); }
  void insert_before(T& place, T& item) { link(place.*Previous, item, &place); }
  void insert_after(T& place, T& item) { link(&place, item, place.*Next); }
  void remove(T& item) {
    (item.*Previous ? item.*Previous->*Next : front_) = item.*Next;
    (item.*Next ? item.*Next->*Previous : back_) = item.*Previous;
  }

 private:
  void link(T* previous, T& item, T* next) {
    item.*Previous = previous;
    item.*Next = next;
    (previous ? previous->*Next : front_) = &item;
    (next ? next->*Previous : back_) = &item;
  }

  T* front_ = nullptr;
  T* back_ = nullptr;
};

}  // namespace kvsim::sim
