// SPDX-License-Identifier: Apache-2.0
#include "traces/profile/trace_profile.h"

#include "traces/offer_all.h"

namespace kvsim::traces {
namespace {

std::vector<CapacityPoint> points(const ReuseProfile& reuse, const ProfileSettings& settings) {
  std::vector<std::uint64_t> capacities = settings.capacities_tokens;
  if (capacities.empty()) capacities = round_capacities(reuse.unique_blocks() * reuse.block_tokens());
  std::vector<CapacityPoint> result;
  for (std::size_t i = 0; i < capacities.size(); ++i) {
    result.push_back({capacities[i], reuse.lru_hit_ratio(capacities[i])});
    if (settings.lfu) result.back().lfu_hit_ratio = reuse.lfu_hit_ratio(i);
  }
  return result;
}

}  // namespace

TraceProfile profile(Source& source, const ProfileSettings& settings) {
  ShapeProfile shape;
  const std::vector<std::uint64_t> none;
  ReuseProfile reuse(settings.block_tokens, settings.lfu ? settings.capacities_tokens : none,
                     settings.retentions_seconds);
  EngineReuse engine(settings.engine_block_tokens);
  offer_all(source, [&](const Request& request) {
    shape.add(request);
    reuse.add(request);
    engine.add(request);
  });
  TraceProfile profile;
  profile.arrivals = shape.arrivals();
  profile.input = shape.input();
  profile.output = shape.output();
  profile.block_tokens = settings.block_tokens;
  profile.references = reuse.references();
  profile.unique_blocks = reuse.unique_blocks();
  profile.hits = reuse.hits();
  profile.hit_ratio = reuse.hit_ratio();
  profile.by_capacity = points(reuse, settings);
  profile.by_retention = reuse.retention();
  profile.engine_block_tokens = settings.engine_block_tokens;
  profile.engine_hit_tokens = engine.hit_tokens();
  profile.prompt_tokens = engine.prompt_tokens();
  return profile;
}

}  // namespace kvsim::traces
