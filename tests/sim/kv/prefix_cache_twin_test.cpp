// SPDX-License-Identifier: Apache-2.0
// Does the cache by runs give the same hits and evictions as the block-by-block pool, whatever happens to it?
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <list>

#include "base/random.h"
#include "tests/sim/kv/cache_pair.h"

namespace kvsim::sim {
namespace {

constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();

template <class T>
const T& any_of(RandomStream& random, const std::vector<T>& items) {
  return items[random.below(items.size())];
}

struct Running {
  Sequence sequence;  // prompt, then answer so far
  PairedHolder holder;
  std::uint64_t tokens = 0;  // of the sequence
  std::uint64_t computed = 0;
  std::uint64_t answer_stream = 0;
};

// A small engine that makes random choices: admits, computes chunks, decodes, preempts, finishes.
class Scenario {
 public:
  explicit Scenario(std::uint64_t seed)
      : random_(seed, "prefix cache twin"), settings_(random_settings()), pair_(settings_, true) {}

  void run() {
    const int operations = settings_.blocks > 100 ? 500 : 120;
    for (int i = 0; i < operations && !testing::Test::HasFailure(); ++i) {
      step();
      if (i % 8 == 0) match_all();
    }
    match_all();
    while (!running_.empty()) release(running_.begin());
    EXPECT_EQ(pair_.cache().free_blocks(), settings_.blocks);
    match_all();
  }

 private:
  PrefixCacheSettings random_settings() {
    PrefixCacheSettings settings;
    settings.blocks = any_of<std::uint64_t>(random_, {2, 3, 4, 5, 6, 7, 8, 16, 64, 1000});
    settings.block_tokens = any_of<std::uint32_t>(random_, {1, 2, 4, 16});
    settings.unhashed_blocks_first = random_.below(2) == 0;
    settings.enabled = random_.below(40) != 0;
    return settings;
  }

  void step() {
    const std::uint64_t choice = random_.below(10);
    if (choice < 3 || running_.empty()) return admit(choice == 0 ? take_waiting() : new_sequence());
    const auto chosen = std::next(running_.begin(), static_cast<long>(random_.below(running_.size())));
    if (choice < 8) return advance(chosen);
    if (choice == 8) waiting_.push_back(chosen->sequence);  // preempted: comes back with its answer so far
    release(chosen);
  }

  // --- content
  // -------------------------------------------------------------------------------------------------
  std::uint64_t random_length() {
    const std::uint64_t blocks = random_.below(std::min<std::uint64_t>(settings_.blocks, 40)) + 1;
    const std::uint64_t partial = random_.below(2) * random_.below(settings_.block_tokens);
    return std::max<std::uint64_t>(1, blocks * settings_.block_tokens - partial);
  }

  // Cuts at random places, so that equal contents come as different pieces.
  void append(std::vector<Piece>& content, Piece piece) {
    while (piece.tokens > 0) {
      const auto tokens =
          static_cast<std::uint32_t>(random_.below(4) == 0 ? random_.below(piece.tokens) + 1 : piece.tokens);
      content.push_back({piece.stream, piece.offset, tokens});
      piece.offset += tokens;
      piece.tokens -= tokens;
    }
  }

  Sequence new_sequence() {
    Sequence sequence;
    sequence.salt = random_.below(8) == 0 ? 1 : 0;
    if (!known_.empty() && random_.below(4) > 0) {
      const Sequence& other = any_of(random_, known_);
      const std::uint64_t kept = random_.below(3) == 0 ? kNoLimit : random_.below(random_length()) + 1;
      for (std::uint64_t left = kept; const Piece& piece : other.content) {
        append(sequence.content, {piece.stream, piece.offset,
                                  static_cast<std::uint32_t>(std::min<std::uint64_t>(piece.tokens, left))});
        left -= std::min<std::uint64_t>(piece.tokens, left);
      }
    }
    if (sequence.content.empty() || random_.below(2) == 0) {
      const Piece piece{random_.below(3), random_.below(2) * 3, static_cast<std::uint32_t>(random_length())};
      append(sequence.content, piece);
    }
    return sequence;
  }

  Sequence take_waiting() {
    if (waiting_.empty()) return new_sequence();
    Sequence sequence = waiting_.front();
    waiting_.erase(waiting_.begin());
    return sequence;
  }

  void name_blocks(Sequence& sequence) {
    sequence.identities = block_identities(sequence.salt, sequence.content, settings_.block_tokens);
  }

  // --- the engine
  // ----------------------------------------------------------------------------------------------
  std::uint64_t blocks_for(std::uint64_t tokens) const {
    return (tokens + settings_.block_tokens - 1) / settings_.block_tokens;
  }

