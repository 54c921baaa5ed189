// SPDX-License-Identifier: Apache-2.0
// Does every task run once in a process of its own, and does each end as its task did?
#include "base/processes.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <set>

#include "base/files.h"
#include "tests/own_folder.h"

namespace kvsim {
namespace {

namespace fs = std::filesystem;

void nothing(std::size_t) {}

TEST(Processes, RunEachTaskOnceAwayFromHere) {
  const fs::path folder = own_folder("kvsim_processes");
  int touched = 0;
  std::size_t last = 0;
  const auto task = [&](std::size_t i) {
    ++touched;
    write_file((folder / std::to_string(i)).string(), std::to_string(getpid()));
  };
  const auto ends = run_in_processes(20, 3, task, [&](std::size_t ended) {
    EXPECT_GE(ended, last);
    last = ended;
  });
  EXPECT_EQ(last, 20u);
  EXPECT_EQ(touched, 0);
  std::set<std::string> pids;
  for (std::size_t i = 0; i < 20; ++i) {
    EXPECT_EQ(ends[i].code, ExitCode::kOk);
    pids.insert(read_file((folder / std::to_string(i)).string()));
  }
  EXPECT_EQ(pids.size(), 20u);
  EXPECT_FALSE(pids.contains(std::to_string(getpid())));
  fs::remove_all(folder);
}

TEST(Processes, EndAsTheirTasksDo) {
  const std::string long_text(200'000, 'x');  // more than a pipe holds
  const auto task = [&](std::size_t i) {
    if (i == 0) throw InputError({{{"f.yaml", 3}, "a", "is wrong", ""}});
    if (i == 1) throw std::runtime_error("odd");
    if (i == 2) raise(SIGKILL);
    if (i == 3) throw UsageError(long_text);
  };
  const auto ends = run_in_processes(5, 2, task, nothing);
  EXPECT_EQ(ends[0].code, ExitCode::kBadInput);
  EXPECT_EQ(ends[0].message, "f.yaml:3: a: is wrong");
  EXPECT_EQ(ends[1].code, ExitCode::kInternal);
  EXPECT_EQ(ends[1].message, "internal error: odd");
  EXPECT_EQ(ends[2].code, ExitCode::kInternal);
  EXPECT_NE(ends[2].message.find("signal 9"), std::string::npos);
  EXPECT_EQ(ends[3].message, long_text);
  EXPECT_EQ(ends[4].code, ExitCode::kOk);
}

TEST(Processes, NoTasksAreNoWork) { EXPECT_TRUE(run_in_processes(0, 2, nothing, nothing).empty()); }

}  // namespace
}  // namespace kvsim
