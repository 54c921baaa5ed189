// SPDX-License-Identifier: Apache-2.0
#include "traces/generators/shared_texts.h"

#include <algorithm>

#include "traces/generators/content_id.h"

namespace kvsim::traces {

SharedTexts::SharedTexts(const StreamSettings& settings, std::uint32_t owner, std::uint64_t seed)
    : owner_(owner), random_(seed, settings.name + "/shared") {
  std::uint64_t number = 0;
  RandomStream lengths(seed, settings.name + "/shared/lengths");
  for (const SharedText& text : settings.shared) {
    Layer layer{Popularity(text.count, text.zipf_exponent), text.per_session, text.share, number, {}};
    layer.tokens.reserve(text.count);
    for (std::uint32_t i = 0; i < text.count; ++i) layer.tokens.push_back(text.tokens.sample_tokens(lengths));
    number += text.count;
    layers_.push_back(std::move(layer));
  }
}

void SharedTexts::draw(std::vector<Piece>& prompt) {
  for (const Layer& layer : layers_) {
    if (layer.share < 1 && random_.uniform() >= layer.share) continue;
    draw_layer(layer, prompt);
  }
}

void SharedTexts::draw_layer(const Layer& layer, std::vector<Piece>& prompt) {
  drawn_.clear();
  // A text that was drawn twice stands once: a few tries, so that a single popular text cannot stall the
  // draw.
  for (std::uint32_t tries = 0; drawn_.size() < layer.per_session && tries < 4 * layer.per_session; ++tries) {
    const std::uint32_t item = layer.popularity.sample(random_);
    if (std::find(drawn_.begin(), drawn_.end(), item) == drawn_.end()) drawn_.push_back(item);
  }
  for (const std::uint32_t item : drawn_) {
    append_piece(prompt,
                 {content_id(owner_, Content::kShared, layer.first_number + item), 0, layer.tokens[item]});
  }
}

}  // namespace kvsim::traces
