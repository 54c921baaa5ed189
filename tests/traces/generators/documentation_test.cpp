// SPDX-License-Identifier: Apache-2.0
// The examples of docs/workloads.md and the workloads of examples/ are sound.
#include <gtest/gtest.h>

#include "base/files.h"
#include "tests/traces/generators/drive.h"

namespace kvsim::traces {
namespace {

TEST(Documentation, EveryExampleOpens) {
  const std::string text = read_file(KVSIM_SOURCE_DIR "/docs/workloads.md");
  const std::string fence = "```yaml\n";
  int examples = 0;
  for (std::size_t at = text.find(fence); at != std::string::npos; at = text.find(fence, at)) {
    at += fence.size();
    const auto source = testing::open_text(text.substr(at, text.find("```\n", at) - at));
    for (int i = 0; i < 50 && source->next_arrival(); ++i) source->take();
    ++examples;
  }
  EXPECT_EQ(examples, 5);
}

TEST(Documentation, ExampleWorkloadsRun) {
  for (const char* name :
       {"quickstart", "mooncake-shape", "three-vendors", "inference-perf", "population", "helm-import"}) {
    const auto source =
        open_workload(std::string(KVSIM_SOURCE_DIR "/examples/") + name + "/workload.yaml", 1);
    const testing::Driven driven = testing::drive(*source, 5.0);
    EXPECT_GT(driven.requests.size(), 400u) << name;
    EXPECT_TRUE(source->exhausted()) << name;
  }
}

// The published figures of the trace that the example takes after: 12,031 requests in 3,537 s, 12,035 tokens
// in and 343 out. Its 36.6 % of blocks seen before are turns and the common start here.
TEST(Documentation, MooncakeShapeHasTheTracesFigures) {
  const auto source = open_workload(KVSIM_SOURCE_DIR "/examples/mooncake-shape/workload.yaml", 1);
  double input = 0, output = 0, fresh = 0;
  const testing::Driven driven = testing::drive(*source, 10.0);
  for (const Request& request : driven.requests) {
    input += request.input_tokens;
    output += request.output_tokens;
    fresh += request.prompt.back().tokens;
  }
  EXPECT_EQ(driven.requests.size(), 12'031u);
  EXPECT_NEAR(to_seconds(driven.requests.back().arrival), 3537, 200);
  EXPECT_NEAR(input / 12'031, 12'035, 900);
  EXPECT_NEAR(output / 12'031, 343, 15);
  EXPECT_NEAR(1 - fresh / input, 0.366, 0.03);
}

}  // namespace
}  // namespace kvsim::traces
