// SPDX-License-Identifier: Apache-2.0
// Roles of pools: what is read, and which pools cannot work together.
#include <gtest/gtest.h>

#include "sim/fabric/fabric.h"
#include "sim/scenario/read_disaggregation.h"
#include "tests/sim/scenario/inputs.h"

namespace kvsim::sim {
namespace {

// A prefill and a decode pool of `model`, and more of each.
std::string fleet(const std::string& prefill, const std::string& decode, const std::string& root = "",
                  const std::string& model = "Llama-3.1-8B") {
  return root + "pools:\n  - {name: p, role: prefill, model: " + model + ", accelerator: H200" + prefill +
         "}\n  - {name: d, role: decode, model: " + model + ", accelerator: MI325X" + decode + "}\n";
}

class Roles : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!has_simgrid()) GTEST_SKIP() << "a build without SimGrid";
  }
};

TEST_F(Roles, PoolsOfUnlikeAcceleratorsAndTpFit) {
  const Fleet read = fleet_of(fleet(", tp: 2", ", tp: 4"));
  EXPECT_EQ(read.pools[0].role, PoolRole::kPrefill);
  EXPECT_EQ(read.pools[1].role, PoolRole::kDecode);
  EXPECT_GT(read.pools[0].nic_bytes_per_second, 0);
  EXPECT_TRUE(notes(read, "pool p: network")) << "assumed NICs are told";
}

TEST_F(Roles, WithoutAnyNoNetworkIsNeeded) {
  const Fleet read = fleet_of(pool(""));
  EXPECT_EQ(read.pools[0].role, PoolRole::kBoth);
  EXPECT_EQ(read.pools[0].nic_bytes_per_second, 0);
}

TEST_F(Roles, LatentKvNeedsNoDivision) {
  EXPECT_EQ(problems_of(fleet(", tp: 8, engine: {max_model_len: 8K}", ", tp: 8, engine: {max_model_len: 8K}",
                              "", "DeepSeek-V3")),
            "");
}

TEST_F(Roles, SettingsAreReadAndWrittenBack) {
  const std::string root =
      "router:\n  policy: pd-round-robin\n  disaggregation: {lease: 8m, lease_renewed: false, handshake: 1s, "
      "start: 0, "
      "hop: 3ms, rank_bytes_per_second: 40GB, on_failure: fail}\n";
  const Fleet read = fleet_of(fleet("", "", root));
  DisaggregationSettings expected;
  expected.lease_seconds = 480;
  expected.lease_renewed = false;
  expected.handshake_seconds = 1;
  expected.start_seconds = 0;
  expected.hop_seconds = 0.003;
  expected.rank_bytes_per_second = 40e9;
  expected.local_prefill_on_failure = false;
  EXPECT_EQ(read.router.disaggregation, expected);
  const Fleet again = fleet_of(effective_yaml(read));
  EXPECT_EQ(again.router.disaggregation, expected);
  EXPECT_EQ(again.pools[0].role, PoolRole::kPrefill);
  EXPECT_EQ(again.digest, read.digest);
}

TEST_F(Roles, EachMisfitIsToldWithItsPlaceAndARemedy) {
  const std::string sites = "sites: [{name: a, rtt: {b: 10ms}}, {name: b}]\n";
  const std::vector<Broken> cases = {
      {"unlike KV", fleet(", types: {kv: fp8}", ""), "unlike types: fp8", "types: {kv: ...}"},
      {"unlike blocks", fleet(", engine: {block_size: 128}", ""), "no whole number of blocks",
       "engine.block_size"},
      {"unlike versions", fleet(", engine: {version: 0.20.0}", ""), "do not read each other's KV",
       "engine.version"},
      {"no way", sites + fleet(", site: a", ", site: b"), "no link joins them", "site_links"},
      {"nobody decodes", pool("role: prefill\n"), "no pool decodes what pool h100-sxm-80 prefills",
       "role: decode"},
      {"unknown role", pool("role: encode\n"), "encode", "prefill"},
      {"on failure what", pool("router: {disaggregation: {on_failure: cry}}\n"), "cry", "prefill"},
      {"unknown key", pool("router: {disaggregation: {leash: 3}}\n"), "'leash'", "lease"},
      {"no rate", pool("router: {disaggregation: {rank_bytes_per_second: 0}}\n"), "found 0", "above 0"},
  };
  for (const Broken& broken : cases) {
    const std::string message = problems_of(broken.yaml);
    EXPECT_NE(message.find(broken.found), std::string::npos) << broken.what << ": " << message;
    EXPECT_NE(message.find(broken.remedy), std::string::npos) << broken.what << ": " << message;
    EXPECT_EQ(message.find("fleet.yaml:"), 0u) << broken.what << ": " << message;
  }
}

TEST_F(Roles, TpThatSplitsHeadsIsRefused) {
  const Fleet read = fleet_of(fleet("", ""));
  std::vector<Pool> pools = read.pools;
  pools[0].tp = 2;
  pools[1].tp = 3;
  Problems problems;
  std::vector<Validity> validity;
  FleetContext context{shipped(), "", problems, validity};
  resolve_disaggregation(pools, {{}, {}}, context);
  ASSERT_EQ(problems.all().size(), 1u);
  EXPECT_NE(problems.all()[0].message.find("neither divides the other"), std::string::npos);
}

}  // namespace
}  // namespace kvsim::sim
