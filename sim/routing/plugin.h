// SPDX-License-Identifier: Apache-2.0
// The parts that an EndpointPickerConfig puts together. One class may be several of them (a detector filters,
// an affinity scores and filters). Order within one request, as in llm-d-router: admitters after producers;
// then for each profile filters, scorers, picker; then every plugin's dispatched().
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/random.h"
#include "sim/routing/in_flight.h"
#include "sim/routing/router.h"

namespace kvsim::sim {

// One request on its way through a router.
struct RoutingCall {
  const RouteRequest& request;
  const RouterView& view;
  const std::vector<Endpoint>& endpoints;
  const InFlight& in_flight;
  RandomStream& random;
  std::optional<EndpointId> decode;  // picked by an earlier profile of this request
};

class Plugin {
 public:
  virtual ~Plugin() = default;
  virtual RouterNeeds needs() const { return {}; }
  virtual void produce(const RoutingCall&) {}  // data that other plugins read off this one
  virtual void dispatched(const RoutingCall&, const Ticket&) {}
  virtual void first_token(const Ticket&, Nanoseconds /*now*/) {}
  virtual void ended(const Ticket&, Nanoseconds /*now*/) {}
  virtual void cache_event(EndpointId, const CacheEvent&, Nanoseconds /*now*/) {}
  virtual void endpoint_gone(EndpointId) {}  // as Router has it
};

class Filter : public virtual Plugin {
 public:
  virtual void filter(const RoutingCall& call, EndpointIds& endpoints) = 0;  // takes some out
};

class Scorer : public virtual Plugin {
 public:
  // scores[i] is of endpoints[i], in [0, 1] (the caller clamps). `scores` comes with the right size.
  virtual void score(const RoutingCall& call, const EndpointIds& endpoints, std::vector<double>& scores) = 0;
};

// A scorer most of whose scores stand from one request to the next, so that a decision among all endpoints
// need not look at each of them. One profile may use it so.
class StandingScorer : public Scorer {
 public:
  // False: the scores of this request have nothing to do with those that stand; score() tells them.
  virtual bool stands(const RoutingCall&) { return true; }
  // Adds endpoints, perhaps more than once: all whose score may have changed since this was last asked.
  // False: any may have.
  virtual bool moved(const RoutingCall& call, EndpointIds& moved) = 0;
  // The endpoint's, to the bit what score() gives it among all endpoints. After stands() and moved().
  virtual double score_of(const RoutingCall& call, EndpointId endpoint) const = 0;
};

class Picker : public virtual Plugin {
 public:
  // An index into `endpoints`, which is not empty.
  virtual std::size_t pick(const RoutingCall& call, const EndpointIds& endpoints,
                           const std::vector<double>& totals) = 0;
};

// A picker that can keep the totals of all endpoints, and picks by them what it would pick if it was told
// all.
class StandingPicker : public Picker {
 public:
  virtual void set_all(const std::vector<double>& totals) = 0;
  virtual void set(EndpointId endpoint, double total) = 0;
  virtual EndpointId pick_standing() = 0;
};

class Admitter : public virtual Plugin {
 public:
  virtual bool admits(const RoutingCall& call) = 0;
};

class SaturationDetector : public virtual Plugin {
 public:
  virtual double saturation(const RouterView& view, const InFlight& in_flight) = 0;
  // Whether it may change by the passing of time alone: without a scrape, a dispatch, a first token or an
  // end.
  virtual bool ages(const Signals&) const { return false; }
};

// Whether a request, whose decode replica is picked, gets its prefill elsewhere.
class PrefillDecider : public virtual Plugin {
 public:
  virtual bool disaggregates(const RoutingCall& call) = 0;
};

// What a prefix index says of the current request, after produce(). Arrays are by endpoint.
struct PrefixMatches {
  std::uint32_t block_tokens = 16;
  std::uint32_t prompt_blocks = 0;     // of the prompt, as this index cuts it
  std::vector<double> weighted;        // matched blocks, times tier weights where there are tiers
  std::vector<std::uint32_t> blocks;   // matched blocks
  EndpointIds holders;                 // who has some, in no order; all others have 0
  void clear(std::size_t endpoints) {  // nothing is known
    prompt_blocks = 0;
    for (const EndpointId holder : holders) weighted[holder] = 0, blocks[holder] = 0;
    holders.clear();
    weighted.resize(endpoints);
    blocks.resize(endpoints);
  }
  void add(EndpointId endpoint, std::uint32_t more_blocks) {
    if (more_blocks > 0 && blocks[endpoint] == 0) holders.push_back(endpoint);
    blocks[endpoint] += more_blocks;
  }
  double ratio(EndpointId endpoint) const {
    return prompt_blocks == 0 ? 0 : weighted[endpoint] / prompt_blocks;
  }
  std::uint64_t tokens(EndpointId endpoint) const { return std::uint64_t{blocks[endpoint]} * block_tokens; }
};

class PrefixProducer : public virtual Plugin {
 public:
  virtual const PrefixMatches& matches() const = 0;
};

// Expected times of the current request by endpoint, after produce(), and how far they stay under what is
// asked of them (negative: over); NaN: no prediction.
struct LatencyPredictions {
  std::vector<double> ttft_seconds, tpot_seconds;
  std::vector<double> ttft_headroom_seconds, tpot_headroom_seconds;
  bool known(EndpointId endpoint) const {
    return !std::isnan(ttft_headroom_seconds[endpoint]) && !std::isnan(tpot_headroom_seconds[endpoint]);
  }
  bool keeps_limits(EndpointId endpoint) const {
    return ttft_headroom_seconds[endpoint] >= 0 && tpot_headroom_seconds[endpoint] >= 0;
  }
};

class LatencyProducer : public virtual Plugin {
 public:
  virtual const LatencyPredictions& predictions() const = 0;
};

}  // namespace kvsim::sim
