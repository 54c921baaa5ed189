// SPDX-License-Identifier: Apache-2.0
// Does `kvsim run --export` write what it is asked for, and nothing else?
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "base/files.h"
#include "tests/cli/command_line.h"
#include "tests/own_folder.h"

namespace kvsim {
namespace {

namespace fs = std::filesystem;
using testing::kvsim;

class Export : public ::testing::Test {
 protected:
  Export() : folder_(own_folder("kvsim_export")) {
    write_file((folder_ / "fleet.yaml").string(), "model: Llama-3.1-8B\naccelerator: H100-SXM-80\n");
    write_file((folder_ / "load.yaml").string(),
               "kind: generate\nrequests: 20\narrivals: {process: poisson, rate: 10}\ninput_tokens: 100\n"
               "output_tokens: 10\n");
  }
  ~Export() override { fs::remove_all(folder_); }

  testing::CommandResult run(const std::string& options) {
    return kvsim("run --fleet " + (folder_ / "fleet.yaml").string() + " --trace " +
                 (folder_ / "load.yaml").string() + " " + options);
  }
  std::string out() const { return (folder_ / "results").string(); }
  std::set<std::string> exports() const {
    std::set<std::string> names;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder_ / "results/exports", none))
      names.insert(entry.path().filename().string());
    return names;
  }

  fs::path folder_;
};

TEST_F(Export, WritesTheFormatsThatAreNamed) {
  ASSERT_EQ(run("--out " + out() + " --export aiperf,prometheus --export guidellm").status, 0);
  EXPECT_EQ(exports(),
            (std::set<std::string>{"guidellm.json", "openmetrics.txt", "profile_export_aiperf.json"}));
}

TEST_F(Export, ARunWithoutItRemovesThoseOfTheRunBefore) {
  ASSERT_EQ(run("--out " + out() + " --export llmd-report").status, 0);
  ASSERT_EQ(run("--out " + out()).status, 0);
  EXPECT_FALSE(fs::exists(folder_ / "results/exports"));
}

TEST_F(Export, UnknownFormatsAndNoFolderAreUsageErrors) {
  const testing::CommandResult unknown = run("--out " + out() + " --export prometheus,csv");
  EXPECT_EQ(unknown.status, 1);
  EXPECT_NE(unknown.output.find("llmd-report"), std::string::npos) << unknown.output;
  const testing::CommandResult homeless = run("--export aiperf");
  EXPECT_EQ(homeless.status, 1);
  EXPECT_NE(homeless.output.find("--out"), std::string::npos) << homeless.output;
}

TEST_F(Export, IsTheSameInBothModes) {
  const std::string all = " --export prometheus,aiperf,guidellm,llmd-report";
  ASSERT_EQ(run("--out " + out() + all).status, 0);
  ASSERT_EQ(run("--reference --out " + out() + "2" + all).status, 0);
  ASSERT_EQ(exports().size(), 4u);
  for (const std::string& name : exports())
    EXPECT_EQ(read_file(out() + "/exports/" + name), read_file(out() + "2/exports/" + name)) << name;
}

}  // namespace
}  // namespace kvsim
