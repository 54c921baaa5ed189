// SPDX-License-Identifier: Apache-2.0
// Rules of preference among pools (RouterSettings::rules): the first rule that names a request's class and
// tenant (an empty name: any) says which pools may serve it, the first of them that is not full does. Other
// pools do not, and where all listed ones are full, all of them may. A pool is full when
//   its requests in flight / (replicas * capacity weight) reach spill_at_in_flight, or
//   its mean kv usage of the last scrapes reaches spill_at_kv_usage.
// Where the pool that is chosen only decodes, the first listed pool that only prefills and is not full joins
// it. A request without a rule keeps its candidates.
//
// Narrowing costs a look at each listed pool, however many replicas they have.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/routing/in_flight.h"
#include "sim/scenario/fleet.h"

namespace kvsim::sim {

// What one rule leaves to the requests of one group: made once, used for each of them.
class PoolChoices {
 public:
  struct Listed {
    std::uint32_t pool = 0;  // within the fleet
    PoolRole role = PoolRole::kBoth;
    EndpointIds endpoints;  // of the candidates; not empty
  };
  PoolChoices(const PoolRule& rule, std::vector<Listed> listed) : rule_(&rule), listed_(std::move(listed)) {}
  const PoolRule& rule() const { return *rule_; }
  const std::vector<Listed>& listed() const { return listed_; }
  // Endpoints of the listed pools at these places, ascending.
  const EndpointIds& merged(const std::vector<std::size_t>& places);

 private:
  const PoolRule* rule_;
  std::vector<Listed> listed_;
  std::map<std::vector<std::size_t>, EndpointIds> merged_;
};

// Whose requests a rule is asked about. Pools behind the first of their kind take over from others: of them
// only endpoints of `failover`, a part of `candidates`, are listed.
struct RuleSubject {
  std::string slo_class;
  std::string tenant;
  const EndpointIds& candidates;
  const EndpointIds& failover;
};

// The choices for a group, nothing where no rule is about it. `pools` are the fleet's; `rules` outlive what
// is returned.
std::optional<PoolChoices> pool_choices(const std::vector<PoolRule>& rules, const std::vector<Pool>& pools,
                                        const std::vector<Endpoint>& endpoints, const RuleSubject& subject);

// How full the pools are, as one router sees it.
class PoolLoads {
 public:
  explicit PoolLoads(const std::vector<Endpoint>& endpoints);

  void dispatched(const Ticket& ticket);
  void prefill_ended(const Ticket& ticket) { --loads_[pool_of_[*ticket.prefill]].requests; }
  void ended(const Ticket& ticket) { --loads_[pool_of_[ticket.decode]].requests; }
  void scraped(EndpointId endpoint, double kv_usage);
  void set_present(EndpointId endpoint, bool present);  // one that is gone adds no capacity

  bool full(std::uint32_t pool, const PoolRule& rule) const;
  // What is left; empty where the rule's pools are none of the candidates. Good until the next call.
  const EndpointIds& narrow(PoolChoices& choices) const;

 private:
  // Sums of whole numbers, so that coming and going leaves no rounding behind.
  struct Load {
    std::int64_t requests = 0;
    std::int64_t kv_usage = 0;  // sum over replicas, in 2^-32
    double weight = 0;          // sum over replicas that are there
    double replicas = 0;
  };
  void add_up(std::uint32_t pool);
  std::optional<std::size_t> first_with_room(const PoolChoices& choices, bool prefill_only) const;

  std::vector<std::uint32_t> pool_of_;  // by endpoint
  std::vector<double> weight_;          // by endpoint; 0: gone
  std::vector<double> full_weight_;     // the same when it is there
  std::vector<std::int64_t> kv_usage_;  // by endpoint, in 2^-32
  std::vector<Load> loads_;             // by pool of the fleet
};

}  // namespace kvsim::sim
