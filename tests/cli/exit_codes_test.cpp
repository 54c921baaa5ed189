// SPDX-License-Identifier: Apache-2.0
// Does the program end with the exit code of docs/cli.md, and say where and what to do?
#include <gtest/gtest.h>

#include <filesystem>

#include "base/files.h"
#include "tests/cli/command_line.h"
#include "tests/own_folder.h"

namespace kvsim {
namespace {

using testing::kvsim;

std::string temporary(const std::string& name, const std::string& content) {
  const std::string path = (own_folder("kvsim_cli") / name).string();
  write_file(path, content);
  return path;
}

const std::string kExample = std::string(KVSIM_SOURCE_DIR) + "/examples/quickstart";

TEST(ExitCodes, HelpAndVersionAreFine) {
  EXPECT_EQ(kvsim("--help").status, 0);
  EXPECT_EQ(kvsim("--version").status, 0);
  for (const char* command : {"run", "sweep", "compare", "trace", "import", "catalog", "validate"})
    EXPECT_EQ(kvsim(std::string(command) + " --help").status, 0) << command;
}

TEST(ExitCodes, WrongOptionsAreUsageErrors) {
  EXPECT_EQ(kvsim("").status, 1);
  EXPECT_EQ(kvsim("run --no-such-option").status, 1);
  EXPECT_EQ(kvsim("run --fleet " + kExample + "/fleet.yaml").status, 1);  // no trace
  EXPECT_EQ(kvsim("sweep --fleet " + kExample + "/fleet.yaml --trace " + kExample + "/workload.yaml --out x")
                .status,
            1);  // nothing to sweep
}

TEST(ExitCodes, APlainTraceIsNotWrittenUnderACompressedName) {
  const testing::CommandResult result = kvsim("trace generate " + kExample + "/workload.yaml --out " +
                                              own_folder("kvsim_cli").string() + ".zst");
  EXPECT_EQ(result.status, 1);
  EXPECT_NE(result.output.find(".zst"), std::string::npos);
}

// Sanitizers map terabytes.
TEST(ExitCodes, ALimitOfAddressSpaceBelowTheHeapsReserveIsNoFault) {
  if (std::string(KVSIM_BINARY).find("asan") != std::string::npos) GTEST_SKIP();
  const testing::CommandResult result =
      testing::run_command("ulimit -v 600000 && " + std::string(KVSIM_BINARY) + " run --fleet " + kExample +
                           "/fleet.yaml --trace " + kExample + "/workload.yaml 2>&1");
  EXPECT_EQ(result.status, 0) << result.output;
}

TEST(ExitCodes, BadFleetNamesFileLineAndRemedy) {
  const std::string fleet =
      temporary("fleet.yaml", "name: x\nmodel: Llama-3.1-8B\naccelerator: H100-SMX-80\nreplicas: -1\n");
  const testing::CommandResult result =
      kvsim("run --fleet " + fleet + " --trace " + kExample + "/workload.yaml");
  EXPECT_EQ(result.status, 2);
  EXPECT_NE(result.output.find(fleet + ":3:"), std::string::npos) << result.output;
  EXPECT_NE(result.output.find("H100-SXM-80"), std::string::npos) << result.output;
  EXPECT_NE(result.output.find(fleet + ":4:"), std::string::npos) << result.output;
}

TEST(ExitCodes, BadSettingsAreNamedAsGiven) {
  const std::string run = "run --fleet " + kExample + "/fleet.yaml --trace " + kExample + "/workload.yaml";
  const auto expect = [](const testing::CommandResult& result, int status, const std::string& said) {
    EXPECT_EQ(result.status, status) << result.output;
    EXPECT_NE(result.output.find(said), std::string::npos) << result.output;
  };
  expect(kvsim(run + " --set replicas"), 1, "--set replicas: found no value");
  expect(kvsim(run + " --set fleet.replicas=two"), 2, "--set fleet.replicas=two: replicas: found \"two\"");
  expect(kvsim(run + " --set pools.0.tp=2"), 2, "--set pools.0.tp=2: there is no list 'pools'");
  expect(kvsim(run + " --set workload.requests=-1"), 2, "--set workload.requests=-1: requests: found");
  const std::string trace = temporary(
      "plain.jsonl", "{\"timestamp\":0,\"input_length\":10,\"output_length\":1,\"hash_ids\":[1]}\n");
  expect(kvsim("run --fleet " + kExample + "/fleet.yaml --trace " + trace + " --set workload.requests=1"), 2,
         "--set workload.requests=1: is for a workload YAML");
}

TEST(ExitCodes, BadTraceNamesItsLine) {
  const std::string trace =
      temporary("trace.jsonl",
                "{\"timestamp\":0,\"input_length\":10,\"output_length\":1,\"hash_ids\":[1]}\n"
                "{\"timestamp\":5,\"input_length\":-10,\"output_length\":1,\"hash_ids\":[1]}\n");
  const testing::CommandResult result = kvsim("run --fleet " + kExample + "/fleet.yaml --trace " + trace);
  EXPECT_EQ(result.status, 2);
  EXPECT_NE(result.output.find(trace + ":2"), std::string::npos) << result.output;
}

TEST(ExitCodes, MissingFilesAreBadInput) {
  EXPECT_EQ(kvsim("run --fleet /no/such/fleet.yaml --trace x").status, 2);
  EXPECT_EQ(kvsim("run --fleet " + kExample + "/fleet.yaml --trace /no/such/trace").status, 2);
  EXPECT_EQ(kvsim("validate /no/such/case.yaml").status, 2);
}

TEST(ExitCodes, ACaseWithoutItsTraceStopsNoOther) {
  const std::string replay =
      temporary("replay.yaml",
                "name: lacks-a-trace\nsource: {title: t, date: 2026}\nkind: block-replay\ntrace: none.jsonl\n"
                "block_tokens: 512\ncurves: [{name: c, policy: lru, values: [[1, 0]]}]\n");
  const std::string copies =
      temporary("copies.yaml",
                "name: lacks-nothing\nsource: {title: t, date: 2026}\nkind: copy-curve\n"
                "accelerator: H100-SXM-80\n"
                "curves: [{name: c, method: dma, direction: to-gpu, values: [[1, 1]]}]\n");
  const testing::CommandResult result = kvsim("validate " + replay + " " + copies);
  EXPECT_EQ(result.status, 2) << result.output;
  EXPECT_NE(result.output.find("not run: lacks-a-trace: none.jsonl"), std::string::npos) << result.output;
  EXPECT_NE(result.output.find("c: GB/s by KiB"), std::string::npos) << result.output;
}

TEST(ExitCodes, SameInputsGiveTheSameBytes) {
  const std::string arguments =
      "run --fleet " + kExample + "/fleet.yaml --trace " + kExample + "/workload.yaml --json";
  const auto summary = [&] {
    const std::string json = kvsim(arguments, false).output;
    return json.substr(0, json.find("\"performance\""));
  };
  EXPECT_EQ(summary(), summary());
}

}  // namespace
}  // namespace kvsim
