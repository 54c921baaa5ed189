// SPDX-License-Identifier: Apache-2.0
// Does a prompt get its first token when the forecast says? The same engine is asked first and played on
// then. Step time in closed forms: T = 10 ms + 10 us x prefill tokens + 100 us x decodes.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"
#include "sim/replica/replica.h"
#include "tests/random_cases.h"
#include "tests/sim/support/event_log.h"
#include "tests/sim/support/linear_step_time.h"

namespace kvsim {
namespace {

constexpr Nanoseconds kMs = 1'000'000;
constexpr Nanoseconds kUs = 1'000;

struct Plain {
  std::uint32_t prompt = 1000;
  std::uint32_t output = 1;
  std::uint64_t stream = 0;  // 0: of its own
  bool announced_stop = true;
};

class Engine {
 public:
  explicit Engine(sim::EngineSettings engine, std::uint64_t kv_blocks = 100'000, double context_seconds = 0) {
    auto times = std::make_shared<testing::LinearStepTime>();
    times->context_token_seconds = context_seconds;
    sim::ReplicaSettings settings;
    settings.engine = std::move(engine);
    settings.kv_blocks = kv_blocks;
    settings.step_time = times;
    replica_.emplace(settings, log_);
  }

  void add(Nanoseconds now, const Plain& plain) {
    run_to(now);
    sim::EngineRequest request;
    request.slot = slots_++;
    request.output_tokens = plain.output;
    request.announced_stop = plain.announced_stop;
    request.prompt = prompt_of(plain, request.slot);
    request.prompt_tokens = plain.prompt;
    request.output_stream = 10'000 + request.slot;
    replica_->enqueue(now, now, std::move(request));
  }

  // Forecast and outcome of a request that comes now.
  struct Ttft {
    Nanoseconds forecast, seen;
  };
  Ttft of_new(Nanoseconds now, const Plain& plain) {
    run_to(now);
    const double forecast = replica_->ttft_seconds(now, now, 0, prompt_of(plain, slots_));
    const std::uint32_t slot = slots_;
    add(now, plain);
    while (first_.count(slot) == 0) wake();
    return {from_seconds(forecast), first_.at(slot) - now};
  }

 private:
  static std::vector<traces::Piece> prompt_of(const Plain& plain, std::uint32_t slot) {
    const std::uint64_t stream = plain.stream != 0 ? plain.stream : 1000 + slot;
    return {{stream, 0, static_cast<std::uint32_t>(plain.prompt)}};
  }
  void run_to(Nanoseconds now) {  // boundaries at `now` are still to come
    while (replica_->next_wake() < now) wake();
  }
  void wake() {
    const Nanoseconds now = replica_->next_wake();
    news_.clear();
    replica_->wake(now, news_);
    for (const std::uint32_t slot : news_.first_tokens) first_[slot] = now;
  }

