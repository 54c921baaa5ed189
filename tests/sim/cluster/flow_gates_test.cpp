// SPDX-License-Identifier: Apache-2.0
// Do ticks that are left out change anything? A pool of servers in miniature, whose saturation is seen at
// scrapes or at once, plays the same requests with every tick and without the idle ones.
#include "sim/cluster/flow_gates.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "base/random.h"
#include "tests/random_cases.h"
#include "tests/sim/support/flow_settings.h"

namespace kvsim {
namespace {

using sim::Event;
using sim::FlowItem;
using sim::Phase;

struct Request {
  Nanoseconds arrival, service, patience;
  std::int32_t priority;
  std::string tenant;
  double limit;
};

struct World {
  sim::RouterSettings router;
  std::vector<Request> requests;
  double servers = 1;
  Nanoseconds scrape_every = 0;  // 0: saturation is seen at once
};

World random_world(std::uint64_t seed) {
  RandomStream draw(seed, "flow-gates");
  World world;
  world.router.epp = testing::flow_settings();
  sim::FlowControlSettings& flow = world.router.epp->flow_control;
  const char* fairness[] = {"global-strict-fairness-policy", "round-robin-fairness-policy",
                            "program-aware-fairness"};
  const char* ordering[] = {"fcfs-ordering-policy", "edf-ordering-policy", "slo-deadline-ordering-policy"};
  const char* limits[] = {"static-usage-limit-policy", "priority-holdback-policy",
                          "soft-reflective-ceiling-policy"};
  flow.default_band.fairness = fairness[draw.below(3)];
  flow.default_band.ordering = ordering[draw.below(3)];
  flow.default_band.max_requests = draw.below(2) == 0 ? 5 : 5000;
  flow.usage_limit = limits[draw.below(3)];
  flow.request_ttl_seconds = draw.below(3) == 0 ? 0.02 : draw.below(2) == 0 ? 0.5 : 0;
  flow.eviction = draw.below(2) == 0;
  world.servers = static_cast<double>(1 + draw.below(6));
  world.scrape_every = draw.below(2) == 0 ? 50'000'000 : 0;
  // Times on the grid of ticks are where order matters most.
  const Nanoseconds grid = draw.below(2) == 0 ? 500'000 : 1;
  const auto time = [&](double mean) { return (from_seconds(draw.exponential(mean)) / grid + 1) * grid; };
  Nanoseconds now = 0;
  for (int i = 0; i < 150; ++i) {
    if (draw.below(4) != 0) now += time(0.01);
    world.requests.push_back({now, time(0.04), draw.below(3) == 0 ? time(0.05) : kNever,
                              static_cast<std::int32_t>(draw.below(4)) - 1,
                              std::string(1, static_cast<char>('a' + draw.below(3))),
                              draw.below(2) == 0 ? 0 : draw.uniform()});
  }
  return world;
}

class Play {
 public:
  Play(const World& world, bool every_tick)
      : world_(world), gates_(world.router, 1, calendar_, every_tick), running_(world.requests.size()) {
    for (std::uint32_t i = 0; i < world.requests.size(); ++i) {
      const Request& request = world.requests[i];
      calendar_.put({request.arrival, Phase::kArrival, i, 0});
      if (request.patience != kNever)
        calendar_.put({request.arrival + request.patience, Phase::kTimeout, i, 0});
    }
    if (world.scrape_every > 0) calendar_.put({world.scrape_every, Phase::kScrape, 0, 0});
    while (left_ > 0) handle(calendar_.take());
  }
  std::string log;
  int ticks = 0;

