// SPDX-License-Identifier: Apache-2.0
// Does fast-forward tell observers exactly what stepping every iteration tells them?
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <cmath>

#include "base/random.h"
#include "sim/cluster/simulation.h"
#include "sim/kv/block_keys.h"
#include "tests/random_cases.h"
#include "tests/sim/support/event_log.h"
#include "tests/sim/support/fleets.h"
#include "tests/sim/support/flow_settings.h"
#include "tests/sim/support/routing_world.h"
#include "tests/sim/support/scripted_source.h"

namespace kvsim {
namespace {

using testing::EventLog;
using testing::LinearStepTime;
using testing::Scripted;
using testing::ScriptedSource;

struct World {
  Nanoseconds sample_every = 77'000'000;
  std::uint32_t max_samples = 64;
  sim::Fleet fleet;
  std::vector<Scripted> script;
  traces::Names names;
};

// To the grid of a world whose events fall on the same instants; grid 0: left as it is.
double on_grid(double seconds, double grid) {
  return grid > 0 ? std::max(1.0, std::floor(seconds / grid + 0.5)) * grid : seconds;
}

sim::Pool random_pool(RandomStream& draw, int index, double grid) {
  auto times = std::make_shared<LinearStepTime>();
  times->step_seconds = on_grid(0.001 + 0.02 * draw.uniform(), grid);
  times->context_token_seconds = grid > 0 || draw.below(3) == 0 ? 0 : 1e-6 * draw.uniform();
  times->decode_seconds = grid > 0 ? (draw.below(2) ? grid : 0) : 1e-4;
  times->prefill_token_seconds = grid > 0 ? (draw.below(2) ? grid : 0) : 1e-5;
  if (draw.below(3) == 0) times->piece_steps = 1 + draw.below(draw.below(2) ? 40 : 3);
  sim::Pool pool = testing::plain_pool("pool" + std::to_string(index), times);
  pool.model.name = draw.below(3) == 0 ? "other" : "model";
  pool.replicas = 1 + static_cast<std::uint32_t>(draw.below(3));
  pool.frontend.seconds = draw.below(2) == 0 ? 0 : on_grid(0.015 * draw.uniform(), grid);
  sim::EngineSettings& engine = pool.engine;
  const std::uint32_t block_sizes[] = {1, 2, 4, 16, 128};
  engine.block_size_tokens = block_sizes[draw.below(5)];
  engine.max_num_seqs = draw.below(2) == 0 ? 1 + static_cast<std::uint32_t>(draw.below(6)) : 256;
  engine.max_num_batched_tokens = draw.below(3) == 0   ? 1 + draw.below(12)
                                  : draw.below(2) == 0 ? 8 + draw.below(120)
                                                       : 2048;
  engine.async_scheduling = draw.below(3) != 0;
  engine.prefix_caching = draw.below(5) != 0;
  engine.unhashed_blocks_first = draw.below(2) == 0;
  engine.reserve_full_sequence = draw.below(2) == 0;
  engine.chunked_prefill = draw.below(4) != 0;
  if (!engine.chunked_prefill) engine.max_num_batched_tokens = 640 + draw.below(3) * 700;
  engine.long_prefill_token_threshold = draw.below(3) == 0 ? 1 + draw.below(draw.below(2) ? 100 : 4) : 0;
  engine.watermark = draw.below(3) == 0 ? 0.3 * draw.uniform() : 0;
  engine.policy = draw.below(2) == 0 ? sim::QueuePolicy::kPriority : sim::QueuePolicy::kFcfs;
  engine.max_model_len = 640;
  const std::uint64_t least = 640 / engine.block_size_tokens;
  pool.kv_blocks = draw.below(4) == 0 ? 100'000 : least + draw.below((draw.below(2) ? 3 : 1) * least + 2);
  return pool;
}

World random_world(std::uint64_t seed) {
  RandomStream draw(seed, "exactness");
  World world;
  const double grid = draw.below(2) == 0 ? 0.001 : 0;
  for (std::uint64_t i = 0; i <= draw.below(3); ++i) {
    world.fleet.pools.push_back(random_pool(draw, static_cast<int>(i), grid));
    if (i == 0) world.fleet.pools[0].model.name = "model";
  }
  if (draw.below(2) == 0) {
    world.fleet.sites.push_back({"far", {}, 2 * on_grid(0.03 * draw.uniform(), grid), {}});
    world.fleet.pools[0].site = "far";
  }
  world.sample_every = grid > 0 ? 1'000'000 * static_cast<Nanoseconds>(1 + draw.below(100)) : 77'000'000;
  world.max_samples = 1 + static_cast<std::uint32_t>(draw.below(64));
  world.fleet.tenants.push_back({"alone", sim::Isolation::kOwnSalt, "gold"});
  world.fleet.slo_classes.push_back({"gold", {}, -3});
  const char* policies[] = {"random", "round-robin", "least-request", "power-of-two", "session-hash"};
  world.fleet.router.policy = policies[draw.below(5)];
  world.names.models = {"model", "other"};
  world.names.tenants = {"", "alone"};
  bool serves_other = false;
  for (const sim::Pool& pool : world.fleet.pools) serves_other |= pool.model.name == "other";
  const std::uint64_t count = 20 + draw.below(150);
  const double gap = 0.001 + 0.2 * draw.uniform() * draw.uniform();
  const double patience = draw.below(2) ? 1.0 : 0.05;
  const std::uint64_t impatient = 1 + draw.below(6);
  const std::uint32_t shared_most = draw.below(2) ? 300 : 24;
  double time = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    Scripted s;
    if (draw.below(5) != 0)
      time += draw.below(2) ? draw.exponential(gap) : on_grid(draw.exponential(gap), grid);
    if (grid > 0) time = std::floor(time / grid + 0.5) * grid;
    const auto input = static_cast<std::uint32_t>(1 + draw.below(draw.below(3) ? 400 : 12));
    const auto output = static_cast<std::uint32_t>(1 + draw.below(draw.below(2) == 0 ? 220 : 20));
    s.request = testing::plain_request(from_seconds(time), input, output, 1000 + 2 * i);
    const auto shared = static_cast<std::uint32_t>(std::min<std::uint64_t>(input, draw.below(shared_most)));
    s.request.prompt.clear();
    traces::append_piece(s.request.prompt, {draw.below(3), 0, shared});
    if (input > shared) traces::append_piece(s.request.prompt, {1000 + 2 * i, 0, input - shared});
    if (shared == 0) s.request.prompt = {{1000 + 2 * i, 0, input}};
    s.request.model = serves_other && draw.below(3) == 0 ? 1 : 0;
    s.request.tenant = draw.below(4) == 0 ? 1 : 0;
    s.request.priority = static_cast<std::int32_t>(draw.below(3));
    s.request.session = draw.below(10);
    if (draw.below(3) == 0) s.request.max_output_tokens = output + static_cast<std::uint32_t>(draw.below(50));
    if (draw.below(impatient) == 0)
      s.request.timeout = from_seconds(draw.below(20) == 0 ? 0 : on_grid(draw.exponential(patience), grid));
    if (i > 0 && draw.below(4) == 0) {
      const std::size_t before = draw.below(i);
      s.after = static_cast<int>(before);
      s.request.arrival = draw.below(2) == 0 ? 0 : from_seconds(on_grid(draw.exponential(0.3), grid));
      const traces::Request& parent = world.script[before].request;
      const std::uint32_t own = static_cast<std::uint32_t>(1 + draw.below(60));
      if (parent.input_tokens + parent.output_tokens + own < 620) {
        s.request.prompt = parent.prompt;
        traces::append_piece(s.request.prompt, {parent.output_stream, 0, parent.output_tokens});
        traces::append_piece(s.request.prompt, {1000 + 2 * i, 0, own});
        s.request.input_tokens = parent.input_tokens + parent.output_tokens + own;
        s.request.model = parent.model;
        if (draw.below(3) == 0) {
          s.after = parent.arrival > 0 && world.script[before].after < 0 ? -1 : s.after;
          if (s.after < 0)
            s.request.arrival = parent.arrival + from_seconds(on_grid(draw.exponential(0.5), grid));
        }
      }
    }
    world.script.push_back(std::move(s));
  }
  return world;
}

// Host memory, storage, or both under some of the pools: a few blocks to plenty, links from slow to fast.
void add_tiers(World& world, std::uint64_t seed) {
  RandomStream draw(seed, "tiers");
  const auto rate = [&draw] { return 1e3 * std::pow(10.0, 4 * draw.uniform()); };
  const auto retention = [&draw] {
    const bool since_write = draw.below(2) == 0;
    return sim::Retention{draw.below(3) == 0 ? from_seconds(0.05 + 2 * draw.uniform()) : kNever,
                          since_write ? sim::RetentionSince::kWrite : sim::RetentionSince::kLastUse};
  };
  const sim::EvictionPolicy policies[] = {sim::EvictionPolicy::kLru, sim::EvictionPolicy::kArc,
                                          sim::EvictionPolicy::kLfu, sim::EvictionPolicy::kLengthAware};
  sim::StorageSystemSettings system;
  system.name = "shared";
  system.local = draw.below(3) == 0;
  system.capacity_bytes = 200 + draw.below(draw.below(2) == 0 ? 2'000 : 200'000);
  system.read_bytes_per_second = rate();
  system.write_bytes_per_second = rate();
  system.operations_per_second = 10 + 1e4 * draw.uniform();
  system.latency_seconds = draw.below(2) == 0 ? 0 : 0.01 * draw.uniform();
  system.key_per_tenant = draw.below(3) == 0;
  system.retention = retention();
  system.eviction.by = static_cast<sim::StorageEviction::By>(draw.below(3));
  system.eviction.policy = policies[draw.below(4)];
  system.eviction.every = from_seconds(0.05 + draw.uniform());
  world.fleet.storage = {system};
  world.fleet.network.site_links = {{"far", "", rate()}};
  for (sim::Pool& pool : world.fleet.pools) {
    if (draw.below(5) == 0) continue;
    pool.engine.prefix_caching = true;
    pool.replicas_per_server = 1 + static_cast<std::uint32_t>(draw.below(2));
    pool.nic_bytes_per_second = rate();
    if (draw.below(2) == 0)
      pool.frontend = {0.001, 1e-5, 1e-5 * draw.uniform(), 1 + static_cast<std::uint32_t>(draw.below(2))};
    sim::KvTierSettings& tiers = pool.tiers;
    tiers.block_tokens = pool.engine.block_size_tokens * static_cast<std::uint32_t>(1 + draw.below(4));
    tiers.ranks = 1 + static_cast<std::uint32_t>(draw.below(2));
    tiers.block_bytes = tiers.block_tokens * 2;
    tiers.copy_bytes = tiers.block_bytes / tiers.ranks;
    tiers.to_host = {1e-4 * draw.uniform(), rate()};
    tiers.to_gpu = {1e-4 * draw.uniform(), rate()};
    tiers.copy_interference = draw.below(3) == 0 ? 0.5 * draw.uniform() : 0;
    tiers.prompt_only = draw.below(2) == 0;
    tiers.waits_for_pending = draw.below(2) == 0;
    tiers.reloads_preempted = draw.below(4) != 0;
    tiers.private_keys = draw.below(4) == 0;
    const std::uint64_t stack = draw.below(3);
    if (stack != 1)
      tiers.host = {
          static_cast<std::uint64_t>(tiers.block_bytes) * (1 + draw.below(draw.below(2) == 0 ? 20 : 2'000)),
          policies[draw.below(4)], retention()};
    if (stack == 0) continue;
    sim::StorageMountSettings mount;
    mount.threads = 1 + static_cast<std::uint32_t>(draw.below(8));
    mount.read_preferring = draw.uniform();
    mount.thread_bytes_per_second = draw.below(2) == 0 ? 0 : rate();
    mount.lookup_seconds = draw.below(2) == 0 ? 0 : 0.01 * draw.uniform();
    mount.queue_limit_seconds = draw.below(2) == 0 ? 30 : 0.1;
    mount.job_is_one_task = draw.below(2) == 0;
    tiers.storage = mount;
  }
  if (draw.below(3) == 0) world.fleet.erasures.push_back({from_seconds(3 * draw.uniform()), "alone", 0});
  if (draw.below(3) == 0)
    world.fleet.erasures.push_back({from_seconds(4 + draw.uniform()), "", draw.below(10)});
}

// Requests wait in the router. Routers of these worlds never see a pool saturated, so ceilings of 0 are what
// stops bands: all of them, or all but the least important one, whose running requests others may evict.
void add_flow_control(World& world, std::uint64_t seed) {
  RandomStream draw(seed, "flow control");
  world.fleet.router.epp = testing::flow_settings();
  sim::FlowControlSettings& flow = world.fleet.router.epp->flow_control;
  flow.request_ttl_seconds = 0.005 + 0.2 * draw.uniform();
  flow.eviction = draw.below(2) == 0;
  if (draw.below(3) == 0) {
    world.fleet.router.epp->plugins[6].parameters.numbers["threshold"] = 0;
  } else if (draw.below(3) != 0) {
    flow.usage_limit = "priority-holdback-policy";
    world.fleet.router.epp->plugins[7].parameters.numbers = {{"minCeiling", 1}, {"maxCeiling", 0}};
  }
  world.fleet.slo_classes.push_back({"batch", {}, 0, -1});
  world.names.slo_classes = {"", "batch"};
  for (Scripted& s : world.script) s.request.slo_class = static_cast<std::uint32_t>(draw.below(2));
}

// Roles for the pools: leases and ways from too short to plenty, links from slow to fast.
void add_roles(World& world, std::uint64_t seed) {
  RandomStream draw(seed, "roles");
  const auto rate = [&draw] { return 1e3 * std::pow(10.0, 4 * draw.uniform()); };
  const double grid = draw.below(2) == 0 ? 0.001 : 0;
  const auto seconds = [&](double most) {
    return draw.below(3) == 0 ? 0 : on_grid(most * draw.uniform(), grid);
  };
  sim::Pool more = world.fleet.pools.front();
  more.name = "more";
  world.fleet.pools.push_back(more);
  const sim::PoolRole roles[] = {sim::PoolRole::kPrefill, sim::PoolRole::kDecode, sim::PoolRole::kBoth};
  for (sim::Pool& pool : world.fleet.pools) pool.role = roles[draw.below(3)];
  world.fleet.pools.front().role = sim::PoolRole::kPrefill;
  world.fleet.pools.back().role = sim::PoolRole::kDecode;
  for (sim::Pool& pool : world.fleet.pools) {
    pool.tp = 1 + static_cast<std::uint32_t>(draw.below(2));
    pool.kv_bytes_per_block = 2 * pool.engine.block_size_tokens;
    if (pool.nic_bytes_per_second <= 0) pool.nic_bytes_per_second = rate();
  }
  if (world.fleet.network.site_links.empty()) world.fleet.network.site_links = {{"far", "", rate()}};
  if (!world.fleet.sites.empty()) world.fleet.sites[0].site_rtt_seconds[""] = seconds(0.05);
  if (draw.below(3) == 0)
    world.fleet.network.leaf = sim::LeafSpine{1 + static_cast<std::uint32_t>(draw.below(3)), 2};
  if (draw.below(6) != 0) world.fleet.router.policy = "pd-round-robin";
  sim::DisaggregationSettings& settings = world.fleet.router.disaggregation;
  settings.lease_seconds = draw.below(2) == 0 ? 30 : seconds(0.5);
  settings.lease_renewed = draw.below(2) == 0;
  settings.handshake_seconds = seconds(0.1);
  settings.start_seconds = seconds(0.03);
  settings.hop_seconds = seconds(0.01);
  settings.rank_bytes_per_second = rate();
  settings.local_prefill_on_failure = draw.below(2) == 0;
}

// Whatever the world has fails, often and for short: elements of every kind, at scheduled and at random
// times, and drains.
sim::OutageSpec random_outage(const World& world, RandomStream& draw, double grid) {
  const auto span = [&](double mean) {
    return std::max<Nanoseconds>(1'000'000, from_seconds(on_grid(draw.exponential(mean), grid)));
  };
  const sim::Pool& pool = world.fleet.pools[draw.below(world.fleet.pools.size())];
  const sim::OutageScope scopes[] = {sim::OutageScope::kReplicas, sim::OutageScope::kServers,
                                     sim::OutageScope::kPool, sim::OutageScope::kSite,
                                     sim::OutageScope::kStorage};
  sim::OutageSpec spec;
  spec.scope = scopes[draw.below(5)];
  spec.name = spec.scope == sim::OutageScope::kSite      ? pool.site
              : spec.scope == sim::OutageScope::kStorage ? "shared"
                                                         : pool.name;
  const bool of_servers = spec.scope == sim::OutageScope::kServers;
  const std::uint32_t most =
      of_servers ? (pool.replicas + pool.replicas_per_server - 1) / pool.replicas_per_server : pool.replicas;
  for (std::uint32_t i = 0; i < most; ++i) spec.members.push_back(i);
  if (draw.below(2) == 0) spec.startup = draw.below(3) == 0 ? 0 : span(0.3);
  const std::uint64_t when = draw.below(of_servers ? 3 : 2);
  if (when == 0) spec.when = sim::ScheduledOutage{draw.below(6) == 0 ? 0 : span(1), span(0.5)};
  if (when == 1) spec.when = sim::RandomOutages{from_seconds(0.2) + span(2), span(0.3)};
  if (when == 2)
    spec.when = sim::Drains{span(0.5), span(1), span(0.2), 1 + static_cast<std::uint32_t>(draw.below(most))};
  return spec;
}

void add_outages(World& world, std::uint64_t seed) {
  RandomStream draw(seed, "outages");
  const double grid = draw.below(2) == 0 ? 0.001 : 0;
  for (sim::Pool& pool : world.fleet.pools) pool.startup_seconds = on_grid(0.4 * draw.uniform(), grid);
  for (std::uint64_t i = 0; i <= draw.below(4); ++i)
    world.fleet.outages.push_back(random_outage(world, draw, grid));
  world.fleet.recovery.retries_lost = draw.below(3) != 0;
  world.fleet.recovery.waits_for_replica = draw.below(2) == 0;
  world.fleet.recovery.detection =
      draw.below(3) == 0 ? 0 : from_seconds(on_grid(draw.exponential(0.1), grid));
}

EventLog play(const World& world, bool reference,
              const sim::RouterMaker& make_router = testing::make_router_behind_flow_control) {
  ScriptedSource source(world.script, world.names);
  EventLog log;
  sim::RunOptions options;
  options.reference = reference;
  options.sample_every = world.sample_every;
  options.max_samples = world.max_samples;
  options.make_router = make_router;
  sim::simulate(world.fleet, source, log, options);
  return log;
}

// What must hold for any request, whatever became of it.
void expect_possible(const sim::RequestRecord& record) {
  EXPECT_LE(record.output_tokens, 220u) << record.id;
  EXPECT_EQ(record.output_tokens > 0, record.first_token != kNever) << record.id;
  EXPECT_TRUE(record.status != sim::RequestStatus::kCompleted || record.first_token != kNever) << record.id;
  EXPECT_GE(record.scheduled, record.queued) << record.id;  // kNever is later than anything
  EXPECT_GE(record.first_token, record.queued) << record.id;
}

// Plays the world in both modes, which must tell the same; what became of its requests.
void play_both(const World& world, std::vector<sim::RequestRecord>& records) {
  const EventLog fast = play(world, false), stepped = play(world, true);
  for (std::size_t i = 0; i < std::min(fast.lines.size(), stepped.lines.size()); ++i)
    ASSERT_EQ(fast.lines[i], stepped.lines[i]) << "line " << i;
  ASSERT_EQ(fast.lines.size(), stepped.lines.size());
  ASSERT_EQ(fast.records.size(), world.script.size());
  for (const sim::RequestRecord& record : fast.records) expect_possible(record);
  records = fast.records;
}

TEST(Exactness, FastForwardTellsWhatSteppingTells) {
  const int cases = random_cases(400);
  std::uint64_t preemptions = 0, timeouts = 0, hits = 0, recomputed = 0;
  for (std::uint64_t seed = 1; seed <= static_cast<std::uint64_t>(cases); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const World world = random_world(seed);
    std::vector<sim::RequestRecord> records;
    ASSERT_NO_FATAL_FAILURE(play_both(world, records));
    for (const sim::RequestRecord& record : records) {
      preemptions += record.preemptions;
      hits += record.hit_tokens;
      recomputed += record.recomputed_tokens;
      timeouts += record.status == sim::RequestStatus::kTimedOut;
    }
  }
  EXPECT_GT(preemptions, 5u);
  EXPECT_GT(timeouts, 5u);
  EXPECT_GT(hits, 1000u);
  EXPECT_GT(recomputed, 100u);
}

TEST(Exactness, FastForwardTellsWhatSteppingTellsWithTiers) {
  const int cases = random_cases(400);
  std::uint64_t host_hits = 0, storage_hits = 0, preemptions = 0;
  Nanoseconds load_wait = 0;
  for (std::uint64_t seed = 1; seed <= static_cast<std::uint64_t>(cases); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    World world = random_world(seed);
    add_tiers(world, seed);
    std::vector<sim::RequestRecord> records;
    ASSERT_NO_FATAL_FAILURE(play_both(world, records));
    for (const sim::RequestRecord& record : records) {
      host_hits += record.host_hit_tokens;
      storage_hits += record.storage_hit_tokens;
      load_wait += record.load_wait;
      preemptions += record.preemptions;
    }
  }
  EXPECT_GT(host_hits, 1000u);
  EXPECT_GT(storage_hits, 1000u);
  EXPECT_GT(preemptions, 5u);
  EXPECT_GT(load_wait, 0);
}

// Forecasts bring engines up to date in the midst of a row, and picks depend on them.
TEST(Exactness, AnOracleSeesAndDoesTheSameInBothModes) {
  for (std::uint64_t seed = 1; seed <= static_cast<std::uint64_t>(random_cases(300)); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    World world = random_world(seed);
    if (seed % 3 == 0) add_tiers(world, seed);
    world.fleet.router.policy = "oracle";
    const EventLog fast = play(world, false), stepped = play(world, true);
    ASSERT_EQ(fast.lines.size(), stepped.lines.size());
    for (std::size_t i = 0; i < fast.lines.size(); ++i) ASSERT_EQ(fast.lines[i], stepped.lines[i]);
  }
}

// A router that goes by the events of engines, to where least seems cached, and that writes down what it is
// told, block by block.
class EventReader final : public sim::Router {
 public:
  EventReader(const std::vector<sim::Endpoint>& endpoints, std::vector<std::string>& told)
      : Router(endpoints), blocks_(endpoints.size()), told_(told) {}

  sim::RouterNeeds needs() const override { return {false, false, true}; }
  sim::Decision route(const sim::RouteRequest& request, const sim::RouterView&, sim::Explanation*) override {
    sim::EndpointId best = request.candidates->front();
    for (const sim::EndpointId endpoint : *request.candidates)
      if (blocks_[endpoint] < blocks_[best]) best = endpoint;
    return {sim::Refusal::kNone, {.request = request.id, .decode = best}, 0};
  }
  void cache_event(sim::EndpointId endpoint, const sim::CacheEvent& event, Nanoseconds now) override {
    const bool stored = event.kind == sim::CacheEventKind::kStored;
    const auto tell = [&](const char* tier, std::uint64_t block) {
      blocks_[endpoint] += stored ? 1 : -1;
      told_.push_back(fmt::format("{} endpoint {} {} {} {:x}", now, endpoint, tier, stored, block));
    };
    for (const std::uint64_t key : event.host_keys) tell("host", key);
    if (event.tier == sim::CacheTier::kHost) return;
    std::vector<std::uint64_t> keys;
    sim::KeyCursor cursor;
    sim::extend_keys(keys, cursor, *event.path, sim::key_seed(event.salt, 0), event.block_tokens, event.end);
    for (std::uint64_t i = 0; i < event.end - event.begin; ++i)
      tell("gpu", keys[stored ? event.begin + i : event.end - 1 - i]);
  }

 private:
  std::vector<std::int64_t> blocks_;
  std::vector<std::string>& told_;
};

sim::RouterMaker reader(std::vector<std::string>& told) {
  return [&told](const sim::RouterSettings&, const std::vector<sim::Endpoint>& endpoints, std::uint64_t) {
    return std::make_unique<EventReader>(endpoints, told);
  };
}

World world_of_events(std::uint64_t seed) {
  World world = random_world(seed);
  if (seed % 2 == 0) add_tiers(world, seed);
  RandomStream draw(seed, "event lag");
  world.fleet.router.event_lag_seconds = 0.02 * draw.uniform();
  world.fleet.router.scrape_seconds = 0.001 + 0.2 * draw.uniform() * draw.uniform();
  return world;
}

// Also in the order in which routers are told.
void expect_same_events(const World& world, std::vector<std::string>& fast) {
  std::vector<std::string> stepped;
  const EventLog fast_log = play(world, false, reader(fast)), log = play(world, true, reader(stepped));
  for (std::size_t i = 0; i < std::min(fast.size(), stepped.size()); ++i)
    ASSERT_EQ(fast[i], stepped[i]) << "event " << i;
  ASSERT_EQ(fast.size(), stepped.size());
  ASSERT_EQ(fast_log.lines, log.lines);
}

TEST(Exactness, FastForwardTellsRoutersWhatSteppingTellsThem) {
  std::uint64_t stored = 0, removed = 0, host_stored = 0, host_removed = 0;
  for (std::uint64_t seed = 1; seed <= static_cast<std::uint64_t>(random_cases(400)); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::vector<std::string> events;
    ASSERT_NO_FATAL_FAILURE(expect_same_events(world_of_events(seed), events));
    for (const std::string& event : events) {
      const bool host = event.find(" host ") != std::string::npos,
                 gone = event.find(" false ") < event.size();
      (host ? gone ? host_removed : host_stored : gone ? removed : stored)++;
    }
  }
  EXPECT_GT(stored, 10'000u);
  EXPECT_GT(removed, 10'000u);
  EXPECT_GT(host_stored, 1000u);
  EXPECT_GT(host_removed, 1000u);
}

TEST(Exactness, FastForwardTellsWhatSteppingTellsWithFlowControl) {
  std::uint64_t completed = 0, expired = 0, evicted = 0;
  for (std::uint64_t seed = 1; seed <= static_cast<std::uint64_t>(random_cases(300)); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    World world = random_world(seed);
    if (seed % 3 == 0) add_roles(world, seed);
    add_flow_control(world, seed);
    std::vector<sim::RequestRecord> records;
    ASSERT_NO_FATAL_FAILURE(play_both(world, records));
    for (const sim::RequestRecord& record : records) {
      const bool shed = record.status == sim::RequestStatus::kShed;
      completed += record.status == sim::RequestStatus::kCompleted;
      expired += shed && record.routed == kNever;
      evicted += shed && record.routed != kNever;
    }
  }
  EXPECT_GT(completed, 200u);
  EXPECT_GT(expired, 100u);
  EXPECT_GT(evicted, 5u);
}

TEST(Exactness, FastForwardTellsWhatSteppingTellsWithPrefillAndDecodePools) {
  const int cases = random_cases(400);
  std::uint64_t pulled = 0, failed = 0, timeouts = 0, preemptions = 0, lost = 0;
  for (std::uint64_t seed = 1; seed <= static_cast<std::uint64_t>(cases); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    World world = random_world(seed);
    if (seed % 3 == 0) add_tiers(world, seed);
    add_roles(world, seed);
    std::vector<sim::RequestRecord> records;
    ASSERT_NO_FATAL_FAILURE(play_both(world, records));
    for (const sim::RequestRecord& record : records) {
      EXPECT_EQ(record.prefill_replica.has_value() && record.first_token != kNever,
                record.pulled_tokens > 0 && record.first_token != kNever)
          << record.id;
      pulled += record.pulled_tokens;
      preemptions += record.preemptions;
      failed += record.status == sim::RequestStatus::kHandOverFailed;
      timeouts += record.status == sim::RequestStatus::kTimedOut && record.prefill_queued != kNever;
      lost += record.prefill_ended != kNever && record.pulled_tokens == 0 && record.first_token != kNever;
    }
  }
  EXPECT_GT(pulled, 10'000u);
  EXPECT_GT(failed, 5u);
  EXPECT_GT(timeouts, 5u);
  EXPECT_GT(preemptions, 5u);
  EXPECT_GT(lost, 5u);
}

// A picker of endpoints whose pool does become saturated, by its counters or by its scrapes, fresh or stale.
void add_saturation(World& world, std::uint64_t seed) {
  RandomStream draw(seed, "saturation");
  sim::EppSettings& epp = *world.fleet.router.epp;
  epp.plugins[6].parameters.numbers["threshold"] = 1;
  epp.plugins[7].parameters.numbers = {{"minCeiling", 0.5}, {"maxCeiling", 1}};
  if (draw.below(3) == 0) epp.flow_control.usage_limit = "soft-reflective-ceiling-policy";
  const std::size_t first = epp.plugins.size();
  epp.plugins.push_back(testing::plugin("single-profile-handler"));
  epp.plugins.push_back(testing::plugin("random-picker", {{"maxNumOfEndpoints", 1}}));
  const char* modes[] = {"requests", "tokens", "hybrid"};
  if (draw.below(2) == 0)
    epp.plugins.push_back(testing::plugin("concurrency-detector",
                                          {{"maxConcurrency", 1 + static_cast<double>(draw.below(4))},
                                           {"maxTokenConcurrency", 50 + static_cast<double>(draw.below(500))},
                                           {"headroom", 0}},
                                          {{"concurrencyMode", modes[draw.below(3)]}}));
  else
    epp.plugins.push_back(testing::plugin("utilization-detector", {{"queueDepthThreshold", 1},
                                                                   {"kvCacheUtilThreshold", 0.2},
                                                                   {"metricsStalenessThreshold", 0.2},
                                                                   {"headroom", 0}}));
  epp.profile_handler = epp.plugins[first].name;
  epp.saturation_detector = epp.plugins[first + 2].name;
  epp.profiles = {{"default", {{first + 1, 1}}}};
  world.fleet.router.policy = "epp";
  world.fleet.router.scrape_seconds = draw.below(3) == 0 ? 0.25 : 0.05;
  world.fleet.router.replicas = 1 + static_cast<std::uint32_t>(draw.below(2));
}

TEST(Exactness, FastForwardTellsWhatSteppingTellsWhereTheRouterSeesSaturation) {
  std::uint64_t completed = 0, waited = 0, expired = 0, evicted = 0;
  for (std::uint64_t seed = 1; seed <= static_cast<std::uint64_t>(random_cases(300)); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    World world = random_world(seed);
    add_flow_control(world, seed);
    add_saturation(world, seed);
    std::vector<sim::RequestRecord> records;
    ASSERT_NO_FATAL_FAILURE(play_both(world, records));
    for (const sim::RequestRecord& record : records) {
      const bool shed = record.status == sim::RequestStatus::kShed;
      completed += record.status == sim::RequestStatus::kCompleted;
      const bool sent = record.routed != kNever;
      waited += sent && record.routed > record.arrival;
      expired += shed && !sent;
      evicted += shed && sent;
    }
  }
  EXPECT_GT(completed, 200u);
  EXPECT_GT(waited, 100u);
  EXPECT_GT(expired, 100u);
  EXPECT_GT(evicted, 5u);
}

TEST(Exactness, FastForwardTellsWhatSteppingTellsWithOutages) {
  std::uint64_t completed = 0, failed = 0, refused = 0, crashes = 0, drains = 0, sent_again = 0;
  const auto cases = static_cast<std::uint64_t>(random_cases(800));
  for (std::uint64_t seed = 1; seed <= cases; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    World world = random_world(seed);
    if (seed % 2 == 0) add_tiers(world, seed);
    if (seed % 4 >= 2) add_roles(world, seed);
    if (seed % 5 == 0) add_flow_control(world, seed);
    if (seed % 10 == 0) add_saturation(world, seed);
    if (seed % 7 == 0 && seed % 4 < 2) world.fleet.router.policy = "oracle";
    add_outages(world, seed);
    std::vector<sim::RequestRecord> records;
    ASSERT_NO_FATAL_FAILURE(play_both(world, records));
    for (const sim::RequestRecord& record : records) {
      completed += record.status == sim::RequestStatus::kCompleted;
      failed += record.status == sim::RequestStatus::kLost;
      refused += record.status == sim::RequestStatus::kRejectedNoRoute;
    }
    for (const std::string& line : play(world, false).lines) {
      crashes += line.starts_with("replica ") && line.ends_with(": 2");
      drains += line.starts_with("replica ") && line.ends_with(": 1");
      sent_again += line.starts_with("lost ") && line.ends_with(": 1");
    }
  }
  EXPECT_GT(completed, 12 * cases);
  EXPECT_GT(failed, cases / 4);
  EXPECT_GT(refused, cases / 4);
  EXPECT_GT(crashes, cases / 2);
  EXPECT_GT(drains, cases / 8);
  EXPECT_GT(sent_again, cases / 2);
}

TEST(Exactness, HowOftenOneSamplesChangesNothing) {
  for (std::uint64_t seed = 1; seed <= static_cast<std::uint64_t>(random_cases(100)); ++seed) {
    World world = random_world(seed);
    world.max_samples = 1'000'000;
    const auto without_samples = [&](Nanoseconds every) {
      world.sample_every = every;
      std::vector<std::string> lines = play(world, false).lines;
      std::erase_if(lines, [](const std::string& line) { return line.starts_with("sample"); });
      return lines;
    };
    ASSERT_EQ(without_samples(1'300'001), without_samples(1'000'000'000'000)) << "seed " << seed;
  }
}

TEST(Exactness, HowOftenOneSamplesChangesNothingThatRoutersAreTold) {
  for (std::uint64_t seed = 1; seed <= static_cast<std::uint64_t>(random_cases(25)); ++seed) {
    World world = world_of_events(seed);
    world.max_samples = 1'000'000;
    std::vector<std::string> often, never;
    world.sample_every = 1'300'001;
    play(world, false, reader(often));
    world.sample_every = 1'000'000'000'000;
    play(world, false, reader(never));
    std::sort(often.begin(), often.end());  // blocks that expire at one time may be told in any order
    std::sort(never.begin(), never.end());
    ASSERT_EQ(often, never) << "seed " << seed;
  }
}

}  // namespace
}  // namespace kvsim
