// SPDX-License-Identifier: Apache-2.0
// The event loop of one run: source -> router -> engines -> client, in the calendar's order.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <vector>

#include "sim/cluster/clients.h"
#include "sim/cluster/directory.h"
#include "sim/cluster/fleet_tiers.h"
#include "sim/cluster/flow_gates.h"
#include "sim/cluster/frontend.h"
#include "sim/cluster/handover.h"
#include "sim/cluster/outages.h"
#include "sim/cluster/past_work.h"
#include "sim/cluster/router_host.h"
#include "sim/cluster/router_tier.h"
#include "sim/cluster/scrape_wheel.h"
#include "sim/cluster/simulation.h"
#include "sim/core/calendar.h"
#include "sim/replica/replica.h"

namespace kvsim::sim {

class Cluster {
 public:
  Cluster(const Fleet& fleet, traces::Source& source, Observer& observer, const RunOptions& options);
  RunTotals run();

 private:
  Event next_event() const;
  bool instant_goes_on() const;
  void handle(const Event& event);
  // A request's way, in order.
  void expect_arrival();  // keeps one arrival event for the source's next request
  void arrive();
  std::uint32_t group_of(const traces::Request& request);
  void send(std::uint32_t slot, traces::Request& request);  // to the router; takes the prompt
  void pass_router(std::uint32_t slot);
  void route(std::uint32_t slot);  // the router has worked on it
  Decision decide(Router& router, const RouteRequest& request, const RouterView& view, const Client& client);
  void bypass(std::uint32_t slot);  // a router that is too slow
  void go_to(std::uint32_t slot, const Ticket& ticket);
  void cycle_flow(std::uint32_t router_of_model);
  void dispatch(std::uint32_t slot);  // decides
  RouteRequest route_request(const Client& client) const;
  void deliver(std::uint32_t slot);  // to the replica
  void pass_frontend(std::uint32_t slot, std::uint32_t replica, Nanoseconds time);
  void enqueue(std::uint32_t slot);
  // What fails and comes back (cluster_outages.cpp).
  void change_availability();
  void expect_outage();  // keeps one event for the next change
  void apply(const OutageChange& change);
  void tell_state(std::uint32_t replica, ReplicaState state) { observer_.on_replica(now(), replica, state); }
  void set_present(std::uint32_t replica, bool present);
  std::unique_ptr<Replica> make_replica(std::uint32_t replica);
  void crash(std::uint32_t replica);
  void break_holds(std::uint32_t replica);
  void lose(std::uint32_t slot, std::uint32_t replica);
  void notice(std::uint32_t replica);
  void recover(std::uint32_t slot, std::uint32_t replica);
  void take_place(std::uint32_t replica) { ++places_taken_[replica]; }
  void release_place(std::uint32_t replica);
  void check_drained(std::uint32_t replica);
  const EndpointIds& candidates_of(std::uint32_t group);
  void no_route(std::uint32_t slot);
  void admit_stranded();
  // Where another replica prefills (cluster_handover.cpp).
  void note_prefill_replica(std::uint32_t slot);
  void send_to_prefill(std::uint32_t slot);
  void enqueue_prefill(std::uint32_t slot);
  void hand_over(std::uint32_t replica, const EngineAnswer& answer);
  bool offer_remote(std::uint32_t slot);
  void expect_lease_end(HoldId id);
  void end_lease(HoldId id);
  void lose_remote(const Hold& hold);
  void free_hold(HoldId id);
  void abort_prefill(std::uint32_t slot);
  void end_prefill_ticket(std::uint32_t slot);
  void end_transfers();
  void expect_transfer();  // keeps one event for the next end of a transfer
  void expect_upkeep();
  void wake(std::uint32_t replica);
  void expect_wake(std::uint32_t replica);  // keeps one step-end event for a replica's next wake
  void touch(std::uint32_t replica);        // after anything has happened to it
  void scrape(std::uint32_t router_and_replica);
  void note_token_rate(std::uint32_t replica);
  void hear_first_tokens();
  void note(std::uint32_t slot, const EngineAnswer& answer);
  void return_answer(std::uint32_t slot);
  void complete(std::uint32_t slot);
  // The client gets no answer any more, wherever its request is.
  void withdraw(std::uint32_t slot, RequestStatus status, traces::Outcome outcome);
  void abort(std::uint32_t slot);
  void conclude(std::uint32_t slot);  // tells observers and frees the slot
  bool end_ticket(std::uint32_t slot);
  void turn_away(std::uint32_t slot, RequestStatus status);
  void end(std::uint32_t slot, RequestStatus status, traces::Outcome outcome);  // here and now
  RouterHost& host_of(const Client& client) { return hosts_[router_index(client)]; }
  std::uint32_t router_index(const Client& client) const {
    return services_[client.record.group].model * routers_.routers() + client.router;
  }
  void tell_flow(std::uint32_t slot);  // that one of its requests is over
  void tell_source(std::uint64_t request_id, traces::Outcome outcome);

