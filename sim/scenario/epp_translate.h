// SPDX-License-Identifier: Apache-2.0
// Scorers of older routers that hold a prefix index of their own, as today's scorer beside a producer.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/document.h"
#include "sim/scenario/epp_plugins.h"

namespace kvsim::sim {

struct SplitScorer {
  Node scorer;    // parameters that stay with it
  Node producer;  // of the index
  std::string producer_type;
  RouterVersion version;  // whose defaults the index has
};

// Nothing where the scorer is today's. It is an old one if it is called precise-prefix-cache-scorer, if it
// has a parameter of an index, or if the router is older than v0.9 and no producer is named.
std::optional<SplitScorer> split_old_scorer(std::string_view type, const Node* parameters,
                                            RouterVersion version);

}  // namespace kvsim::sim