  testing::EventLog log_;
  std::optional<sim::Replica> replica_;
  sim::EngineNews news_;
  std::map<std::uint32_t, Nanoseconds> first_;  // by slot
  std::uint32_t slots_ = 0;
};

sim::EngineSettings settings(bool async = false) {
  sim::EngineSettings engine;
  engine.async_scheduling = async;
  engine.max_model_len = 1'000'000;
  return engine;
}

void expect_both(const Engine::Ttft& ttft, Nanoseconds expected) {
  EXPECT_EQ(ttft.forecast, expected);
  EXPECT_EQ(ttft.seen, expected);
}

TEST(Forecast, IdleEngineComputesThePromptAtOnce) {
  expect_both(Engine(settings()).of_new(5 * kMs, {1000}), 20 * kMs);
  expect_both(Engine(settings(true)).of_new(5 * kMs, {1000}), 20 * kMs);
  // 20,000 tokens at 8192 a step: three steps.
  expect_both(Engine(settings()).of_new(5 * kMs, {20'000}), 30 * kMs + 200 * kMs);
}

TEST(Forecast, WaitsForTheStepInProgressAndSharesTheNextWithTheDecode) {
  // The other one: prefill to 20 ms, decodes to 30.1, 40.2, ... ms. At 25 ms: 5.1 ms are left of the step;
  // then 10 ms + 10 ms + 0.1 ms.
  Engine engine(settings());
  engine.add(0, {1000, 10});
  expect_both(engine.of_new(25 * kMs, {1000}), 5 * kMs + 100 * kUs + 20 * kMs + 100 * kUs);
}

TEST(Forecast, AsynchronousSchedulingHasPlannedOneStepMore) {
  Engine engine(settings(true));
  engine.add(0, {1000, 10});
  expect_both(engine.of_new(25 * kMs, {1000}), 5 * kMs + 2 * 100 * kUs + 10 * kMs + 20 * kMs + 100 * kUs);
}

TEST(Forecast, PromptsBeforeItAreComputedFirst) {
  // Three prompts of 6000 wait behind one that runs (prefill of 1000 to 20 ms). 19,000 tokens in all from 20
  // ms on, beside decodes as the prompts end: steps of 8192 = 6000 + 2192; 8192 - 1 - 1: 3808 + 4382 and so
  // on.
  //   step 2: 1 decode, 8191 prompt tokens: 10 + 0.1 + 81.91            (second of the three: 2191 done)
  //   step 3: 2 decodes, 8190:              10 + 0.2 + 81.90            (third: 8190 - 3809 = 4381 done)
  //   step 4: 3 decodes, 1619 + 1000:       10 + 0.3 + 26.19
  Engine engine(settings());
  for (const std::uint32_t prompt : {1000, 6000, 6000, 6000})
    engine.add(prompt == 1000 ? 0 : kMs, {prompt, 100});
  const Nanoseconds steps = 92 * kMs + 10 * kUs + 92 * kMs + 100 * kUs + 36 * kMs + 490 * kUs;
  expect_both(engine.of_new(20 * kMs, {1000}), steps);
}

TEST(Forecast, CachedPrefixIsNotComputed) {
  // 1000 tokens are 62 full blocks: 992 hit, 8 are left.
  Engine engine(settings());
  engine.add(0, {1000, 1, 7});
  expect_both(engine.of_new(100 * kMs, {1000, 1, 7}), 10 * kMs + 8 * 10 * kUs);
}

TEST(Forecast, WaitingPromptsThatHitAreShortToo) {
  // Behind a decode the second and third ask for what the first computed: 8 tokens each.
  Engine engine(settings());
  engine.add(0, {1000, 100, 7});
  engine.add(25 * kMs, {1000, 1, 7});
  expect_both(engine.of_new(26 * kMs, {500, 1}), 4 * kMs + 100 * kUs + 10 * kMs + 100 * kUs + 508 * 10 * kUs);
}

TEST(Forecast, HitsWhatTheOneBeforeItInTheQueueWillCompute) {
  Engine engine(settings());
  engine.add(0, {1000, 100});
  engine.add(25 * kMs, {4000, 1, 7});
  // 3008 = 188 blocks are common.
  expect_both(engine.of_new(26 * kMs, {3010, 1, 7}),
              4 * kMs + 100 * kUs + 10 * kMs + 100 * kUs + 4002 * 10 * kUs);
}

TEST(Forecast, WaitsForASeat) {
  // One seat: the other one's last token is at 20 ms + 9 x 10.1 ms.
  sim::EngineSettings engine = settings();
  engine.max_num_seqs = 1;
  Engine one(engine);
  one.add(0, {1000, 10});
  expect_both(one.of_new(25 * kMs, {1000}), 20 * kMs + 9 * 10 * kMs + 900 * kUs - 25 * kMs + 20 * kMs);
}

TEST(Forecast, WaitsForBlocks) {
  // 100 blocks of 16: the first takes 63 to 64; the new one's 63 come free with its end.
  Engine engine(settings(), 100);
  engine.add(0, {1000, 10});
  expect_both(engine.of_new(25 * kMs, {1000}), 20 * kMs + 9 * 10 * kMs + 900 * kUs - 25 * kMs + 20 * kMs);
}

TEST(Forecast, WhatNeverFitsIsNeverThere) {
  sim::EngineSettings engine = settings();
  testing::EventLog log;
  sim::ReplicaSettings replica;
  replica.engine = engine;
  replica.kv_blocks = 10;
  replica.step_time = std::make_shared<testing::LinearStepTime>();
  EXPECT_TRUE(std::isinf(sim::Replica(replica, log).ttft_seconds(0, 0, 0, {{7, 0, 1000}})));
}

// Any engine with room for all blocks, any past: the forecast is the outcome, but for the rounding of rows.
TEST(Forecast, AgreesWithTheEngineOnRandomQueues) {
  for (std::uint64_t seed = 1; seed <= static_cast<std::uint64_t>(random_cases(1500)); ++seed) {
    RandomStream draw(seed, "forecast");
    sim::EngineSettings engine = settings(draw.below(2) == 0);
    engine.max_num_seqs = static_cast<std::uint32_t>(1 + draw.below(draw.below(2) == 0 ? 4 : 64));
    engine.max_num_batched_tokens = 256 + draw.below(2000);
    engine.chunked_prefill = draw.below(4) > 0;
    engine.reserve_full_sequence = draw.below(2) == 0;
    engine.prefix_caching = draw.below(4) > 0;
    if (draw.below(4) == 0) engine.long_prefill_token_threshold = 100 + draw.below(500);
    if (!engine.chunked_prefill) engine.max_num_batched_tokens = 8192;
    Engine replica(engine, 1'000'000, 1e-8);
    Nanoseconds now = 0;
    const std::uint64_t count = draw.below(30);
    const auto any = [&] {
      const auto below = [&](std::uint64_t limit) { return static_cast<std::uint32_t>(draw.below(limit)); };
      Plain plain{1 + below(3000), 1 + below(60), 0, draw.below(3) > 0};
      return plain;
    };
    for (std::uint64_t i = 0; i < count; ++i) {
      replica.add(now, any());
      if (draw.below(3) > 0) now += static_cast<Nanoseconds>(draw.below(60 * kMs));
    }
    const Engine::Ttft ttft = replica.of_new(now, any());
    ASSERT_NEAR(static_cast<double>(ttft.forecast), static_cast<double>(ttft.seen), 100) << "seed " << seed;
  }
}

}  // namespace
}  // namespace kvsim