  void sample();
  void throw_if_stuck() const;
  void watch();  // progress and Ctrl-C, now and then
  bool stale(const Event& event);
  Nanoseconds now() const { return calendar_.now(); }
  Nanoseconds seen_from() const { return boundaries_over_at_ == now() ? now() + 1 : now(); }
  void put(Nanoseconds time, Phase phase, std::uint32_t key, std::uint64_t stamp);

  traces::Source& source_;
  Observer& observer_;
  RunOptions options_;
  const Fleet& fleet_;
  Directory directory_;
  FleetTiers tiers_;
  Calendar calendar_;
  Clients clients_;
  HandOver handover_;
  std::vector<std::unique_ptr<Replica>> replicas_;
  RouterTier routers_;
  Outages outages_;
  PastWork past_;
  std::vector<double> token_rate_;  // by replica; empty: routers do not care
  std::vector<double> token_rate_of_model_;
  RandomStream fail_open_;
  std::vector<RouterHost> hosts_;  // by model, router
  FlowGates gates_;
  ScrapeWheel scrapes_;                     // by router, replica; those of replicas at work are expected
  std::vector<FrontendQueue> frontends_;    // by replica
  std::vector<Nanoseconds> expected_wake_;  // by replica; kNever: none
  std::vector<std::uint64_t> wake_stamp_;
  Nanoseconds boundaries_over_at_ = -1;  // the last instant at which answers reached clients
  Nanoseconds expected_arrival_ = kNever;
  std::uint64_t arrival_stamp_ = 0;
  Nanoseconds expected_transfer_ = kNever;
  std::uint64_t transfer_stamp_ = 0;
  std::vector<JobId> ended_jobs_;
  EngineNews news_;
  std::vector<ReplicaSnapshot> snapshots_;
  Nanoseconds sample_every_;
  std::uint32_t samples_ = 0;
  Nanoseconds last_sample_ = 0;
  RunTotals totals_;
  std::vector<Service> services_;                    // by group of totals_
  std::vector<std::optional<PoolChoices>> choices_;  // by group

  // Where there are outages.
  struct Place {  // of a request in clients_, as long as its stamp is still that
    std::uint32_t slot = 0;
    std::uint64_t stamp = 0;
  };
  struct Reach {  // those of a group's candidates to which its routers send
    std::uint64_t version = ~std::uint64_t{0};
    EndpointIds candidates;
  };
  Nanoseconds expected_outage_ = kNever;
  std::uint64_t outage_stamp_ = 0;
  std::vector<Reach> reach_;                 // by group
  std::vector<std::uint32_t> places_taken_;  // by replica: requests sent there and not over
  std::vector<std::vector<Place>> lost_;     // by replica
  std::vector<Place> stranded_;              // wait for a replica
  std::set<JobId> dead_jobs_;                // under way for engines that are gone
};

}  // namespace kvsim::sim