 private:
  void handle(const Event& event) {
    switch (event.phase()) {
      case Phase::kArrival:
        return arrive(event.key());
      case Phase::kTimeout:
        gates_.hurry(0);
        gates_[0].remove(event.key());
        return over("gone", event.key());
      case Phase::kFlowTick:
        if (gates_.stale(event)) return;
        ++ticks;
        gates_.ticked(0);
        return cycle();
      case Phase::kClientReceives:
        return over("done", event.key());
      default:
        scraped_ = in_flight_ / world_.servers;
        gates_.hurry(0);
        calendar_.put({calendar_.now() + world_.scrape_every, Phase::kScrape, 0, 0});
    }
  }
  void arrive(std::uint32_t i) {
    const Request& request = world_.requests[i];
    gates_.hurry(0);
    const bool taken =
        gates_[0].add({i, request.priority, request.tenant, 1, 10, calendar_.now(), request.limit});
    if (!taken) return over("full", i);
    cycle();
  }
  void cycle() {
    sim::FlowControl& flow = gates_[0];
    for (const FlowItem& item : flow.take_expired(calendar_.now())) over("expired", item.slot);
    if (flow.empty()) return;
    const double saturation = world_.scrape_every > 0 ? scraped_ : in_flight_ / world_.servers;
    const std::optional<FlowItem> next = flow.cycle(calendar_.now(), saturation);
    const std::optional<std::uint32_t> victim = next ? std::nullopt : flow.evict(saturation);
    if (next) start(next->slot);
    if (victim) over("evicted", *victim);
    gates_.plan(0, saturation, !next && !victim);
  }
  void start(std::uint32_t i) {
    note("start", i);
    running_[i] = true;
    ++in_flight_;
    calendar_.put({calendar_.now() + world_.requests[i].service, Phase::kClientReceives, i, 0});
  }
  void over(const char* what, std::uint32_t i) {
    if (over_.count(i) > 0) return;
    over_.insert({i, true});
    note(what, i);
    --left_;
    if (!running_[i]) return;
    --in_flight_;
    gates_.hurry(0);
    gates_[0].ended(i);
    gates_[0].served(world_.requests[i].tenant, 10, i % 7, calendar_.now());
  }
  void note(const char* what, std::uint32_t i) {
    log += std::to_string(calendar_.now()) + " " + what + " " + std::to_string(i) + "\n";
  }

  const World& world_;
  sim::Calendar calendar_;
  sim::FlowGates gates_;
  std::vector<bool> running_;
  std::map<std::uint32_t, bool> over_;
  std::size_t left_ = running_.size();
  double in_flight_ = 0, scraped_ = 0;
};

TEST(FlowGates, TicksLeftOutChangeNothing) {
  int all = 0, taken = 0;
  for (int i = 0; i < random_cases(2000); ++i) {
    const std::uint64_t seed = 5'000 + static_cast<std::uint64_t>(i);
    const World world = random_world(seed);
    const Play every(world, true), skipping(world, false);
    ASSERT_EQ(every.log, skipping.log) << "seed " << seed;
    EXPECT_LE(skipping.ticks, every.ticks) << "seed " << seed;
    all += every.ticks;
    taken += skipping.ticks;
  }
  EXPECT_LT(taken, all / 3);
}

// One server of 10.3 ms, three requests at 0.2 ms, a fourth at 0.4 ms. The first starts at once; each end
// (10.5, then 11 + 10.3 = 21.3, 22 + 10.3 = 32.3 ms) is noticed at the next whole millisecond.
TEST(FlowGates, RequestsStartAtTheTickAfterAServerIsFree) {
  World world;
  world.router.epp = testing::flow_settings();
  for (const Nanoseconds arrival : {200'000, 200'000, 200'000, 400'000})
    world.requests.push_back({arrival, 10'300'000, kNever, 0, "a", 0});
  const Play play(world, false);
  EXPECT_EQ(play.log,
            "200000 start 0\n"
            "10500000 done 0\n11000000 start 1\n"
            "21300000 done 1\n22000000 start 2\n"
            "32300000 done 2\n33000000 start 3\n"
            "43300000 done 3\n");
  // At 1 ms for the arrivals that found others waiting; at 11, 22 and 33 after an end, and at 12 and 23 as
  // something still waits behind what was sent.
  EXPECT_EQ(play.ticks, 6);
}

// An unsaturated pool takes each request as it comes, however many come at one instant.
TEST(FlowGates, ArrivalsAreCyclesToo) {
  World world;
  world.servers = 100;
  world.router.epp = testing::flow_settings();
  for (int i = 0; i < 3; ++i) world.requests.push_back({300'000, 1'000'000, kNever, 0, "a", 0});
  EXPECT_EQ(Play(world, false).log,
            "300000 start 0\n300000 start 1\n300000 start 2\n"
            "1300000 done 0\n1300000 done 1\n1300000 done 2\n");
}

}  // namespace
}  // namespace kvsim
