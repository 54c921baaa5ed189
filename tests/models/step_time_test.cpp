// SPDX-License-Identifier: Apache-2.0
// Closed forms of the step time on a toy model and accelerator.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "base/errors.h"
#include "models/physical_step_time.h"
#include "models/step_time_shape.h"
#include "tests/models/step_time_fixture.h"

namespace kvsim::models {
namespace {

StepTimeResult made(const ModelCard& card, const Accelerator& accelerator, const ProfileLibrary& library,
                    std::uint32_t tp = 1, Types types = {}) {
  StepTimeInput input{card, accelerator, types, tp, "0.19.0"};
  input.library = &library;
  input.cuda_graphs = false;
  return make_step_time(input);
}

// Values of a layer: QKV 8 x (8 + 2 x 4) = 128, output 8 x 8 = 64, gate and up 8 x 32 = 256, down 16 x 8 =
// 128: 576, in two layers 1,152 or 2,304 B; language-model head 8 x 32 = 256 values or 512 B. At 1,000 B/s
// and unbounded arithmetic, one decode with 10 tokens of context moves
//   weights                                    2304 + 512 B
//   rows in and out of products  2 layers x 2 B x (24 + 16 + 40 + 24) = 416 B, head 2 B x 40 = 80 B
//   logits again by the sampler  32 x 10 B = 320 B
//   small kernels   2 B x (2 layers x (2 x 16 + 48 + 64) + 16) = 608 B, KV written 2 layers x 16 B = 32 B
//   KV read         10 x 32 B = 320 B
// in all 4,592 B.
TEST(StepTime, DecodeOnSlowMemoryIsBytesOverBandwidth) {
  const ProfileLibrary library = lossless();
  const auto result = made(toy_card(), toy_accelerator(1e30, 1000), library);
  const StepCost cost = result.model->cost(work_of({10}));
  EXPECT_DOUBLE_EQ(cost.seconds.first, 4.592);
  EXPECT_DOUBLE_EQ(cost.seconds.growth, 0.032);
  EXPECT_DOUBLE_EQ(cost.ideal_memory_seconds.first, (2304 + 512 + 32 + 320) / 1000.0);
  EXPECT_EQ(cost.steps, kUnlimitedSteps);
}

// 4 tokens: 2 x 1,152 x 4 = 9,216 FLOP; head of one row 2 x 256 = 512; attention: 4 x 5 / 2 = 10 pairs of 4 x
// 8 FLOP in two layers = 640. At 1,000 FLOP/s: 10.368 s.
TEST(StepTime, PrefillOnSlowArithmeticIsFlopsOverPeak) {
  const ProfileLibrary library = lossless();
  const auto result = made(toy_card(), toy_accelerator(1000, 1e30), library);
  const StepCost cost = result.model->cost(work_of({}, {{0, 4}}));
  EXPECT_DOUBLE_EQ(cost.seconds.first, 10.368);
  EXPECT_DOUBLE_EQ(cost.ideal_compute_seconds.first, 10.368);
}

// The same after 100 cached tokens: pairs 4 x (100 + 5 / 2) = 410 of 32 FLOP in two layers.
TEST(StepTime, ChunkAttendsToItsContext) {
  const ProfileLibrary library = lossless();
  const auto result = made(toy_card(), toy_accelerator(1000, 1e30), library);
  const StepCost cost = result.model->cost(work_of({}, {{100, 4}}));
  EXPECT_DOUBLE_EQ(cost.seconds.first, (9216 + 512 + 410 * 64) / 1000.0);
}

TEST(StepTime, SharesAndOverheadsEnterAsDocumented) {
  const ProfileLibrary library = lossless({{"gemm_compute_share.bf16", 0.5},
                                           {"gemm_half_tokens.bf16", 6},
                                           {"gemm_kernel_seconds.bf16", 0.25},
                                           {"prefill_compute_share.bf16", 0.25},
                                           {"prefill_padding_tokens", 3},
                                           {"prefill_kernel_seconds", 0.125},
                                           {"layer_seconds", 0.75},
                                           {"step_seconds", 5},
                                           {"sequence_seconds", 7}});
  const auto result = made(toy_card(), toy_accelerator(1000, 1e30), library);
  // Products: (4 + 6) rows of 2,304 FLOP and (1 + 6) rows of 512 FLOP at 500 FLOP/s; 8 + 1 products of 0.25
  // s.
  const double products = (10 * 2304 + 7 * 512) / 500.0 + 9 * 0.25;
  // Attention: 10 pairs and 4 x 3 wasted ones of 64 FLOP at 250 FLOP/s; two kernels.
  const double attention = 22 * 64 / 250.0 + 2 * 0.125;
  EXPECT_DOUBLE_EQ(result.model->cost(work_of({}, {{0, 4}})).seconds.first,
                   products + attention + 2 * 0.75 + 5 + 7);
}

TEST(StepTime, DecodePaddingIsContextThatEverySequenceAdds) {
  const ProfileLibrary library =
      lossless({{"decode_padding_tokens", 5}, {"decode_bandwidth_share.bf16", 0.5}});
  const ProfileLibrary without = lossless({{"decode_bandwidth_share.bf16", 0.5}});
  const Accelerator accelerator = toy_accelerator(1e30, 1000);
  const auto padded = made(toy_card(), accelerator, library).model->cost(work_of({10, 20}));
  const auto plain = made(toy_card(), accelerator, without).model->cost(work_of({10, 20}));
  EXPECT_NEAR(padded.seconds.first - plain.seconds.first, 2 * 5 * 32 / 500.0, 1e-12);
  EXPECT_DOUBLE_EQ(plain.seconds.growth, 2 * 32 / 500.0);
}

// Two of the toy's layers, one with a window of 16: bytes grow by 32 a step up to a context of 16, then
// by 16.
TEST(StepTime, WindowedLayersStopGrowingAtTheirWindow) {
  ModelCard card = toy_card();
  card.sliding_window = SlidingWindow{16, 1};
  const ProfileLibrary library = lossless();
  const auto model = made(card, toy_accelerator(1e30, 1000), library).model;
  const StepCost before = model->cost(work_of({10}));
  EXPECT_DOUBLE_EQ(before.seconds.growth, 0.032);
  EXPECT_EQ(before.steps, 7u);  // contexts 10 to 16
  const StepCost after = model->cost(work_of({17}));
  EXPECT_DOUBLE_EQ(after.seconds.growth, 0.016);
  EXPECT_NEAR(after.seconds.first, before.seconds.at(7) + 0.016, 1e-12);
  EXPECT_EQ(after.steps, kUnlimitedSteps);
}

TEST(StepTime, AsyncSchedulingHidesTheShorterOfDeviceAndProcessor) {
  const ProfileLibrary library = lossless({{"step_cpu_seconds", 4.7}, {"sequence_cpu_seconds", 0.1}});
  const ModelCard card = toy_card();
  const Accelerator accelerator = toy_accelerator(1e30, 1000);
  StepTimeInput input{card, accelerator, {}, 1, "0.19.0"};
  input.library = &library;
  input.cuda_graphs = false;
  const StepCost hidden = make_step_time(input).model->cost(work_of({10}));
  EXPECT_DOUBLE_EQ(hidden.seconds.first, 4.8);  // the device takes 4.592 s + 0.032 s a step
  EXPECT_DOUBLE_EQ(hidden.seconds.growth, 0);
  EXPECT_EQ(hidden.steps, 7u);  // 4.592 + 6 x 0.032 = 4.784 <= 4.8
  EXPECT_GT(make_step_time(input).model->cost(work_of({17})).seconds.growth, 0);
  input.async_scheduling = false;
  EXPECT_NEAR(make_step_time(input).model->cost(work_of({10})).seconds.first, 4.592 + 4.8, 1e-12);
}

// The device is idle in comparison: a decode is one graph, a mixed step two layers of pieces, a step beyond
// the largest graph (2 x 8 sequences) two layers of compiled code, and without graphs every layer runs
// eagerly.
TEST(StepTime, StepsLastAsLongAsTheirLaunches) {
  const ProfileLibrary library = lossless({{"launch_graph_seconds", 1},
                                           {"launch_piecewise_layer_seconds", 10},
                                           {"launch_compiled_layer_seconds", 100},
                                           {"launch_eager_layer_seconds", 1000}});
  const ModelCard card = toy_card();
  const Accelerator accelerator = toy_accelerator(1e30, 1e30);
  StepTimeInput input{card, accelerator, {}, 1, "0.19.0"};
  input.library = &library;
  input.max_num_seqs = 8;
  const auto seconds = [&](const StepWork& work) {
    return make_step_time(input).model->cost(work).seconds.first;
  };
  EXPECT_DOUBLE_EQ(seconds(work_of({10})), 1);
  EXPECT_DOUBLE_EQ(seconds(work_of({10}, {{0, 4}})), 20);
  EXPECT_DOUBLE_EQ(seconds(work_of({}, {{0, 17}})), 200);
  input.cuda_graphs = false;
  EXPECT_DOUBLE_EQ(seconds(work_of({10})), 2000);
}

TEST(StepTime, TensorParallelismHalvesWorkAndPassesOnRows) {
  ModelCard card = toy_card();
  card.kv_heads = 2;
  const ProfileLibrary library = lossless({{"allreduce_latency_seconds.tp8", 0.5}});
  const Accelerator accelerator = toy_accelerator(1e30, 1000);
  const StepCost one = made(card, accelerator, library, 1).model->cost(work_of({100}));
  const StepCost two = made(card, accelerator, library, 2).model->cost(work_of({100}));
  EXPECT_DOUBLE_EQ(two.ideal_memory_seconds.first, one.ideal_memory_seconds.first / 2);
  EXPECT_DOUBLE_EQ(two.ideal_compute_seconds.first, one.ideal_compute_seconds.first / 2);
  // Five all-reduces of one row (2 x 1/2 x 16 B) and the gather of half of 32 logits, each with its latency.
  const double communication = 6 * 0.5 + (5 * 16 + 32) / 1000.0;
  // On each rank: weights 2,560 B / 2 + 512 / 2; rows 2 x 2 x (8+12 + 4+8 + 8+16 + 8+8) + 2 x 24; logits 16 x
  // 10; small kernels 2 x (2 x (2 x 12 + 24 + 64) + 16); KV 100 x 32 + 32. (QKV is 8 x 24 with two KV heads.)
  const double bytes = 1280 + 256 + 288 + 48 + 160 + 480 + 3232;
  EXPECT_NEAR(two.seconds.first, communication + bytes / 1000, 1e-12);
}

TEST(StepTime, KvHeadsAreCopiedWhenRanksOutnumberThem) {
  const ProfileLibrary library = lossless();
  const Accelerator accelerator = toy_accelerator(1e30, 1000);
  const auto growth = [&](std::uint32_t tp) {
    return made(toy_card(), accelerator, library, tp).model->cost(work_of({100})).seconds.growth;
  };
  EXPECT_DOUBLE_EQ(growth(2), growth(1));
}

TEST(StepTime, GraphsPadTheStep) {
  StepTerms terms;
  terms.largest_graph_tokens = 512;
  const PhysicalStepTime model(terms);
  const std::vector<std::pair<std::uint64_t, std::uint64_t>> expected = {
      {1, 1},  {2, 2},     {3, 4},     {4, 4},     {5, 8},    {8, 8},
      {9, 16}, {256, 256}, {257, 272}, {512, 512}, {513, 513}};
  for (const auto& [tokens, padded] : expected) EXPECT_EQ(model.padded_tokens(tokens), padded) << tokens;
}

TEST(StepTime, ExpectedExpertsAgreeWithRandomDraws) {
  RandomStream random(7, "experts");
  for (const auto& [experts, chosen, tokens] : std::vector<std::array<std::uint64_t, 3>>{
           {8, 2, 1}, {8, 2, 5}, {64, 6, 20}, {128, 8, 50}, {256, 8, 300}}) {
    double total = 0;
    constexpr int kRounds = 400;
    for (int round = 0; round < kRounds; ++round) {
      std::set<std::uint64_t> used;
      for (std::uint64_t token = 0; token < tokens; ++token) {
        std::set<std::uint64_t> mine;
        while (mine.size() < chosen) mine.insert(random.below(experts));
        used.insert(mine.begin(), mine.end());
      }
      total += static_cast<double>(used.size());
    }
    const double expected =
        expected_experts(static_cast<double>(experts), static_cast<double>(chosen), tokens);
    EXPECT_NEAR(total / kRounds, expected, 0.01 * static_cast<double>(experts)) << experts << " " << tokens;
    EXPECT_NEAR(expected,
                static_cast<double>(experts) *
                    (1 - std::pow(1 - static_cast<double>(chosen) / static_cast<double>(experts),
                                  static_cast<double>(tokens))),
                1e-9);
  }
}

// Each expert: 3 matrices of 8 x 16 = 384 values or 768 B, of which one token of the toy with 4 experts, top
// 2, reads two in each of two layers; its arithmetic is 2 experts x 2 layers x 768 FLOP, beside attention's 2
// x 384 FLOP a layer and the router's 2 x 8 x 4, and the head's 512.
TEST(StepTime, ExpertsAreReadAsTheyAreUsed) {
  ModelCard card = toy_card();
  card.intermediate = 0;
  card.moe = MixtureOfExperts{4, 2, 0, 16, 0, 0};
  const ProfileLibrary library = lossless();
  const auto model = made(card, toy_accelerator(1e6, 1000), library).model;
  const auto ideal = [&](std::vector<std::uint64_t> contexts) { return model->cost(work_of(contexts)); };
  const double fixed = 2 * 2 * (192 + 32) + 512;
  EXPECT_NEAR(ideal({1}).ideal_memory_seconds.first * 1000, fixed + 2 * 2 * 768 + 64, 1e-9);
  EXPECT_NEAR(ideal({1, 1}).ideal_memory_seconds.first * 1000, fixed + 3 * 2 * 768 + 128, 1e-9);
  EXPECT_NEAR(ideal({1}).ideal_compute_seconds.first * 1e6, 2 * 2 * 2 * 384 + 2 * 2 * 192 + 2 * 64 + 512 + 64,
              1e-6);
}

// DeepSeek's scheme in small: the latent cache is 6 values of 2 B a layer, the same on every rank.
TEST(StepTime, LatentCacheIsWholeOnEveryRank) {
  ModelCard card = toy_card();
  card.kv_heads = 2;
  card.mla = LatentAttention{4, 2, 0, 4, 4};
  const ProfileLibrary library = lossless();
  const Accelerator accelerator = toy_accelerator(1e30, 1000);
  for (const std::uint32_t tp : {1u, 2u}) {
    const StepCost cost = made(card, accelerator, library, tp).model->cost(work_of({100}));
    EXPECT_DOUBLE_EQ(cost.seconds.growth, 2 * 6 * 2 / 1000.0) << tp;
  }
}

TEST(StepTime, EmulatedTypesSaveMemoryButNoArithmetic) {
  const ProfileLibrary library = lossless();
  const Accelerator accelerator = toy_accelerator(1000, 1e6);
  Types types;
  types.weights = types.matmul = NumberType::kInt4;
  const auto emulated = made(toy_card(), accelerator, library, 1, types);
  const auto plain = made(toy_card(), accelerator, library);
  const StepWork work = work_of({}, {{0, 100}});
  EXPECT_DOUBLE_EQ(emulated.model->cost(work).ideal_compute_seconds.first,
                   plain.model->cost(work).ideal_compute_seconds.first);
  EXPECT_LT(emulated.model->cost(work).ideal_memory_seconds.first,
            plain.model->cost(work).ideal_memory_seconds.first);
  EXPECT_THAT(emulated.notes, testing::Contains(testing::Pair("int4 on Toy", testing::HasSubstr("bf16"))));
}

TEST(StepTime, NativeTypesHaveTheirOwnPeak) {
  const ProfileLibrary library = lossless();
  Types types;
  types.weights = types.matmul = NumberType::kFp8;
  const StepWork work = work_of({}, {{0, 100}});
  const auto fp8 = made(toy_card(), toy_accelerator(1000, 1e30), library, 1, types).model->cost(work);
  // 100 tokens of 2,304 FLOP at 2,000 FLOP/s; head and attention stay at 1,000.
  EXPECT_NEAR(fp8.seconds.first, 230400 / 2000.0 + 512 / 1000.0 + 5050 * 64 / 1000.0, 1e-9);
}

TEST(StepTime, UnsupportedTypesAndSplitsAreRefusedTogether) {
  const ProfileLibrary library = lossless();
  Types types;
  types.kv = NumberType::kNvfp4;
  try {
    made(toy_card(), toy_accelerator(1e3, 1e3), library, 3, types);
    FAIL();
  } catch (const InputError& error) {
    ASSERT_EQ(error.problems().size(), 2u);
    EXPECT_THAT(error.what(), testing::HasSubstr("Toy does not support nvfp4 (KV cache of Toy)"));
    EXPECT_THAT(error.what(), testing::HasSubstr("cannot be split over 3"));
  }
}

TEST(StepTime, WorkOutsideTheFittedRangeIsNamed) {
  const ProfileLibrary library = lossless();
  const ModelCard card = toy_card();
  const Accelerator accelerator = toy_accelerator(1e3, 1e3);
  StepTimeInput input{card, accelerator, {}, 1, "0.19.0"};
  input.library = &library;
  input.profile = PerformanceProfile{};
  input.profile->name = "measured";
  input.profile->accelerators = {"Toy"};
  input.profile->measured_on = "Toy";
  input.profile->fitted = {{1, 64}, {1, 8}, {1, 1000}};
  const auto result = make_step_time(input);
  EXPECT_EQ(result.profile, "measured");
  EXPECT_EQ(result.facts.kind, StepTimeKind::kCalibrated);
  EXPECT_THAT(result.facts.priors, testing::ElementsAre("lossless"));
  const auto outside = [&](const StepWork& work) {
    std::vector<std::string_view> names;
    for (const FittedQuantity& fitted : result.facts.fitted) {
      QuantityOfRow row;
      if (quantity_of_row(fitted, work, 1, row) && row.outside > 0) names.push_back(name(fitted.quantity));
    }
    return names;
  };
  EXPECT_THAT(outside(work_of({10, 1900})), testing::IsEmpty());
  EXPECT_THAT(outside(work_of({10, 2000})), testing::ElementsAre("context_tokens"));
  EXPECT_THAT(outside(work_of({}, {{0, 65}})), testing::ElementsAre("step_tokens"));
}

}  // namespace
}  // namespace kvsim::models
