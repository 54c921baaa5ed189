// SPDX-License-Identifier: Apache-2.0
// Has every command a manual page with all of its options, that man reads without a warning?
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "cli/application.h"
#include "cli/command_tree.h"
#include "tests/cli/command_line.h"
#include "tests/own_folder.h"

namespace kvsim {
namespace {

TEST(Manual, HasAPageForEveryCommandWithItsOptions) {
  if (testing::run_command("command -v help2man && command -v man").status != 0)
    GTEST_SKIP() << "help2man or man is not installed";
  const std::filesystem::path folder = own_folder("kvsim_manual");
  const testing::CommandResult made =
      testing::run_command(std::string(KVSIM_SOURCE_DIR) + "/cmake/make_manual.sh " + KVSIM_BINARY + " " +
                           folder.string() + " 2>&1");
  EXPECT_EQ(made.status, 0) << made.output;
  EXPECT_EQ(made.output, "");
  const std::unique_ptr<CLI::App> app = cli::make_application("test");
  std::size_t pages = 0;
  for (const CLI::App* command : cli::all_commands(*app)) {
    std::string name = cli::command_path(*command);
    std::replace(name.begin(), name.end(), ' ', '-');
    const std::string page = (folder / "man" / (name + ".1.gz")).string();
    const testing::CommandResult shown =
        testing::run_command("LC_ALL=C.UTF-8 MANWIDTH=200 man --warnings -l " + page + " 2>&1 | col -b");
    EXPECT_NE(shown.output.find(name + " - "), std::string::npos) << shown.output;
    EXPECT_EQ(shown.output.find("warning"), std::string::npos) << shown.output;
    for (const CLI::Option* option : cli::named_options(*command))
      EXPECT_NE(shown.output.find("--" + option->get_lnames().front()), std::string::npos) << name;
    ++pages;
  }
  const auto files = std::filesystem::directory_iterator(folder / "man");
  EXPECT_EQ(std::distance(begin(files), end(files)), static_cast<std::ptrdiff_t>(pages));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace kvsim
