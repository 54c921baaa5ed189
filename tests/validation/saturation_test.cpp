// SPDX-License-Identifier: Apache-2.0
// Which stages count as saturated, by what was measured of them?
#include "validation/saturation.h"

#include <gtest/gtest.h>

#include <map>

namespace kvsim::validation {
namespace {

// 10/s for 20 s: 200 requests of 101 output tokens.
const OfferedLoad kLoad{1, 10, 20, 200, 1000, 101};

StageValue values(const std::map<std::string, double>& known) {
  return [known](const std::string& metric, const std::string&) {
    const auto found = known.find(metric);
    return found == known.end() ? std::nullopt : std::optional(found->second);
  };
}

// The last request comes at 20 s and stays 100 x 0.3 s: wall 50 s, of which 30 are decode. Less than half of
// the offered throughput, and yet all is served as it comes.
TEST(Saturation, AShortStageWithALongDrainIsNotSaturated) {
  const StageValue stage = values({{"requests_per_second", 4}, {"tpot_seconds", 0.3}});
  EXPECT_DOUBLE_EQ(*stretch_of_stage(kLoad, stage), 1);
  EXPECT_EQ(is_saturated(kLoad, stage), false);
}

// A wall of 80 s: answers leave over 50 s what came in 20 s.
TEST(Saturation, AnswersThatLeaveSlowerThanRequestsComeAreABacklog) {
  const StageValue stage = values({{"requests_per_second", 2.5}, {"tpot_seconds", 0.3}});
  EXPECT_DOUBLE_EQ(*stretch_of_stage(kLoad, stage), 2.5);
  EXPECT_EQ(is_saturated(kLoad, stage), true);
}

// W = 200 / (404 / 101) = 50 s; decode = 31 s - 1 s.
TEST(Saturation, TokensAndE2eServeAsWell) {
  const StageValue stage =
      values({{"output_tokens_per_second", 404}, {"e2e_seconds", 31}, {"ttft_seconds", 1}});
  EXPECT_DOUBLE_EQ(*stretch_of_stage(kLoad, stage), 1);
}

TEST(Saturation, WithoutThroughputOrDecodeTimeItIsUnknown) {
  EXPECT_FALSE(is_saturated(kLoad, values({{"tpot_seconds", 0.3}})));
  EXPECT_FALSE(is_saturated(kLoad, values({{"requests_per_second", 4}, {"e2e_seconds", 31}})));
  EXPECT_FALSE(is_saturated(kLoad, values({{"requests_per_second", 0}, {"tpot_seconds", 0.3}})));
}

}  // namespace
}  // namespace kvsim::validation
