// SPDX-License-Identifier: Apache-2.0
#include "sim/kv/prefix_cache.h"

#include <algorithm>
#include <stdexcept>

#include "sim/kv/prefix_cache_content.h"
#include "sim/kv/prefix_cache_nodes.h"
#include "sim/kv/prefix_cache_runs.h"

namespace kvsim::sim {
namespace {

// Holds to the end of the run: where an older copy of a later block existed, so would one of the block
// before.
CacheRun* oldest_copy(const CacheNode& node, std::uint64_t block) {
  CacheRun* run = node.runs.front();
  while (run && (block < run->begin || run->end <= block)) run = run->newer;
  return run;
}

struct Place {
  const CacheNode* node = nullptr;  // deepest node reached; nullptr: none
  std::uint64_t blocks = 0;
};

// Calls visit(run, begin, end) for the cached blocks of the content, oldest copies first, from the first
// block on.
template <class Visit>
Place walk(const CacheTree& tree, std::uint64_t salt, ContentCursor cursor, std::uint64_t limit,
           const Visit& visit) {
  Place place;
  tree.walk(salt, cursor, limit, [&](const CacheNode& node, std::uint64_t stop) {
    place.node = &node;
    while (place.blocks < stop) {
      CacheRun* run = oldest_copy(node, place.blocks);
      if (!run) return false;
      const std::uint64_t end = std::min(run->end, stop);
      visit(*run, place.blocks, end);
      place.blocks = end;
    }
    return true;
  });
  return place;
}

// Whether a holder's last registered block lies on the way to this place: it agrees with the content so far.
bool has_tail_before(const Place& place) {
  const CacheNode* node = place.node;
  if (node && node->tails > 0 && place.blocks < node->end) {
    for (const CacheRun* run = node->runs.front(); run; run = run->newer) {
      if (run->tails > 0 && run->end <= place.blocks) return true;
    }
    node = node->parent;
  }
  while (node && node->tails == 0) node = node->parent;
  return node != nullptr;
}

void move_tail(BlockHolder& holder, CacheRun& run) {
  if (holder.tail) --holder.tail->tails, --holder.tail->node->tails;
  holder.tail = &run;
  ++run.tails, ++run.node->tails;
}

// The run may have been cut since the holder noted it.
void find_tail(BlockHolder& holder) {
  while (holder.tail && holder.tail->end < holder.registered) holder.tail = holder.tail->copy_next;
}

// Where the next blocks of a sequence belong.
struct Target {
  CacheNode* node = nullptr;
  std::uint64_t end = 0;  // the node agrees with the content up to this block
  bool new_content = false;
};

}  // namespace

struct PrefixCache::State {
  State(const PrefixCacheSettings& given, CacheListener* listener)
      : settings(given),
        tree(given.block_tokens),
        teller(listener, given.block_tokens),
        runs(tree, teller, given.blocks) {}

  Target find_target(const BlockHolder& holder, std::uint64_t salt, ContentCursor& cursor, std::uint64_t end);
  CacheNode* end_node(CacheNode& node, std::uint64_t block);
  CacheNode* split(CacheNode& node, std::uint64_t block);
  void add_registered(BlockHolder& holder, const Target& target);
  void collect_runs(const BlockHolder& holder);

