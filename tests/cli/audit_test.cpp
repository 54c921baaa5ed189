// SPDX-License-Identifier: Apache-2.0
// When a run leaves an audit behind.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/cli/command_line.h"
#include "tests/own_folder.h"

namespace kvsim {
namespace {

class AuditFiles : public ::testing::Test {
 protected:
  const std::filesystem::path folder_ = own_folder("kvsim_audit_test");

  AuditFiles() {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }

  int run(const std::string& tenants, const std::string& options) const {
    std::ofstream(folder_ / "fleet.yaml") << "model: Llama-3.1-8B\naccelerator: H100-SXM-80\n" << tenants;
    const std::string workload = KVSIM_SOURCE_DIR "/examples/quickstart/workload.yaml";
    return testing::kvsim("run --fleet " + (folder_ / "fleet.yaml").string() + " --trace " + workload + " " +
                          options)
        .status;
  }
  std::string out() const { return " --out " + (folder_ / "out").string(); }
  bool there() const {
    return std::filesystem::exists(folder_ / "out" / "audit.csv") &&
           std::filesystem::exists(folder_ / "out" / "audit.json");
  }
};

TEST_F(AuditFiles, AreWrittenWhereAPolicyIsDeclaredAndRemovedWhereNoneIs) {
  EXPECT_EQ(run("default_residency: {compute: {vendor: NVIDIA}}\n", out()), 0);
  EXPECT_TRUE(there());
  EXPECT_EQ(run("", out()), 0);
  EXPECT_FALSE(there());
  EXPECT_EQ(run("", "--audit" + out()), 0);
  EXPECT_TRUE(there());
}

TEST_F(AuditFiles, NeedAFolder) { EXPECT_EQ(run("", "--audit"), 1); }

TEST_F(AuditFiles, AreNotWrittenForAFleetThatIsRefused) {
  EXPECT_EQ(run("tenants: [{name: t, residency: {compute: {vendor: AMD}}}]\n", out()), 2);
  EXPECT_FALSE(there());
}

}  // namespace
}  // namespace kvsim
