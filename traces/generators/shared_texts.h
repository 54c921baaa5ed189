// SPDX-License-Identifier: Apache-2.0
// The texts that prompts of a stream start with: system prompts, groups, documents.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "traces/generators/popularity.h"
#include "traces/generators/stream_settings.h"
#include "traces/request.h"

namespace kvsim::traces {

class SharedTexts {
 public:
  SharedTexts(const StreamSettings& settings, std::uint32_t owner, std::uint64_t seed);

  // Appends the texts of a new session of this user.
  void draw(std::uint64_t user, std::vector<Piece>& prompt);
  bool empty() const { return layers_.empty(); }

 private:
  struct Layer {
    Popularity popularity;
    std::vector<std::uint32_t> turns;  // the texts in the order in which users take them; empty: drawn
    std::uint32_t per_session;
    double share;
    std::uint64_t first_number;
    std::vector<std::uint32_t> tokens;
  };
  void choose(const Layer& layer);  // into drawn_
  void take_turn(const Layer& layer, std::uint64_t user);

  std::uint32_t owner_;
  RandomStream random_;
  std::vector<Layer> layers_;
  std::vector<std::uint32_t> drawn_;
};

}  // namespace kvsim::traces