  void admit(Sequence sequence) {
    name_blocks(sequence);
    Running request;
    request.tokens = traces::total_tokens(sequence.content);
    request.answer_stream = 1000 + random_.below(6);
    const PrefixMatch match = pair_.match(sequence, (request.tokens - 1) / settings_.block_tokens);
    request.computed = match.blocks * settings_.block_tokens + 1;
    request.computed += random_.below(request.tokens - request.computed + 1);
    const std::uint64_t need = blocks_for(request.computed) - match.blocks;
    if (need + match.free_blocks > pair_.cache().free_blocks()) return remember(sequence);
    pair_.take(request.holder, sequence, match.blocks);
    pair_.allocate(request.holder, need);
    request.sequence = sequence;
    remember(sequence);
    running_.push_back(request);
    register_computed(running_.back());
  }

  void advance(std::list<Running>::iterator chosen) {
    Running& request = *chosen;
    std::uint64_t grant = random_.below(3) == 0 ? 1 : random_.below(settings_.block_tokens * 4ull) + 1;
    if (request.computed == request.tokens) {
      grow_answer(request, static_cast<std::uint32_t>(grant));
    }
    grant = std::min(grant, request.tokens - request.computed);
    const std::uint64_t need = blocks_for(request.computed + grant) - request.holder.runs.blocks();
    if (need > pair_.cache().free_blocks()) {
      waiting_.push_back(request.sequence);
      return release(chosen);
    }
    pair_.allocate(request.holder, need);
    request.computed += grant;
    register_computed(request);
  }

  void grow_answer(Running& request, std::uint32_t tokens) {
    Piece& last = request.sequence.content.back();
    if (last.stream == request.answer_stream) {
      last.tokens += tokens;
    } else {
      request.sequence.content.push_back({request.answer_stream, 0, tokens});
    }
    request.tokens += tokens;
    name_blocks(request.sequence);
  }

  // A match that gets longer must have been announced.
  void register_computed(Running& request) {
    std::vector<PrefixMatch> before;
    for (const Sequence& sequence : known_) before.push_back(pair_.match(sequence, kNoLimit));
    pair_.register_full(request.holder, request.sequence, request.computed / settings_.block_tokens);
    for (std::size_t i = 0; i < known_.size(); ++i) {
      const bool longer = pair_.match(known_[i], kNoLimit).blocks > before[i].blocks;
      EXPECT_TRUE(!longer || before[i].ends_at_held_tail);
    }
  }

  void release(std::list<Running>::iterator chosen) {
    pair_.release(chosen->holder);
    remember(chosen->sequence);
    running_.erase(chosen);
  }

  void remember(const Sequence& sequence) {
    if (known_.size() < 12) {
      known_.push_back(sequence);
    } else {
      known_[random_.below(known_.size())] = sequence;
    }
  }

  void match_all() {
    pair_.compare_events();
    for (const Sequence& sequence : known_) match_fully(sequence);
    for (const Running& request : running_) match_fully(request.sequence);
  }

  void match_fully(const Sequence& sequence) {
    const PrefixMatch match = pair_.match(sequence, sequence.identities.size());
    EXPECT_EQ(match.ends_at_held_tail, could_grow(sequence, match));
  }

  // Some request that computes still: nobody knows what, or the same so far.
  bool could_grow(const Sequence& sequence, const PrefixMatch& match) const {
    const std::uint64_t matched = match.blocks;
    const std::uint64_t most = std::min<std::uint64_t>(sequence.identities.size(), settings_.blocks);
    if (!settings_.enabled || (matched == most && match.free_blocks == 0)) return false;
    return std::any_of(running_.begin(), running_.end(), [&](const Running& request) {
      const std::uint64_t registered = request.holder.runs.registered;
      if (registered == 0) return request.holder.runs.unregistered > 0;
      return registered <= matched &&
             request.sequence.identities[registered - 1] == sequence.identities[registered - 1];
    });
  }

  RandomStream random_;
  PrefixCacheSettings settings_;
  CachePair pair_;
  std::list<Running> running_;
  std::vector<Sequence> waiting_;
  std::vector<Sequence> known_;  // prompts to branch from and to look up
};

class PrefixCacheTwin : public testing::TestWithParam<int> {};

TEST_P(PrefixCacheTwin, AgreesOnHitsAndEvictionsInRandomScenarios) {
  for (int i = 0; i < 250; ++i) {
    const std::uint64_t seed = static_cast<std::uint64_t>(GetParam() * 250 + i);
    SCOPED_TRACE("seed " + std::to_string(seed));
    Scenario(seed).run();
    if (HasFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, PrefixCacheTwin, testing::Range(0, 10));

}  // namespace
}  // namespace kvsim::sim