  PrefixCacheSettings settings;
  CacheTree tree;
  CacheTeller teller;
  RunStore runs;
  PrefixCacheCounters counters;
  std::uint64_t beginners = 0;       // holders with blocks, none of them registered: their content is unknown
  std::vector<CacheRun*> collected;  // scratch of release()
};

Target PrefixCache::State::find_target(const BlockHolder& holder, std::uint64_t salt, ContentCursor& cursor,
                                       std::uint64_t end) {
  const std::uint64_t begin = holder.registered;
  const auto follow = [&](CacheNode* node, std::uint64_t blocks) -> Target {
    skip(cursor, blocks * settings.block_tokens);
    return {node, begin + blocks, false};
  };
  CacheNode* node = holder.tail ? holder.tail->node : nullptr;
  if (node && begin < node->end) {
    const std::uint64_t common = tree.common_blocks(*node, begin, cursor, end - begin);
    if (common > 0) return follow(node, common);
    node = end_node(*node, begin);
  }
  if (node && node->children == 0) {
    tree.extend(*node, cursor, end - begin);
    return {node, end, true};
  }
  CacheNode* child = tree.find_child(node, salt, cursor);
  if (child) return follow(child, tree.common_blocks(*child, begin, cursor, end - begin));
  return {tree.add_child(node, salt, cursor, end - begin), end, true};
}

// A node that ends at `block`, where the given one goes on with other content.
CacheNode* PrefixCache::State::end_node(CacheNode& node, std::uint64_t block) {
  bool used_beyond = node.children > 0;
  for (CacheRun* run = node.runs.front(); run; run = run->newer) {
    if (run->end <= block) continue;
    used_beyond = true;
    if (run->begin < block) runs.cut(*run, block);
  }
  if (used_beyond) return split(node, block);
  tree.truncate(node, block);
  return &node;
}

// No run may reach over `block`.
CacheNode* PrefixCache::State::split(CacheNode& node, std::uint64_t block) {
  CacheNode* head = tree.split(node, block);
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
  return head;
}

// A run may grow in place while it is its holder's alone and stays the newest copy of its blocks.
void PrefixCache::State::add_registered(BlockHolder& holder, const Target& target) {
  CacheRun* tail = holder.tail;
  const std::uint64_t blocks = target.end - holder.registered;
  const bool newest = target.new_content || target.node->runs.back() == tail;
  if (tail && tail->node == target.node && tail->holders == 1 && newest) {
    tail->end = target.end;
    holder.parts.back().blocks += blocks;
  } else {
    CacheRun* run = runs.add_copy(*target.node, holder.registered, target.end);
    holder.parts.push_back({run, blocks});
    move_tail(holder, *run);
  }
  holder.registered += static_cast<std::uint32_t>(blocks);
  holder.unregistered -= static_cast<std::uint32_t>(blocks);
}

void PrefixCache::State::collect_runs(const BlockHolder& holder) {
  collected.clear();
  for (const BlockHolder::Part& part : holder.parts) {
    CacheRun* run = part.run;
    for (std::uint64_t left = part.blocks; left > 0; run = run->copy_next) {
      collected.push_back(run);
      left -= run->blocks();
    }
  }
}

PrefixCache::PrefixCache(const PrefixCacheSettings& settings, CacheListener* listener)
    : state_(std::make_unique<State>(settings, listener)) {}
PrefixCache::~PrefixCache() = default;

std::uint64_t PrefixCache::free_blocks() const { return state_->runs.free_blocks(); }
std::uint64_t PrefixCache::total_blocks() const { return state_->settings.blocks; }
std::uint64_t PrefixCache::cached_blocks() const {
  return state_->counters.registered_blocks - state_->counters.evicted_blocks;
}
std::uint64_t PrefixCache::index_size() const { return state_->tree.size(); }
const PrefixCacheCounters& PrefixCache::counters() const { return state_->counters; }

PrefixMatch PrefixCache::match(std::uint64_t salt, const std::vector<Piece>& content,
                               std::uint64_t limit_blocks) const {
  const State& state = *state_;
  if (!state.settings.enabled) return {};
  const std::uint64_t limit = std::min(limit_blocks, state.settings.blocks);
  PrefixMatch match;
  const Place place = walk(state.tree, salt, ContentCursor(content), limit,
                           [&match](const CacheRun& run, std::uint64_t begin, std::uint64_t end) {
                             if (run.holders == 0) match.free_blocks += end - begin;
                           });
  match.blocks = place.blocks;
  const bool may_change = place.blocks < limit || match.free_blocks > 0;
  match.ends_at_held_tail = may_change && (state.beginners > 0 || has_tail_before(place));
  return match;
}

void PrefixCache::take(BlockHolder& holder, std::uint64_t salt, const std::vector<Piece>& content,
                       std::uint64_t blocks) {
  State& state = *state_;
  if (holder.blocks() > 0) throw std::logic_error("prefix cache: only an empty holder takes a match");
  if (blocks == 0) return;
  CacheRun* last = nullptr;
  const auto hold = [&](CacheRun& found, std::uint64_t begin, std::uint64_t end) {
    CacheRun* run = found.begin < begin ? state.runs.cut(found, begin) : &found;
    if (end < run->end) state.runs.cut(*run, end);
    state.runs.hold(*run);
    const bool goes_on = last && last->copy_next == run;
    if (!goes_on) holder.parts.push_back({run, 0});
    holder.parts.back().blocks += run->blocks();
    last = run;
  };
  const Place place = walk(state.tree, salt, ContentCursor(content), blocks, hold);
  if (place.blocks < blocks) throw std::logic_error("prefix cache: the match to take is shorter");
  holder.registered = static_cast<std::uint32_t>(blocks);
  move_tail(holder, *last);
  ContentCursor cursor(content);
  skip(cursor, blocks * state.settings.block_tokens);
  holder.next_piece = static_cast<std::size_t>(cursor.piece - content.data());
  holder.next_offset = cursor.offset;
}

void PrefixCache::allocate(BlockHolder& holder, std::uint64_t count) {
  if (count == 0) return;
  if (holder.blocks() == 0) ++state_->beginners;
  state_->counters.evicted_blocks += state_->runs.take_front(count);
  holder.unregistered += static_cast<std::uint32_t>(count);
}

void PrefixCache::register_full(BlockHolder& holder, std::uint64_t salt, const std::vector<Piece>& content,
                                std::uint64_t full_blocks) {
  State& state = *state_;
  if (!state.settings.enabled || full_blocks <= holder.registered) return;
  if (full_blocks > holder.blocks())
    throw std::logic_error("prefix cache: more full blocks than the holder has");
  if (holder.registered == 0) --state.beginners;
  state.counters.registered_blocks += full_blocks - holder.registered;
  if (state.teller.listens()) state.teller.stored(salt, content, holder.registered, full_blocks);
  ContentCursor cursor(content, holder.next_piece, holder.next_offset);
  find_tail(holder);
  while (holder.registered < full_blocks) {
    state.add_registered(holder, state.find_target(holder, salt, cursor, full_blocks));
  }
  holder.next_piece = static_cast<std::size_t>(cursor.piece - content.data());
  holder.next_offset = cursor.offset;
}

void PrefixCache::flush_events() { state_->teller.flush(); }

void PrefixCache::release(BlockHolder& holder) {
  State& state = *state_;
  if (holder.registered == 0 && holder.unregistered > 0) --state.beginners;
  find_tail(holder);
  if (holder.tail) --holder.tail->tails, --holder.tail->node->tails;
  state.runs.release_unhashed(holder.unregistered, state.settings.unhashed_blocks_first);
  state.collect_runs(holder);
  for (auto run = state.collected.rbegin(); run != state.collected.rend(); ++run) state.runs.release(**run);
  holder.parts.clear();
  holder.registered = holder.unregistered = 0;
  holder.tail = nullptr;
  holder.next_piece = 0;
  holder.next_offset = 0;
}

}  // namespace kvsim::sim
