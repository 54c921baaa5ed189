// SPDX-License-Identifier: Apache-2.0
// Does --set give what the same words in the files give, and do digests tell the difference?
#include <gtest/gtest.h>

#include "base/files.h"
#include "tests/cli/command_line.h"
#include "tests/own_folder.h"

namespace kvsim {
namespace {

using testing::kvsim;

const std::string kExample = std::string(KVSIM_SOURCE_DIR) + "/examples/quickstart";
const std::string kRun = "run --json --fleet " + kExample + "/fleet.yaml --trace ";

std::string between(const std::string& text, const std::string& from, const std::string& to) {
  const std::size_t begin = text.find(from);
  return text.substr(begin, text.find(to, begin) - begin);
}
std::string figures(const std::string& json) {
  return between(json, "\"duration_seconds\"", "\"performance\"");
}
std::string digest_of(const std::string& json, const std::string& what) {
  return between(json.substr(json.find("\"digests\"")), "\"" + what + "\"", "\n");
}

TEST(Settings, SayWhatTheFilesCouldSay) {
  std::string fleet = read_file(kExample + "/fleet.yaml"), workload = read_file(kExample + "/workload.yaml");
  fleet.replace(fleet.find("replicas: 4"), 11, "replicas: 2");
  workload.replace(workload.find("requests: 2000"), 14, "requests: 100");
  const std::string folder = own_folder("kvsim_settings").string();
  write_file(folder + "/fleet.yaml", fleet);
  write_file(folder + "/workload.yaml", workload);
  const std::string written =
      kvsim("run --json --fleet " + folder + "/fleet.yaml --trace " + folder + "/workload.yaml", false)
          .output;
  const std::string set =
      kvsim(kRun + kExample + "/workload.yaml --set replicas=2 --set workload.requests=100", false).output;
  EXPECT_EQ(figures(set), figures(written));
  EXPECT_EQ(digest_of(set, "fleet"), digest_of(written, "fleet"));
}

TEST(Settings, AnEppFileTakesThePlaceOfTheRouterPolicy) {
  const std::string file = std::string(KVSIM_SOURCE_DIR) + "/examples/routing/epp/precise.yaml";
  const std::string print = "run --print-effective --fleet " + kExample + "/fleet.yaml";
  const std::string given = kvsim(print + " --epp-config " + file, false).output;
  EXPECT_NE(given.find("pluginRef: busy, weight: 2"), std::string::npos) << given;
  EXPECT_EQ(given, kvsim(print + " --set 'router={epp_config: " + file + "}'", false).output);
  EXPECT_EQ(kvsim(print + " --epp-config nowhere.yaml", true).status, 2);
}

TEST(Settings, ChangeTheDigestOfWhatTheyChange) {
  const std::string plain = kvsim(kRun + kExample + "/workload.yaml", false).output;
  const std::string fleet = kvsim(kRun + kExample + "/workload.yaml --set replicas=3", false).output;
  const std::string work = kvsim(kRun + kExample + "/workload.yaml --set workload.requests=99", false).output;
  EXPECT_NE(digest_of(plain, "fleet"), digest_of(fleet, "fleet"));
  EXPECT_EQ(digest_of(plain, "trace"), digest_of(fleet, "trace"));
  EXPECT_EQ(digest_of(plain, "fleet"), digest_of(work, "fleet"));
  EXPECT_NE(digest_of(plain, "trace"), digest_of(work, "trace"));
}

}  // namespace
}  // namespace kvsim
