// SPDX-License-Identifier: Apache-2.0
// Does `kvsim probe` hand its options to the script, and say what is missing?
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/files.h"
#include "tests/cli/command_line.h"
#include "tests/own_folder.h"

namespace kvsim {
namespace {

using testing::CommandResult;
using ::testing::HasSubstr;
using testing::kvsim;

// A program in Python's place: it has torch if `looks` is 0, and shows how it was called.
std::string stand_in(int looks, int ends) {
  const std::string path = (own_folder("kvsim_probe") / "python").string();
  write_file(path, "#!/bin/sh\n[ \"$1\" = -c ] && exit " + std::to_string(looks) +
                       "\necho \"called: $*\"\nexit " + std::to_string(ends) + "\n");
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  return path;
}

TEST(Probe, PrintsWhereTheScriptIs) {
  const CommandResult result = kvsim("probe --print-script");
  EXPECT_EQ(result.status, 0);
  EXPECT_TRUE(std::filesystem::is_regular_file(result.output.substr(0, result.output.find('\n'))))
      << result.output;
}

TEST(Probe, HandsItsOptionsToTheScript) {
  const CommandResult result =
      kvsim("probe --python " + stand_in(0, 0) + " --out somewhere --model tiny --quick");
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.output, HasSubstr("kvsim_probe.py --out somewhere --model tiny --quick\n"));
}

TEST(Probe, SaysWhatIsMissing) {
  const CommandResult no_python = kvsim("probe --python /nonexistent/python --out x");
  EXPECT_EQ(no_python.status, 2);
  EXPECT_THAT(no_python.output, HasSubstr("/nonexistent/python does not run"));
  const CommandResult no_torch = kvsim("probe --python " + stand_in(3, 0) + " --out x");
  EXPECT_EQ(no_torch.status, 2);
  EXPECT_THAT(no_torch.output, HasSubstr("has no torch"));
  EXPECT_THAT(no_torch.output, HasSubstr("validation/probe"));
  const CommandResult failed = kvsim("probe --python " + stand_in(0, 9) + " --out x");
  EXPECT_EQ(failed.status, 2);
  EXPECT_THAT(failed.output, HasSubstr("ended with status 9"));
}

}  // namespace
}  // namespace kvsim
