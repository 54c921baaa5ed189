// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/errors.h"
#include "tests/traces/generators/drive.h"

namespace kvsim::traces {
namespace {

using testing::drive;
using testing::open_text;
using testing::TemporaryFile;

constexpr const char* kInner = "load: {stages: [{rate: 2, duration: 5}]}, data: {type: mock}";

std::size_t count(const std::string& yaml) { return drive(*open_text(yaml), 1.0).requests.size(); }

TEST(Config, MayBeWrapped) {
  EXPECT_EQ(count(std::string("{") + kInner + "}"), 10u);
  EXPECT_EQ(count(std::string("workload.shared_prefix: {") + kInner + "}"), 10u);
  EXPECT_EQ(count(std::string("other: 1\nworkload: {chat: {") + kInner + "}}"), 10u);
  EXPECT_EQ(count(std::string("workload: {") + kInner + "}"), 10u);
}

TEST(Config, MayUseAnchors) {
  EXPECT_EQ(count("common: &c {type: constant, interval: 2}\nstages: &s [{rate: 2, duration: 5}]\nworkload:\n"
                  "  chat:\n    load: {<<: *c, stages: *s}\n    data: {type: mock}\n"),
            10u);
}

TEST(Config, OneOfSeveralIsPickedByName) {
  const TemporaryFile file(
      "workload.a: {load: {stages: [{rate: 2, duration: 5}]}}\nworkload.b: {load: {stages: [{rate: 3, "
      "duration: 5}]}}");
  EXPECT_EQ(drive(*open_workload(file.path() + "#b", 1), 1.0).requests.size(), 15u);
  EXPECT_THROW(open_workload(file.path(), 1), InputError);
  EXPECT_THROW(open_workload(file.path() + "#c", 1), InputError);
}

TEST(Config, WhatIsNotModelledIsSaid) {
  const auto source = open_text(
      "load: {stages: [{rate: 2, duration: 5, shape: x}], base_seed: 4, new_thing: 1}\ndata: {type: mock}\n"
      "api: {type: chat, streaming: false}\nserver: {ignore_eos: false, model_name: m}\nreport: {}\nextra: "
      "{}\n");
  std::string all;
  for (const auto& [what, reason] : source->notes()) all += what + "\n";
  for (const char* key : {"load.stages[0].shape", "load.base_seed", "load.new_thing", "api.streaming",
                          "server.ignore_eos", "server.model_name", "extra"}) {
    EXPECT_THAT(all, ::testing::HasSubstr(key));
  }
  EXPECT_THAT(all, ::testing::Not(::testing::HasSubstr("report")));
}

// The rate ladder of a measured run: int(rate x duration) requests a stage.
TEST(Config, ExpressesAMeasuredLadder) {
  const auto source = open_text(
      "load: {type: poisson, stages: [{rate: 15, duration: 50}, {rate: 3, duration: 20}, {rate: 10, "
      "duration: 20}, "
      "{rate: 35, duration: 21}]}\n"
      "data: {type: shared_prefix, shared_prefix: {num_groups: 150, num_prompts_per_group: 5, "
      "system_prompt_len: 6000, "
      "question_len: 1200, output_len: 1000}}\n");
  std::vector<std::size_t> counts(4);
  for (const Request& request : drive(*source, 20.0).requests) {
    ++counts[static_cast<std::size_t>(request.stage)];
    EXPECT_EQ(request.input_tokens, 7200u);
  }
  EXPECT_EQ(counts, (std::vector<std::size_t>{750, 60, 200, 735}));
}

}  // namespace
}  // namespace kvsim::traces
