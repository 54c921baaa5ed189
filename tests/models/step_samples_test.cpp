// SPDX-License-Identifier: Apache-2.0
#include "models/step_samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/errors.h"

namespace kvsim::models {
namespace {

using testing::HasSubstr;

const std::string kHeader = "n_prefill,n_decode,sum_context,step_seconds";

StepSample read(const std::string& row, const std::string& more_columns = "") {
  const auto samples = parse_step_samples(kHeader + more_columns + "\n" + row + "\n", "s.csv");
  EXPECT_EQ(samples.size(), 1u);
  return samples.front();
}

std::string refusal(const std::string& text) {
  try {
    parse_step_samples(text, "s.csv");
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(StepSamples, FourColumnsTellADecodeStep) {
  const StepSample sample = read("0,4,400,0.01");
  EXPECT_EQ(sample.work.decode_sequences, 4u);
  EXPECT_EQ(sample.work.decode_context_tokens, 400);
  EXPECT_EQ(sample.work.prefill_sequences, 0u);
  EXPECT_EQ(sample.work.prefill_attention_pairs, 0);
  EXPECT_EQ(sample.work.sampled_sequences, 4u);
  EXPECT_EQ(sample.seconds, 0.01);
  EXPECT_EQ(sample.launch, StepLaunch::kEngine);
  EXPECT_FALSE(sample.type);
}

// 10 tokens after 90: each attends to those and to itself and the ones before it, 10 x 90 + 1 + 2 + .. + 10.
TEST(StepSamples, WhatAPromptHasCachedFollowsFromTheSum) {
  const StepSample sample = read("10,0,100,0.01");
  EXPECT_EQ(sample.work.prefill_sequences, 1u);
  EXPECT_EQ(sample.work.prefill_context_tokens, 100);
  EXPECT_EQ(sample.work.prefill_attention_pairs, 955);
}

TEST(StepSamples, AMixedStepWithoutMoreColumnsBeginsItsPrompt) {
  const StepSample sample = read("10,4,410,0.01");
  EXPECT_EQ(sample.work.decode_context_tokens, 400);
  EXPECT_EQ(sample.work.prefill_context_tokens, 10);
  EXPECT_EQ(sample.work.prefill_attention_pairs, 55);
  EXPECT_EQ(sample.work.sampled_sequences, 5u);
}

TEST(StepSamples, MoreColumnsSplitTheContext) {
  EXPECT_EQ(read("10,4,500,0.01,100", ",decode_context").work.prefill_context_tokens, 100);
  EXPECT_EQ(read("10,4,500,0.01,90", ",past").work.decode_context_tokens, 400);
  const StepSample two = read("20,0,200,0.01,10,90", ",chunk,past");
  EXPECT_EQ(two.work.prefill_sequences, 2u);
  EXPECT_EQ(two.work.prefill_context_tokens, 200);
  EXPECT_EQ(two.work.prefill_attention_pairs, 2 * 955);
  EXPECT_EQ(read("10,0,100,0.01,123", ",attention_pairs").work.prefill_attention_pairs, 123);
}

TEST(StepSamples, KnowsTypeLaunchAndSpread) {
  const StepSample sample = read("0,1,9,0.01,fp8,graph,0.05", ",type,launch,spread");
  EXPECT_EQ(sample.type, NumberType::kFp8);
  EXPECT_EQ(sample.launch, StepLaunch::kGraph);
  EXPECT_EQ(sample.spread, 0.05);
  EXPECT_EQ(read("0,1,9,0.01,eager", ",launch").launch, StepLaunch::kEager);
}

TEST(StepSamples, ColumnsStandInAnyOrderAmongOthersAndNotes) {
  const auto samples = parse_step_samples(
      "# a note\nbackend,step_seconds,sum_context,n_decode,n_prefill\nflash,0.5,7,2,0\n\n# another\n"
      "cudnn,0.25,1,1,0\n",
      "s.csv");
  ASSERT_EQ(samples.size(), 2u);
  EXPECT_EQ(samples[0].work.decode_context_tokens, 7);
  EXPECT_EQ(samples[1].seconds, 0.25);
  EXPECT_EQ(samples[1].where.line, 6);
}

TEST(StepSamples, EveryFaultIsNamedWithItsLine) {
  const std::string said = refusal(kHeader + "\n0,1,9,0.01\n0,-1,9,nan\n0,1,9\n0,0,0,0.1\n0,1,9,\n");
  for (const char* part :
       {"s.csv:3", "n_decode: found \"-1\"", "step_seconds: found \"nan\"", "s.csv:4", "found 3 cells",
        "s.csv:5", "a step without tokens", "s.csv:6", "step_seconds: found an empty cell"})
    EXPECT_THAT(said, HasSubstr(part));
}

TEST(StepSamples, RefusesWhatIsNoMeasuredStep) {
  for (const char* row :
       {"0.5,1,9,1", "1e10,1,9,1", "0,1,9,0", "0,1,9,-1", "0,1,9,inf", "0,1,9,1e5", "0,1,9,1s", "0,1,,1",
        "x,1,9,1", "0,10,9,1", "10,0,9,1", "10,1,10,1", "0,1,1e13,1", "0,\"1,9,1", "0,1,9,1,1"})
    EXPECT_NE(refusal(kHeader + "\n" + row + "\n"), "accepted") << row;
}

TEST(StepSamples, RefusesColumnsThatContradictEachOther) {
  EXPECT_THAT(refusal(kHeader + ",past\n10,0,100,0.01,50\n"), HasSubstr("sum_context: found 100"));
  EXPECT_THAT(refusal(kHeader + ",decode_context\n0,4,400,0.01,50\n"), HasSubstr("sum_context: found 400"));
  EXPECT_THAT(refusal(kHeader + ",type\n0,1,9,1,bf17\n"), HasSubstr("bf16"));
  EXPECT_THAT(refusal(kHeader + ",launch\n0,1,9,1,grpah\n"), HasSubstr("did you mean 'graph'"));
}

TEST(StepSamples, RefusesAHeaderThatLacksOrRepeatsColumns) {
  EXPECT_THAT(refusal("n_prefill,n_decode,step_seconds\n0,1,1\n"), HasSubstr("s.csv:1: sum_context"));
  EXPECT_THAT(refusal(kHeader + ",n_decode\n0,1,9,1,1\n"), HasSubstr("twice"));
  EXPECT_THAT(refusal(""), HasSubstr("no rows"));
  EXPECT_THAT(refusal(kHeader + "\n"), HasSubstr("no rows"));
}

}  // namespace
}  // namespace kvsim::models
