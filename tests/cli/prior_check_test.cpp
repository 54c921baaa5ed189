// SPDX-License-Identifier: Apache-2.0
// Does `kvsim catalog check-priors` print what it found, as text, JSON and a page?
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/document.h"
#include "tests/cli/command_line.h"

namespace kvsim::testing {
namespace {

using ::testing::HasSubstr;

const std::string kPoints = std::string(KVSIM_SOURCE_DIR) + "/tests/fuzz/corpus/points/two_rows.csv";

TEST(CheckPriors, PrintsBiasByAcceleratorAndWhatIsUnchecked) {
  const CommandResult result = kvsim("catalog check-priors " + kPoints);
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.output, HasSubstr("H100-SXM-80  steady        vLLM    2025-2026"));
  EXPECT_THAT(result.output, HasSubstr("2 of 2 rows"));
  EXPECT_THAT(result.output, HasSubstr("unchecked: A100-40-SXM, "));
}

TEST(CheckPriors, PrintsEveryPointAsJson) {
  const CommandResult result = kvsim("catalog check-priors --json " + kPoints);
  const Document json = parse_json(result.output, "output");
  EXPECT_EQ(json.root->find("rows")->scalar, "2");
  EXPECT_EQ(json.root->find("points")->items.size(), 2u);
  EXPECT_EQ(json.root->find("accelerators")->items.size(), 1u);
  EXPECT_EQ(json.root->find("groups")->items.size(), 2u);
  EXPECT_EQ(json.root->find("points")->items[1].find("line")->scalar, "3");
}

TEST(CheckPriors, FaultsOfTheFileEndIt) {
  const CommandResult result = kvsim("catalog check-priors " + std::string(KVSIM_SOURCE_DIR) + "/README.md");
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.output, HasSubstr("no such column"));
}

}  // namespace
}  // namespace kvsim::testing
