// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/flow_control.h"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

#include "sim/routing/flow_bands.h"
#include "sim/routing/flow_eviction.h"
#include "sim/routing/flow_plugins.h"
#include "sim/routing/flow_usage_limits.h"

namespace kvsim::sim {
namespace {

constexpr double kOutputTokenService = 2;  // beside 1 of an input token

}  // namespace

struct FlowControl::State {
  explicit State(const EppSettings& settings)
      : bands(settings),
        capacity(settings.flow_control.max_requests, settings.flow_control.max_bytes),
        limit(make_usage_limit(plugin_named(settings, settings.flow_control.usage_limit))),
        ttl(from_seconds(settings.flow_control.request_ttl_seconds)),
        evicts(settings.flow_control.eviction) {}

  using Items = std::map<std::uint64_t, FlowItem>;  // by number: in order of arrival, and so of expiry

  FlowItem take(Items::iterator place) {
    FlowItem item = std::move(place->second);
    bands.of(item.priority).remove(item, place->first, ttl);
    capacity.remove(item.bytes);
    numbers.erase(item.slot);
    items.erase(place);
    if (item.priority >= 0) {
      --entitled;
      claims = std::min(claims, entitled);
    }
    return item;
  }
  bool may_evict(const FlowBands::Top& top, double saturation) const {
    return evicts && !running.empty() && top.priority >= 0 && claims < entitled &&
           limit->stays_shut(top.rank, bands.size(), saturation);
  }

  FlowBands bands;
  FlowCapacity capacity;
  std::unique_ptr<UsageLimitPolicy> limit;
  Nanoseconds ttl;
  bool evicts;
  Items items;
  std::unordered_map<std::uint32_t, std::uint64_t> numbers;  // by slot
  std::uint64_t next_number = 0;
  RunningSheddable running;
  std::uint64_t entitled = 0;  // waiting requests for which others may be evicted
  std::uint64_t claims = 0;    // evictions for them
};

FlowControl::FlowControl(const EppSettings& settings) : state_(std::make_unique<State>(settings)) {}
FlowControl::~FlowControl() = default;

bool FlowControl::add(FlowItem item) {
  FlowBand& band = state_->bands.of(item.priority);
  if (!band.takes(item.bytes) || !state_->capacity.takes(item.bytes)) return false;
  const std::uint64_t number = state_->next_number++;
  band.add(item, number, state_->ttl);
  state_->capacity.add(item.bytes);
  state_->numbers[item.slot] = number;
  state_->entitled += item.priority >= 0 ? 1 : 0;
  state_->items.emplace(number, std::move(item));
  return true;
}

std::optional<FlowItem> FlowControl::cycle(Nanoseconds now, double saturation) {
  const FlowBands::Top top = state_->bands.top();
  if (top.band == nullptr || !state_->limit->opens(top.rank, state_->bands.size(), saturation)) return {};
  FlowItem item = state_->take(state_->items.find(top.band->next(now)));
  if (state_->evicts) state_->running.sent(item.slot, item.priority);
  return item;
}

std::vector<FlowItem> FlowControl::take_expired(Nanoseconds now) {
  std::vector<FlowItem> expired;
  while (next_expiry() <= now) expired.push_back(state_->take(state_->items.begin()));
  return expired;
}

void FlowControl::remove(std::uint32_t slot) {
  const auto found = state_->numbers.find(slot);
  if (found != state_->numbers.end()) state_->take(state_->items.find(found->second));
}

std::optional<std::uint32_t> FlowControl::evict(double saturation) {
  const FlowBands::Top top = state_->bands.top();
  if (top.band == nullptr || !state_->may_evict(top, saturation)) return {};
  ++state_->claims;
  return state_->running.take();
}

void FlowControl::ended(std::uint32_t slot) { state_->running.ended(slot); }

void FlowControl::served(const std::string& flow, std::uint32_t input_tokens, std::uint32_t output_tokens,
                         Nanoseconds now) {
  state_->bands.served(flow, input_tokens + kOutputTokenService * output_tokens, now);
}

bool FlowControl::empty() const { return state_->items.empty(); }
std::size_t FlowControl::waiting() const { return state_->items.size(); }

bool FlowControl::held(double saturation) const {
  const FlowBands::Top top = state_->bands.top();
  return top.band == nullptr || (state_->limit->stays_shut(top.rank, state_->bands.size(), saturation) &&
                                 !state_->may_evict(top, saturation));
}

Nanoseconds FlowControl::next_expiry() const {
  return empty() || state_->ttl == 0 ? kNever : state_->items.begin()->second.arrival + state_->ttl;
}

}  // namespace kvsim::sim
