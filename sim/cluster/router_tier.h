// SPDX-License-Identifier: Apache-2.0
// All routers of a run: for each model `router.replicas` of them, each with its own counters, index and
// scrapes. Which one gets a request is the gateway's doing: in turn.
//
// Exactness: gauges are read at fixed ticks while a replica is at work; KV events of a batch come with the
// end of its first step, those of later steps (blocks that decodes fill and evict) with the replica's next
// tick or batch. Both are the same whether steps are taken one by one or in rows.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <vector>

#include "sim/cluster/directory.h"
#include "sim/cluster/fleet_truth.h"
#include "sim/cluster/scrape_wheel.h"
#include "sim/replica/replica.h"
#include "sim/routing/pool_rules.h"
#include "sim/routing/router.h"

namespace kvsim::sim {

class RouterTier {
 public:
  RouterTier(const Fleet& fleet, const Directory& directory, std::vector<std::unique_ptr<Replica>>& replicas,
             const RouterMaker& make, std::uint64_t seed);

  std::uint32_t router_of(std::uint64_t request) const {
    return static_cast<std::uint32_t>(request % per_model_);
  }
  Router& router(std::uint32_t model, std::uint32_t router) { return *of(model, router).router; }
  const std::vector<Endpoint>& endpoints(std::uint32_t model) const { return models_[model].endpoints; }
  // Of a fleet-wide replica, among its model's endpoints.
  EndpointId endpoint(std::uint32_t replica) const { return endpoint_of_[replica]; }
  Truth& truth(std::uint32_t model) { return models_[model].truth; }
  const Signals& signals(std::uint32_t model, std::uint32_t router) { return of(model, router).signals; }

  // All step boundaries at `now` are over: the truth counts them from here on.
  void boundaries_over(Nanoseconds now) { boundaries_over_at_ = now; }
  // The view that a decision at `now` has, events up to then applied.
  RouterView view(std::uint32_t model, std::uint32_t router, Nanoseconds now);
  // How full the router believes its pool to be.
  struct Saturation {
    double value = 0;
    bool ages = false;  // it may change by the passing of time alone
  };
  Saturation saturation(std::uint32_t model, std::uint32_t router, Nanoseconds now);

  // What a router's request in flight does to its counters.
  void dispatched(std::uint32_t model, std::uint32_t router, const Ticket& ticket, Nanoseconds now);
  void prefill_ended(std::uint32_t model, std::uint32_t router, const Ticket& ticket, Nanoseconds now);
  void ended(std::uint32_t model, std::uint32_t router, const Ticket& ticket, Nanoseconds now);

  // Choices by the fleet's rules for a group's requests; nothing where no rule is about them.
  std::optional<PoolChoices> choices(const Service& service, const std::string& tenant) const;
  // What is left of them now, as that router sees it; empty: no pool.
  const EndpointIds& narrow(std::uint32_t model, std::uint32_t router, PoolChoices& choices) {
    return of(model, router).loads.narrow(choices);
  }

  // It has failed: what its cache has told by `now` still gets through, later events never do.
  void silence(std::uint32_t replica, Nanoseconds now);
  // Whether requests may be sent there. Its gauges begin anew.
  void set_present(std::uint32_t replica, bool present);
  void forget(std::uint32_t replica);  // its pod is gone, and with it what was in its caches

  bool reads_gauges() const { return reads_gauges_; }
  bool reads_events() const { return reads_events_; }
  // When routers read gauges; keys are router x replica.
  ScrapeWheel scrape_wheel() const;
  // Whether it found anything new.
  bool scrape(std::uint32_t router, std::uint32_t replica, Nanoseconds now);
  // Takes what the replica has told; it reaches the indexes later.
  void collect_events(std::uint32_t replica);
  std::uint32_t routers() const { return per_model_; }

 private:
  struct Instance {
    std::unique_ptr<Router> router;
    Signals signals;
    PoolLoads loads;
  };
  struct Model {
    explicit Model(std::vector<std::unique_ptr<Replica>>& replicas) : truth(endpoints, replicas) {}
    std::vector<Endpoint> endpoints;
    FleetTruth truth;
    std::vector<Instance> instances;
  };
  struct PendingEvent {
    Nanoseconds time;
    std::uint64_t order;
    std::uint32_t replica;
    CacheEvent event;
    bool operator>(const PendingEvent& other) const {
      return time != other.time ? time > other.time : order > other.order;
    }
  };

  Instance& of(std::uint32_t model, std::uint32_t router) { return models_[model].instances[router]; }
  void deliver(Nanoseconds now);

  const Fleet& fleet_;
  const Directory& directory_;
  std::vector<std::unique_ptr<Replica>>& replicas_;
  std::uint32_t per_model_;
  Nanoseconds event_lag_;
  std::deque<Model> models_;
  std::vector<EndpointId> endpoint_of_;
  bool reads_gauges_ = false, reads_kv_usage_ = false, reads_events_ = false;
  std::priority_queue<PendingEvent, std::vector<PendingEvent>, std::greater<>> pending_;
  std::uint64_t events_ = 0;
  std::vector<std::uint64_t> silenced_;  // by replica: events up to this order do not get through any more
  Nanoseconds boundaries_over_at_ = -1;
  std::vector<StampedCacheEvent> collected_;
};

}  // namespace kvsim::sim
