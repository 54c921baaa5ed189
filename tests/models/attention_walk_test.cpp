// SPDX-License-Identifier: Apache-2.0
// How long do groups of threads take that each walk a context alone?
#include "models/attention_walk.h"

#include <gtest/gtest.h>

#include "tests/models/step_time_fixture.h"
#include "tests/random_cases.h"

namespace kvsim::models {
namespace {

// One second a token; 8 KV heads with 4 queries each, on an accelerator that runs 800 groups at once: 100
// decodes.
AttentionWalk toy_walk() { return {{1, 0}, 8, 4, 800, 0}; }

StepWork equal(std::uint64_t decodes, std::uint64_t context, const std::vector<Chunk>& chunks = {}) {
  return work_of(std::vector<std::uint64_t>(decodes, context), chunks);
}

Line seconds(const AttentionWalk& walk, const StepWork& work, double prefill = 0) {
  std::uint64_t steps = kUnlimitedSteps;
  return walk_seconds(walk, work, prefill, steps);
}

double first(const StepWork& work, double prefill = 0) { return seconds(toy_walk(), work, prefill).first; }

TEST(AttentionWalk, OneWaveLastsAsLongAsItsLongestContext) {
  std::vector<std::uint64_t> contexts(20, 100);
  contexts[7] = 5000;
  const Line line = seconds(toy_walk(), work_of(contexts));
  EXPECT_DOUBLE_EQ(line.first, 5000);
  EXPECT_DOUBLE_EQ(line.growth, 1);
}

TEST(AttentionWalk, EqualContextsTakeAWholeWaveMoreWithTheFirstGroupThatFindsNoPlace) {
  EXPECT_DOUBLE_EQ(first(equal(100, 5000)), 5000);
  EXPECT_DOUBLE_EQ(first(equal(101, 5000)), 10000);
  EXPECT_DOUBLE_EQ(first(equal(200, 5000)), 10000);
  EXPECT_DOUBLE_EQ(first(equal(201, 5000)), 15000);
}

// 128 groups split in 16 are 2,048, in three waves of a 16th of the context; one decode more walks all of it.
TEST(AttentionWalk, FewDecodesSplitTheirContexts) {
  EXPECT_DOUBLE_EQ(first(equal(16, 1600)), 3 * 100);
  EXPECT_DOUBLE_EQ(first(equal(6, 1600)), 100);
  EXPECT_DOUBLE_EQ(first(equal(17, 1600)), 1600);
}

// A step with a chunk splits nothing.
TEST(AttentionWalk, ADecodeBesideAChunkWalksItsWholeContext) {
  EXPECT_DOUBLE_EQ(first(equal(6, 1600, {{0, 4}})), 1600);
}

// 120 decodes are 960 groups, two waves. One of 9,000 tokens and 119 of 100: all walks spread over 800 groups
// take 8 (9000 + 11900) / 800 = 209 s, and the longest may start last.
TEST(AttentionWalk, ShortContextsFillTheWavesOfLongOnes) {
  std::vector<std::uint64_t> contexts(120, 100);
  contexts[0] = 9000;
  EXPECT_DOUBLE_EQ(first(work_of(contexts)), 9000 + 209);
}

// 20 decodes of 1,000 tokens spread over 800 groups take 200 s. A chunk of 4 tokens is one group a head: one
// wave, whose 1,000 s hold the 300 s that the chunk's attention has been given; it may hold no more than
// that. Of 8,000 tokens it is 2,000 groups a head: its own time and that of the decodes, and the longest walk
// at the end.
TEST(AttentionWalk, ChunksAndDecodesShareTheGroups) {
  EXPECT_DOUBLE_EQ(first(equal(20, 1000, {{0, 4}}), 300), 1000 - 300);
  EXPECT_DOUBLE_EQ(first(equal(20, 1000, {{0, 4}}), 900), 200);
  EXPECT_DOUBLE_EQ(first(equal(20, 1000, {{0, 8000}}), 5000), 8000 + 200);
}

// Two thirds of the walk is in layers that see 1,000 tokens.
TEST(AttentionWalk, WindowsShortenTheWay) {
  AttentionWalk walk = toy_walk();
  walk.per_context = {1, 2};
  walk.window_tokens = 1000;
  EXPECT_DOUBLE_EQ(seconds(walk, equal(20, 800)).first, 3 * 800);
  EXPECT_DOUBLE_EQ(seconds(walk, equal(20, 5000)).first, 5000 + 2 * 1000);
  EXPECT_DOUBLE_EQ(seconds(walk, equal(20, 5000)).growth, 1);
}

// Never less than the work takes with all groups busy, never more than the longest walk on top of it.
TEST(AttentionWalk, LiesBetweenTheBoundsOfListScheduling) {
  RandomStream random(20261127, "walk bounds");
  for (int i = 0; i < random_cases(3000); ++i) {
    const StepWork work = random_work(random);
    const double prefill = work.prefill_tokens > 0 ? 20000 * random.uniform() : 0;
    const double spread = work.decode_context_tokens * 8 / 800;
    const double walked = first(work, prefill);
    ASSERT_GE(walked, spread * (1 - 1e-12)) << "case " << i;
    ASSERT_LE(walked, (spread + work.longest_context_tokens) * (1 + 1e-12)) << "case " << i;
  }
}

// Of all attention, at a thousandth of a second for each pair of a chunk.
TEST(AttentionWalk, MoreWorkNeverTakesLess) {
  RandomStream random(20261127, "walk monotone");
  const auto total = [](const std::vector<std::uint64_t>& contexts, const std::vector<Chunk>& chunks) {
    const StepWork work = work_of(contexts, chunks);
    const double prefill = work.prefill_attention_pairs / 1000;
    return prefill + first(work, prefill);
  };
  for (int i = 0; i < random_cases(2000); ++i) {
    std::vector<std::uint64_t> contexts(1 + random.below(300));
    for (auto& context : contexts) context = 1 + random.below(random.below(8) == 0 ? 20000 : 1500);
    std::vector<Chunk> chunks(random.below(3));
    for (Chunk& chunk : chunks) chunk = {random.below(5000), 1 + random.below(2000)};
    const double least = total(contexts, chunks) * (1 - 1e-12);
    auto longer = contexts, more = contexts;
    longer[random.below(longer.size())] += 1 + random.below(1000);
    more.push_back(1 + random.below(2000));
    auto prompts = chunks;
    prompts.push_back({random.below(5000), 1 + random.below(100)});
    ASSERT_GE(total(longer, chunks), least) << "case " << i << ", context";
    ASSERT_GE(total(more, chunks), least) << "case " << i << ", decode";
    ASSERT_GE(total(contexts, prompts), least) << "case " << i << ", chunk";
  }
}

TEST(AttentionWalk, LinesHoldForAsLongAsTheySay) {
  RandomStream random(20261127, "walk lines");
  int bordered = 0;
  const int cases = random_cases(3000);
  for (int i = 0; i < cases; ++i) {
    AttentionWalk walk = toy_walk();
    if (random.below(2) == 0) walk.per_context.window = 1, walk.window_tokens = 2000;
    std::vector<std::uint64_t> contexts(1 + random.below(300));
    for (auto& context : contexts) context = 1 + random.below(random.below(8) == 0 ? 20000 : 1500);
    const StepWork work = work_of(contexts);
    std::uint64_t steps = kUnlimitedSteps;
    const Line line = walk_seconds(walk, work, 0, steps);
    bordered += steps < kUnlimitedSteps;
    const std::uint64_t last = std::min<std::uint64_t>(steps, 100000);
    for (const std::uint64_t j : {std::uint64_t{1}, 1 + random.below(last), last}) {
      const double then = seconds(walk, later(work, j - 1)).first;
      ASSERT_NEAR(line.at(j), then, 1e-9 * then) << "case " << i << ", step " << j << " of " << last;
    }
  }
  EXPECT_GT(bordered, cases / 4);
}

// What a step with a walk takes more than one without: 3 layers of 10 tokens at 2 s. Two ranks halve the KV
// heads, and with them the groups, not the way.
TEST(AttentionWalk, IsPartOfAStep) {
  ModelCard card = toy_card();
  card.layers = 3;
  card.heads = 8, card.kv_heads = 2;
  const ProfileLibrary walking = lossless({{"attention_walk_seconds", 2}, {"attention_walk_groups", 200}}),
                       without = lossless();
  const auto added = [&](std::uint32_t tp, const StepWork& work) {
    const Accelerator accelerator = toy_accelerator(1e30, 1e30);
    StepTimeInput input{card, accelerator, {}, tp, "0.19.0"};
    input.library = &walking;
    const double with = make_step_time(input).model->cost(work).seconds.first;
    input.library = &without;
    return with - make_step_time(input).model->cost(work).seconds.first;
  };
  EXPECT_NEAR(added(1, equal(65, 10)), 3 * 10 * 2, 1e-9);
  EXPECT_NEAR(added(1, equal(101, 10)), 2 * 3 * 10 * 2, 1e-9);
  EXPECT_NEAR(added(2, equal(129, 10)), 3 * 10 * 2, 1e-9);
}

}  // namespace
}  // namespace kvsim::models
