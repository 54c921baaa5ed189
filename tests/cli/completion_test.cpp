// SPDX-License-Identifier: Apache-2.0
// Does tab complete what can follow? bash runs the function as it does for a user, with its own COMP_WORDS.
#include <gtest/gtest.h>

#include <filesystem>

#include "base/files.h"
#include "base/text.h"
#include "cli/application.h"
#include "cli/command_tree.h"
#include "tests/cli/command_line.h"
#include "tests/own_folder.h"

namespace kvsim::cli {
namespace {

class Completion : public ::testing::Test {
 protected:
  Completion() {
    write_file(script(), testing::kvsim("completion bash").output);
    for (const char* name : {"fleet.yaml", "folder/trace.jsonl"}) write_file((folder_ / name).string(), "");
  }
  ~Completion() override { std::filesystem::remove_all(folder_); }

  // What bash offers for the last of `words`, one a line, in order.
  std::string offered(const std::string& words) {
    return testing::run_command("cd " + folder_.string() + " && bash --norc -c 'source " + script() +
                                "; COMP_WORDS=(kvsim " + words +
                                "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _kvsim; "
                                "printf \"%s\\n\" \"${COMPREPLY[@]}\" | sort' 2>&1")
        .output;
  }

 private:
  std::string script() const { return (folder_ / "kvsim.bash").string(); }
  std::filesystem::path folder_ = own_folder("kvsim_completion");
};

TEST_F(Completion, OffersCommands) {
  EXPECT_EQ(offered("ca"), "calibrate\ncatalog\n");
  EXPECT_EQ(offered("catalog \"\""), "check-priors\nlist\nshow\nwhere\n");
}

TEST_F(Completion, OffersEveryOptionOfEveryCommand) {
  const std::unique_ptr<CLI::App> app = make_application("test");
  for (const CLI::App* command : all_commands(*app)) {
    const std::string path =
        command == app.get() ? "" : command_path(*command).substr(app->get_name().size() + 1);
    const std::string all = "\n" + offered(path + " --");
    for (const CLI::Option* option : named_options(*command))
      for (const std::string& name : option->get_lnames())
        EXPECT_NE(all.find("\n--" + name + "\n"), std::string::npos) << path << " --" << name << all;
  }
}

TEST_F(Completion, OffersFilesAndFolders) {
  EXPECT_EQ(offered("run --fleet f"), "fleet.yaml\nfolder\n");
  EXPECT_EQ(offered("run --out f"), "folder\n");
  EXPECT_EQ(offered("trace info folder/"), "folder/trace.jsonl\n");
}

TEST_F(Completion, OffersWhatAValueMayBe) {
  EXPECT_EQ(offered("trace convert x --to \"\""), "kvsim\nmooncake\n");
  EXPECT_EQ(offered("new p"), "problem\nprofile\n");
  EXPECT_EQ(offered("calibrate --accelerator H200"), "H200-NVL\nH200-SXM\n");
  EXPECT_EQ(offered("catalog show Llama-3.1-8"), "Llama-3.1-8B\n");
  EXPECT_EQ(offered("run --seed \"\""), "\n");
}

TEST_F(Completion, ZshReadsItsScript) {
  if (testing::run_command("command -v zsh").status != 0) GTEST_SKIP() << "zsh is not installed";
  const testing::CommandResult result =
      testing::run_command(std::string(KVSIM_BINARY) + " completion zsh | zsh -n 2>&1");
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.output, "");
}

}  // namespace
}  // namespace kvsim::cli
