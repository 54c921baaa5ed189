// SPDX-License-Identifier: Apache-2.0
// Does fast-forward tell observers exactly what stepping every iteration tells them?
#include <gtest/gtest.h>

#include "base/random.h"
#include "sim/cluster/simulation.h"
#include "tests/random_cases.h"
#include "tests/sim/support/event_log.h"
#include "tests/sim/support/fleets.h"
#include "tests/sim/support/scripted_source.h"

namespace kvsim {
namespace {

using testing::EventLog;
using testing::LinearStepTime;
using testing::Scripted;
using testing::ScriptedSource;

struct World {
  sim::Fleet fleet;
  std::vector<Scripted> script;
  traces::Names names;
};

sim::Pool random_pool(RandomStream& draw, int index) {
  auto times = std::make_shared<LinearStepTime>();
  times->step_seconds = 0.001 + 0.02 * draw.uniform();
  times->context_token_seconds = draw.below(3) == 0 ? 0 : 1e-6 * draw.uniform();
  if (draw.below(3) == 0) times->piece_steps = 1 + draw.below(40);
  sim::Pool pool = testing::plain_pool("pool" + std::to_string(index), times);
  pool.model.name = draw.below(3) == 0 ? "other" : "model";
  pool.replicas = 1 + static_cast<std::uint32_t>(draw.below(3));
  pool.frontend_seconds = draw.below(2) == 0 ? 0 : 0.015 * draw.uniform();
  sim::EngineSettings& engine = pool.engine;
  const std::uint32_t block_sizes[] = {1, 4, 16, 128};
  engine.block_size_tokens = block_sizes[draw.below(4)];
  engine.max_num_seqs = draw.below(2) == 0 ? 1 + static_cast<std::uint32_t>(draw.below(6)) : 256;
  engine.max_num_batched_tokens = draw.below(2) == 0 ? 8 + draw.below(120) : 2048;
  engine.async_scheduling = draw.below(2) == 0;
  engine.prefix_caching = draw.below(4) != 0;
  engine.unhashed_blocks_first = draw.below(2) == 0;
  engine.reserve_full_sequence = draw.below(2) == 0;
  engine.chunked_prefill = draw.below(4) != 0;
  if (!engine.chunked_prefill) engine.max_num_batched_tokens = 2048;
  engine.long_prefill_token_threshold = draw.below(3) == 0 ? 1 + draw.below(100) : 0;
  engine.watermark = draw.below(3) == 0 ? 0.05 : 0;
  engine.policy = draw.below(3) == 0 ? sim::QueuePolicy::kPriority : sim::QueuePolicy::kFcfs;
  engine.max_model_len = 640;
  const std::uint64_t least = 640 / engine.block_size_tokens;
  pool.kv_blocks = draw.below(3) == 0 ? 100'000 : least + draw.below(3 * least + 2);
  return pool;
}

World random_world(std::uint64_t seed) {
  RandomStream draw(seed, "exactness");
  World world;
  for (std::uint64_t i = 0; i <= draw.below(3); ++i) {
    world.fleet.pools.push_back(random_pool(draw, static_cast<int>(i)));
    if (i == 0) world.fleet.pools[0].model.name = "model";
  }
  if (draw.below(2) == 0) {
    world.fleet.sites.push_back({"far", {}, 0.03 * draw.uniform(), {}});
    world.fleet.pools[0].site = "far";
  }
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
  double time = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    Scripted s;
    time += draw.below(5) == 0 ? 0 : draw.exponential(gap);
    const auto input = static_cast<std::uint32_t>(1 + draw.below(400));
    const auto output = static_cast<std::uint32_t>(1 + draw.below(draw.below(2) == 0 ? 240 : 20));
    s.request = testing::plain_request(from_seconds(time), input, output, 1000 + 2 * i);
    const auto shared = static_cast<std::uint32_t>(std::min<std::uint64_t>(input, draw.below(300)));
    s.request.prompt.clear();
    traces::append_piece(s.request.prompt, {draw.below(3), 0, shared});
    if (input > shared) traces::append_piece(s.request.prompt, {1000 + 2 * i, 0, input - shared});
    if (shared == 0) s.request.prompt = {{1000 + 2 * i, 0, input}};
    s.request.model = serves_other && draw.below(3) == 0 ? 1 : 0;
    s.request.tenant = draw.below(4) == 0 ? 1 : 0;
    s.request.priority = static_cast<std::int32_t>(draw.below(3));
    s.request.session = draw.below(10);
    if (draw.below(3) == 0) s.request.max_output_tokens = output + static_cast<std::uint32_t>(draw.below(50));
    if (draw.below(6) == 0) s.request.timeout = from_seconds(draw.exponential(1.0));
    if (i > 0 && draw.below(4) == 0) {
      const std::size_t before = draw.below(i);
      s.after = static_cast<int>(before);
      s.request.arrival = draw.below(2) == 0 ? 0 : from_seconds(draw.exponential(0.3));
      const traces::Request& parent = world.script[before].request;
      const std::uint32_t own = static_cast<std::uint32_t>(1 + draw.below(60));
      if (parent.input_tokens + parent.output_tokens + own < 620) {
        s.request.prompt = parent.prompt;
        traces::append_piece(s.request.prompt, {parent.output_stream, 0, parent.output_tokens});
        traces::append_piece(s.request.prompt, {1000 + 2 * i, 0, own});
        s.request.input_tokens = parent.input_tokens + parent.output_tokens + own;
        s.request.model = parent.model;
        if (draw.below(3) == 0) {  // an open loop: the child may come while the parent still answers
          s.after = parent.arrival > 0 && world.script[before].after < 0 ? -1 : s.after;
          if (s.after < 0) s.request.arrival = parent.arrival + from_seconds(draw.exponential(0.5));
        }
      }
    }
    world.script.push_back(std::move(s));
  }
  return world;
}

EventLog play(const World& world, bool reference) {
  ScriptedSource source(world.script, world.names);
  EventLog log;
  sim::RunOptions options;
  options.reference = reference;
  options.sample_every = 77'000'000;
  options.max_samples = 64;
  sim::simulate(world.fleet, source, log, options);
  return log;
}

TEST(Exactness, FastForwardTellsWhatSteppingTells) {
  const int cases = random_cases(600);
  std::uint64_t preemptions = 0, timeouts = 0, hits = 0, recomputed = 0;
  for (std::uint64_t seed = 1; seed <= static_cast<std::uint64_t>(cases); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const World world = random_world(seed);
    const EventLog fast = play(world, false), stepped = play(world, true);
    for (std::size_t i = 0; i < std::min(fast.lines.size(), stepped.lines.size()); ++i)
      ASSERT_EQ(fast.lines[i], stepped.lines[i]) << "line " << i;
    ASSERT_EQ(fast.lines.size(), stepped.lines.size());
    ASSERT_EQ(fast.records.size(), world.script.size());
    for (const sim::RequestRecord& record : fast.records) {
      preemptions += record.preemptions;
      hits += record.hit_tokens;
      recomputed += record.recomputed_tokens;
      timeouts += record.status == sim::RequestStatus::kTimedOut;
    }
  }
  EXPECT_GT(preemptions, 100u);
  EXPECT_GT(timeouts, 50u);
  EXPECT_GT(hits, 1000u);
  EXPECT_GT(recomputed, 100u);
}

}  // namespace
}  // namespace kvsim
