// SPDX-License-Identifier: Apache-2.0
// Do the files of `kvsim new` work as they are, point editors at schemas that hold them, and overwrite
// nothing?
#include <gtest/gtest.h>

#include <filesystem>
#include <regex>

#include "base/files.h"
#include "base/text.h"
#include "tests/cli/command_line.h"
#include "tests/cli/json_schema.h"
#include "tests/own_folder.h"

namespace kvsim {
namespace {

using testing::kvsim;

class New : public ::testing::Test {
 protected:
  New() {
    for (const char* kind : {"fleet", "workload", "problem", "case", "profile"})
      EXPECT_EQ(kvsim("new " + std::string(kind) + " --out " + file(kind)).status, 0) << kind;
  }
  ~New() override { std::filesystem::remove_all(folder_); }

  std::string file(const std::string& kind) const { return (folder_ / "made" / (kind + ".yaml")).string(); }
  static void works(const std::string& command) {
    const testing::CommandResult result = kvsim(command);
    EXPECT_EQ(result.status, 0) << command << "\n" << result.output;
  }
  const std::filesystem::path folder_ = own_folder("kvsim_new");
};

TEST_F(New, WorkAsTheyAre) {
  const std::string run = "run --fleet " + file("fleet") + " --trace " + file("workload");
  works(run);
  works(run + " --profiles " + file("profile"));
  works("trace info " + file("workload"));
  works("validate " + file("case"));
  works("plan " + file("problem") + " --no-what-if --out " + (folder_ / "plan").string());
}

// `# key: value` becomes `key: value`; sentences behind a # are none.
std::string uncommented(const std::string& text) {
  return std::regex_replace(text, std::regex("(^|\n)# ( *)([a-z_]+:( |\n)|- \\{)"), "$1$2$3");
}

TEST_F(New, LinesOfKeysBehindAHashWorkToo) {
  for (const char* kind : {"fleet", "problem"}) {
    const std::string text = uncommented(read_file(file(kind)));
    EXPECT_NE(text, read_file(file(kind)));
    write_file(file(kind), text);
  }
  works("run --fleet " + file("fleet") + " --trace " + file("workload"));
  works("plan " + file("problem") + " --no-what-if --out " + (folder_ / "plan").string());
}

TEST_F(New, AProfileIsUsed) {
  const auto effective =
      kvsim("run --print-effective --fleet " + file("fleet") + " --profiles " + file("profile"));
  EXPECT_NE(effective.output.find("my-profile"), std::string::npos) << effective.output;
}

TEST_F(New, NothingIsOverwritten) {
  write_file(file("fleet"), "mine\n");
  const testing::CommandResult result = kvsim("new fleet --out " + file("fleet"));
  EXPECT_EQ(result.status, 2);
  EXPECT_NE(result.output.find("it is there already"), std::string::npos) << result.output;
  EXPECT_EQ(read_file(file("fleet")), "mine\n");
}

TEST_F(New, StandardOutputIsTheSameFile) { EXPECT_EQ(kvsim("new case").output, read_file(file("case"))); }

TEST_F(New, EditorsFindASchemaThatHoldsTheFile) {
  const std::string mark = "# yaml-language-server: $schema=";
  for (const char* kind : {"fleet", "problem", "case", "profile"}) {
    const std::string text = read_file(file(kind));
    ASSERT_TRUE(text.starts_with(mark)) << text;
    const std::filesystem::path schema = text.substr(mark.size(), text.find('\n') - mark.size());
    EXPECT_TRUE(std::filesystem::exists(schema)) << schema;
    const Document document = load_yaml(file(kind));
    EXPECT_EQ(join(testing::schema_faults(*document.root, schema.filename().string()), "\n"), "") << kind;
  }
}

}  // namespace
}  // namespace kvsim
