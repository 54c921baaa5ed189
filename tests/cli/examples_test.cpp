// SPDX-License-Identifier: Apache-2.0
// Does each example still give what its expected.json says? Run with KVSIM_UPDATE_EXPECTED=1 to write the
// files anew after a change of behaviour, and say so in CHANGELOG.md.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "base/files.h"
#include "tests/cli/command_line.h"

namespace kvsim {
namespace {

// The performance block holds the only figures that depend on the machine.
std::string without_performance(const std::string& json) {
  const std::size_t begin = json.find("\"performance\"");
  return begin == std::string::npos ? json : json.substr(0, begin);
}

// Fleets of one example share the workload of the folder above.
std::string workload_of(const std::string& folder) {
  const std::string own = folder + "/workload.yaml";
  return std::filesystem::exists(std::string(KVSIM_SOURCE_DIR) + "/" + own) ? own
                                                                            : folder + "/../workload.yaml";
}

class Examples : public ::testing::TestWithParam<const char*> {};

TEST_P(Examples, GiveTheExpectedSummary) {
  const std::string folder = std::string("examples/") + GetParam();
  const std::string in_source = std::string("cd ") + KVSIM_SOURCE_DIR + " && " + KVSIM_BINARY;
  const testing::CommandResult result =
      testing::run_command(in_source + " run --json --fleet " + folder + "/fleet.yaml --trace " +
                           workload_of(folder) + " 2>/dev/null");
  ASSERT_EQ(result.status, 0);
  const std::string summary = without_performance(result.output);
  const std::string expected = std::string(KVSIM_SOURCE_DIR) + "/" + folder + "/expected.json";
  if (std::getenv("KVSIM_UPDATE_EXPECTED") != nullptr) write_file(expected, summary);
  EXPECT_EQ(summary, read_file(expected)) << folder;
}

INSTANTIATE_TEST_SUITE_P(All, Examples,
                         ::testing::Values("quickstart", "mooncake-shape", "three-vendors", "inference-perf",
                                           "population", "helm-import", "sovereign", "disaggregated",
                                           "outages", "kv-tiers/gpu-only", "kv-tiers/host",
                                           "kv-tiers/storage", "kv-tiers/host-over-storage"));

}  // namespace
}  // namespace kvsim
