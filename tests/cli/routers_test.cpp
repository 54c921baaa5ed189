// SPDX-License-Identifier: Apache-2.0
// Does each router, preset and example configuration still send the requests of examples/routing where it
// did? Run with KVSIM_UPDATE_EXPECTED=1 to write expected.txt anew after a change of behaviour.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <sstream>

#include "base/document.h"
#include "base/files.h"
#include "base/text.h"
#include "sim/scenario/router_names.h"
#include "tests/cli/command_line.h"
#include "tests/own_folder.h"

namespace kvsim {
namespace {

const std::string kExample = "examples/routing/";

// Requests by replica, and a digest of who went where, in order of the requests' numbers.
struct Picks {
  std::map<std::string, int> by_replica;
  std::uint64_t digest = 0;
};

Picks picks_of(const std::string& csv) {
  std::map<std::uint64_t, std::string> replica_of;
  std::istringstream lines(csv);
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    const std::vector<std::string_view> cells = split(line, ',');
    replica_of[std::stoull(std::string(cells[0]))] = std::string(cells[5]) + "/" + std::string(cells[6]);
  }
  Picks picks;
  std::string all;
  for (const auto& [request, replica] : replica_of) {
    ++picks.by_replica[replica];
    all += replica + " ";
  }
  picks.digest = digest(all);
  return picks;
}

std::string figure(const Node& summary, const std::vector<const char*>& path) {
  const Node* node = &summary;
  for (const char* key : path) node = node->find(key);
  return node->scalar;
}

std::string run(const std::string& name, const std::string& fleet, const std::string& router) {
  const std::string out = own_folder("kvsim_routers_test").string();
  const testing::CommandResult result = testing::run_command(
      std::string("cd ") + KVSIM_SOURCE_DIR + " && " + KVSIM_BINARY + " run --requests --out " + out +
      " --fleet " + kExample + fleet + " --trace " + kExample + "workload.yaml " + router + " 2>&1");
  EXPECT_EQ(result.status, 0) << name << ": " << result.output;
  if (result.status != 0) return {};
  const Document summary = load_json(out + "/summary.json");
  const Picks picks = picks_of(read_file(out + "/requests.csv"));
  std::string text = fmt::format("{}: mean TTFT {} s, hit ratio {}, rejected {}, picks {}\n  ", name,
                                 figure(*summary.root, {"latency", "ttft_seconds", "mean"}),
                                 figure(*summary.root, {"cache", "hit_ratio"}),
                                 figure(*summary.root, {"requests", "rejected"}), hex64(picks.digest));
  for (const auto& [replica, count] : picks.by_replica) text += fmt::format(" {} {}", replica, count);
  std::filesystem::remove_all(out);
  return text + "\n";
}

bool splits(const std::string& name) {
  return name == "pd" || name == "wide-ep" || name == "pd-round-robin" || name == "pd.yaml";
}

// Engines' blocks as an index of KV events expects them.
std::string blocks_of(const std::string& name) {
  if (!name.starts_with("precise")) return "";
  return " --set pools.0.engine.block_size=64 --set pools.1.engine.block_size=64";
}

std::string all_routers() {
  std::string text;
  const auto fleet = [](const std::string& name) { return splits(name) ? "split-fleet.yaml" : "fleet.yaml"; };
  for (const sim::RouterPolicy& policy : sim::router_policies())
    text += run(policy.name, fleet(policy.name), "--set router.policy=" + policy.name);
  for (const char* name : {"aggregate.yaml", "flow-control-values.yaml", "pd.yaml", "precise-old-names.yaml",
                           "precise.yaml", "predicted-latency.yaml"})
    text += run(name, fleet(name), "--epp-config " + kExample + "epp/" + name + blocks_of(name));
  return text;
}

TEST(Routers, SendTheRequestsOfTheExampleWhereTheyDid) {
  const std::string found = all_routers();
  const std::string expected = std::string(KVSIM_SOURCE_DIR) + "/" + kExample + "expected.txt";
  if (std::getenv("KVSIM_UPDATE_EXPECTED") != nullptr) write_file(expected, found);
  EXPECT_EQ(found, read_file(expected));
}

}  // namespace
}  // namespace kvsim
