// SPDX-License-Identifier: Apache-2.0
// Is a profile that beats the hardware refused, with the speeds?
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "tests/cli/command_line.h"
#include "tests/own_folder.h"

namespace kvsim {
namespace {

using testing::CommandResult;
using ::testing::HasSubstr;

// The quickstart's own H100: 989 TFLOP/s in bf16 and 3350 GB/s, as the catalog has them.
TEST(ImpossibleProfile, IsRefusedWithTheSpeedsBesideThePeaks) {
  const std::string profile = (own_folder("kvsim_impossible") / "fast.yaml").string();
  write_file(profile,
             "name: too-fast\nkind: measured\naccelerators: [H100-SXM-80]\nsource: a dream\ndate: \"2026\"\n"
             "coefficients:\n  prefill_compute_share.bf16: 1.2\n"
             "  decode_bandwidth_share.bf16: {value: 0.9, high: 1.5}\n");
  const std::string example = std::string(KVSIM_SOURCE_DIR) + "/examples/quickstart";
  const CommandResult result = testing::kvsim("run --fleet " + example + "/fleet.yaml --trace " + example +
                                              "/workload.yaml --profiles " + profile);
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.output, HasSubstr(profile + ":7"));
  EXPECT_THAT(result.output, HasSubstr("found 1.2"));
  EXPECT_THAT(result.output, HasSubstr("1187 TFLOP/s beside the peak of 989 TFLOP/s of H100-SXM-80"));
  EXPECT_THAT(result.output, HasSubstr("5025 GB/s beside the peak of 3350 GB/s of H100-SXM-80"));
}

}  // namespace
}  // namespace kvsim
