// SPDX-License-Identifier: Apache-2.0
#include "traces/generators/shared_texts.h"

#include <algorithm>
#include <numeric>

#include "traces/generators/content_id.h"

namespace kvsim::traces {
namespace {

// The texts in the order in which users take them; empty where popularity decides.
std::vector<std::uint32_t> turns_of(const SharedText& text, RandomStream& random) {
  std::vector<std::uint32_t> turns;
  if (text.pick == SharedText::Pick::kByPopularity) return turns;
  turns.resize(text.count);
  std::iota(turns.begin(), turns.end(), 0u);
  if (text.pick == SharedText::Pick::kShuffled) random.shuffle(turns);
  return turns;
}

}  // namespace

SharedTexts::SharedTexts(const StreamSettings& settings, std::uint32_t owner, std::uint64_t seed)
    : owner_(owner), random_(seed, settings.name + (settings.warming ? "/warm-up" : "") + "/shared") {
  std::uint64_t number = 0;
  RandomStream lengths(seed, settings.name + "/shared/lengths");
  for (const SharedText& text : settings.shared) {
    Layer layer{Popularity(text.count, text.zipf_exponent),
                turns_of(text, random_),
                text.per_session,
                text.share,
                number,
                {}};
    layer.tokens.reserve(text.count);
    for (std::uint32_t i = 0; i < text.count; ++i) layer.tokens.push_back(text.tokens.sample_tokens(lengths));
    number += text.count;
    layers_.push_back(std::move(layer));
  }
}

void SharedTexts::draw(std::uint64_t user, std::vector<Piece>& prompt) {
  for (const Layer& layer : layers_) {
    if (layer.share < 1 && random_.uniform() >= layer.share) continue;
    drawn_.clear();
    layer.turns.empty() ? choose(layer) : take_turn(layer, user);
    for (const std::uint32_t item : drawn_) {
      const std::uint64_t text = content_id(owner_, Content::kShared, layer.first_number + item);
      append_piece(prompt, {text, 0, layer.tokens[item]});
    }
  }
}

void SharedTexts::take_turn(const Layer& layer, std::uint64_t user) {
  const std::size_t first = user % layer.turns.size() * layer.per_session;
  for (std::size_t i = 0; i < layer.per_session; ++i)
    drawn_.push_back(layer.turns[(first + i) % layer.turns.size()]);
}

void SharedTexts::choose(const Layer& layer) {
  // A text that was drawn twice stands once: a few tries, so that a single popular text cannot stall the
  // draw.
  for (std::uint32_t tries = 0; drawn_.size() < layer.per_session && tries < 4 * layer.per_session; ++tries) {
    const std::uint32_t item = layer.popularity.sample(random_);
    if (std::find(drawn_.begin(), drawn_.end(), item) == drawn_.end()) drawn_.push_back(item);
  }
}

}  // namespace kvsim::traces
