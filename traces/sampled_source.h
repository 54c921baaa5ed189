// SPDX-License-Identifier: Apache-2.0
// Some of a source's requests: a share of its conversations, of some tenants, say. What is left out is told
// to the source as answered at once, so that later turns come in their time and are left out as well; it is
// given out with `left_out` set, because a source cannot know early what comes later.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <tuple>

#include "traces/source.h"

namespace kvsim::traces {

struct RequestKind {  // by name, as the source's Names has them
  std::string tenant, model, slo_class;
  friend auto operator<=>(const RequestKind&, const RequestKind&) = default;
};
RequestKind kind_of(const Request& request, const Names& names);

struct Sample {
  double share = 1;            // of conversations, and of requests outside of any; drawn by their number
  std::set<RequestKind> only;  // empty: every kind
  bool is_whole() const { return share >= 1 && only.empty(); }
};

std::unique_ptr<Source> sampled(std::unique_ptr<Source> source, Sample sample, std::uint64_t seed);

}  // namespace kvsim::traces
