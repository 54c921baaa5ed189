// SPDX-License-Identifier: Apache-2.0
// Does each command of README.md, docs/ and --help do what it is shown for? Those that a fresh clone can run
// are run, page by page and in order, each page in a copy of the tree of its own; of the others every word is
// checked.
#include <gtest/gtest.h>

#include <filesystem>

#include "base/files.h"
#include "base/text.h"
#include "cli/application.h"
#include "cli/command_tree.h"
#include "tests/cli/command_line.h"
#include "tests/cli/shown_commands.h"
#include "tests/own_folder.h"

namespace kvsim {
namespace {

namespace fs = std::filesystem;
using testing::ShownCommand;

const CLI::App& root() {
  static const std::unique_ptr<CLI::App> app = cli::make_application("test");
  return *app;
}

// What a clone has that commands name, and `build` beside it.
class Clone {
 public:
  Clone() {
    for (const char* part : {"examples", "validation", "docs"})
      fs::copy(fs::path(KVSIM_SOURCE_DIR) / part, folder_ / part, fs::copy_options::recursive);
    fs::create_directory_symlink(fs::path(KVSIM_BINARY).parent_path(), folder_ / "build");
  }
  ~Clone() { fs::remove_all(folder_); }
  testing::CommandResult run(const std::string& command) const {
    return testing::run_command("cd " + folder_.string() + " && PATH=" + folder_.string() + "/build:$PATH; " +
                                command + " 2>&1");
  }

 private:
  fs::path make() const {
    const fs::path folder = own_folder("kvsim_clone");
    fs::create_directories(folder);
    return folder;
  }
  const fs::path folder_ = make();
};

void expect_to_work(const std::vector<ShownCommand>& commands) {
  for (const ShownCommand& shown : commands)
    EXPECT_EQ(testing::faults_of(shown, root()), std::vector<std::string>{})
        << shown.place << ": " << shown.text;
  const auto runs = [](const ShownCommand& shown) { return shown.runs; };
  if (std::none_of(commands.begin(), commands.end(), runs)) return;
  const Clone clone;
  for (const ShownCommand& shown : commands) {
    if (!shown.runs) continue;
    const testing::CommandResult result = clone.run(shown.text);
    EXPECT_EQ(result.status, 0) << shown.place << ": " << shown.text << "\n" << result.output;
  }
}

std::vector<std::string> pages() {
  std::vector<std::string> found{"README.md"};
  for (const auto& entry : fs::directory_iterator(fs::path(KVSIM_SOURCE_DIR) / "docs"))
    if (entry.path().extension() == ".md") found.push_back("docs/" + entry.path().filename().string());
  std::sort(found.begin() + 1, found.end());
  return found;
}

class ShownCommands : public ::testing::TestWithParam<std::string> {};

TEST_P(ShownCommands, Work) {
  expect_to_work(
      testing::commands_of_page(GetParam(), read_file(std::string(KVSIM_SOURCE_DIR) + "/" + GetParam())));
}

INSTANTIATE_TEST_SUITE_P(Pages, ShownCommands, ::testing::ValuesIn(pages()), [](const auto& page) {
  std::string name;
  for (const char c : page.param)
    if (std::isalnum(static_cast<unsigned char>(c))) name += c;
  return name;
});

TEST(ShownCommands, ExamplesOfHelpWork) { expect_to_work(testing::examples_of_help(root())); }

TEST(ShownCommands, TheReaderSeesCommandsMarksAndFaults) {
  const std::string page =
      "    kvsim run --fleet FLEET.yaml --flet x\n"
      "\n```sh\nbuild/kvsim trace info a.jsonl \\\n  --json   # all of it\n./setup.sh test   # needs an "
      "hour\n```\n"
      "```yaml\nkvsim run\n```\nand `kvsim swep --out x` too\n";
  const std::vector<ShownCommand> found = testing::commands_of_page("p", page);
  ASSERT_EQ(found.size(), 4u);
  EXPECT_FALSE(found[0].runs);
  EXPECT_EQ(testing::faults_of(found[0], root()), std::vector<std::string>{"kvsim run has no --flet"});
  EXPECT_EQ(found[1].text, "build/kvsim trace info a.jsonl --json");
  EXPECT_EQ(found[1].place, "p:4");
  EXPECT_TRUE(found[1].runs);
  EXPECT_FALSE(found[2].runs);
  EXPECT_EQ(testing::faults_of(found[3], root()), std::vector<std::string>{"no command swep"});
}

}  // namespace
}  // namespace kvsim
