// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tests/planner/problem_fixture.h"

namespace kvsim::planner {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class ListOptions : public ProblemTest {
 protected:
  Options options(const std::string& text, const DemandNames& demand = kAnybody) {
    return list_options(problem(text), shipped(), demand);
  }
};

const std::string kTwoSites = R"(sites:
  - {name: paris, labels: {country: FR}, rtt: {dublin: 18ms}}
  - {name: dublin, labels: {country: IE}}
network: {site_links: [{from: paris, to: dublin, bytes_per_second: 12.5GB, labels: {country: FR}}]}
)";

TEST_F(ListOptions, AServerHoldsAsManyReplicasAsItsAcceleratorsAllow) {
  const Options all = options(kSmall);
  EXPECT_THAT(names(all.pools), ElementsAre("local-hgx-llama-3.1-8b-tp1", "local-l40s-llama-3.1-8b-tp1"));
  EXPECT_EQ(all.pools[0].replicas_per_server, 8u);
  EXPECT_EQ(all.pools[0].most, 10'000u);
  ASSERT_EQ(all.demand.size(), 1u);
  EXPECT_THAT(all.demand[0].lawful, ElementsAre(0, 1));
  EXPECT_THAT(all.rejected, IsEmpty());
}

// 70 G parameters in bf16 are 131 GiB: two H100 of 80 GB, and with its KV of 128K tokens four; L40S of 48
// GB: 8.
TEST_F(ListOptions, TpIsTheFewestAcceleratorsThatHoldTheModel) {
  const Options all = options(replaced(kSmall, "Llama-3.1-8B", "Llama-3.1-70B"));
  for (const PoolOption& pool : all.pools) {
    const std::string tp = "tp: " + std::to_string(pool.tp / 2);
    const Options fewer = options(replaced(kSmall, "Llama-3.1-8B", "Llama-3.1-70B") + tp + "\n");
    EXPECT_THAT(names(fewer.pools), Not(Contains(HasSubstr(pool.name.substr(0, 9))))) << pool.name;
    EXPECT_EQ(pool.replicas_per_server, 8 / pool.tp);
  }
  EXPECT_FALSE(all.pools.empty());
}

TEST_F(ListOptions, EachTpOfAListIsAnOption) {
  const Options all = options(kSmall + "tp: [1, 2, 3]\n");
  EXPECT_EQ(all.pools.size(), 4u);
  EXPECT_THAT(reasons(all.rejected), Each(HasSubstr("tp 3 does not divide")));
}

TEST_F(ListOptions, WhatDoesNotFitIsNamedInTheFleetReadersWords) {
  const Options all = options(replaced(kSmall, "Llama-3.1-8B", "Llama-3.1-405B"));
  EXPECT_THAT(reasons(all.rejected),
              Contains(AllOf(HasSubstr("Llama-3.1-405B on l40s at local"), HasSubstr("does not fit"))));
}

TEST_F(ListOptions, EachReasonAgainstAServerIsNamed) {
  EXPECT_THAT(reasons(options(kSmall + "constraints: {refused_vendors: [NVIDIA]}\n").rejected),
              ElementsAre("server hgx: vendor NVIDIA is refused", "server l40s: vendor NVIDIA is refused"));
  const std::string picky =
      replaced(kSmall, "accelerators: 8", "accelerators: 8\n    liquid_cooled: true\n    sites: [paris]");
  EXPECT_THAT(reasons(options(picky + kTwoSites).rejected),
              ElementsAre("server hgx at paris: the site has no liquid cooling",
                          "server hgx at dublin: its `sites` do not name it"));
  EXPECT_THAT(
      reasons(options(kSmall + "sites: [{name: p, watts: 5kW}]\n").rejected),
      ElementsAre("server hgx at p: no room for one server", "server l40s at p: no room for one server"));
  const std::string unpriced =
      replaced(kSmall, "price: {value: 280000, source: quote 4711, date: 2026-05-04}", "");
  const Options all = options(unpriced);
  EXPECT_THAT(reasons(all.rejected), ElementsAre("server hgx: no price"));
  EXPECT_THAT(names(all.pools), Each(HasSubstr("l40s")));
  const Options none = options(kSmall + "engines: [{name: only, servers: [hgx]}]\n");
  EXPECT_THAT(reasons(none.rejected), ElementsAre("Llama-3.1-8B on l40s at local: no engine applies to it"));
}

TEST_F(ListOptions, UnverifiedCatalogFiguresAreRefusedUnlessAccepted) {
  const std::string strict = replaced(kSmall, "accept_unverified: true", "accept_unverified: false");
  for (const Accelerator& accelerator : shipped().catalog.accelerators()) {
    const bool unverified = accelerator.memory_bytes.unverified || accelerator.peak_watts.unverified ||
                            accelerator.memory_bandwidth_bytes_per_second.unverified ||
                            accelerator.rate(NumberType::kBf16).flops_per_second.unverified;
    const Options all = options(replaced(strict, "L40S", accelerator.name));
    const auto told = reasons(all.rejected);
    const bool rejected = std::any_of(told.begin(), told.end(), [](const std::string& line) {
      return line.starts_with("server l40s: unverified in the catalog");
    });
    EXPECT_EQ(rejected, unverified) << accelerator.name;
  }
}

// 8 x 700 W + 1.4 kW = 7 kW nameplate; PUE 1.25: 8.75 kW of facility power a server.
TEST_F(ListOptions, RoomIsBoundByStockPowerCoolingAndRackUnits) {
  const auto most = [&](const std::string& server, const std::string& site) {
    const std::string text = replaced(kSmall, "accelerators: 8",
                                      "accelerators: 8\n    base_watts: 1.4kW\n    rack_units: 8\n" + server);
    return options(text + "sites: [{name: p, pue: 1.25, " + site + "}]\n").pools.at(0).most;
  };
  EXPECT_EQ(most("    stock: 3", ""), 3u);
  EXPECT_EQ(most("    stock: 3", "installed: [{server: hgx, count: 2, remaining_years: 1}]"), 5u);
  EXPECT_EQ(most("", "watts: 35kW"), 4u);
  EXPECT_EQ(most("", "watts: 34.9kW"), 3u);
  EXPECT_EQ(most("", "cooling_watts: 35kW"), 5u);
  EXPECT_EQ(most("", "rack_units: 31"), 3u);
}

TEST_F(ListOptions, EnginesAreWaysToUseServers) {
  const Options all = options(kSmall + R"(engines:
  - {name: plain}
  - {name: fp8, servers: [hgx], types: {weights: fp8, matmul: fp8}}
)");
  EXPECT_THAT(names(all.pools),
              ElementsAre("local-hgx-llama-3.1-8b-tp1-plain", "local-hgx-llama-3.1-8b-tp1-fp8",
                          "local-l40s-llama-3.1-8b-tp1-plain"));
}

TEST_F(ListOptions, StorageIsMountedWhereItStands) {
  const std::string storage = kTwoSites + R"(storage:
  - {name: a, kind: nfs, site: paris, capacity: 10TB, read_bytes_per_second: 5GB, write_bytes_per_second: 5GB, price: 9}
  - {name: b, kind: nfs, site: paris, capacity: 10TB, read_bytes_per_second: 5GB, write_bytes_per_second: 5GB}
engines: [{name: tiered, servers: [l40s], kv: {storage: {}}}]
)";
  const Options all = options(kSmall + storage);
  EXPECT_THAT(names(all.pools), ElementsAre("paris-l40s-llama-3.1-8b-tp1-a"));
  EXPECT_EQ(all.pools[0].storage, 0u);
  EXPECT_THAT(reasons(all.rejected),
              Contains(HasSubstr("l40s at dublin: no storage system stands at the site")));
  EXPECT_THAT(reasons(all.rejected), Contains(HasSubstr("storage b has no usable price")));
  const Options named = options(kSmall + replaced(storage, "{storage: {}}", "{storage: {system: [a]}}"));
  EXPECT_EQ(named.pools.size(), 2u);  // over the link
}

TEST_F(ListOptions, ResidencyFiltersOptionsBySite) {
  const Options all = options(kSmall + kTwoSites + R"(tenants:
  - {name: city, residency: {compute: {country: FR}}}
  - {name: museum, residency: {all: {country: FR}}}
default_residency: {compute: {country: IE}}
)",
                              {{"city", "", ""}, {"museum", "", ""}, {"somebody", "", ""}});
  ASSERT_EQ(all.demand.size(), 3u);
  EXPECT_THAT(all.demand[0].lawful, ElementsAre(0, 1));
  EXPECT_THAT(all.demand[0].reasons, Each(HasSubstr("country is IE, allowed: FR")));
  EXPECT_THAT(all.demand[1].lawful, ElementsAre(0, 1));
  EXPECT_THAT(all.demand[2].lawful, ElementsAre(2, 3));
}

TEST_F(ListOptions, IsolatedTenantsHaveOptionsOfTheirOwn) {
  const std::string text = kSmall + R"(tenants:
  - {name: bank, isolation: nodes}
  - {name: court, isolation: enclave}
engines:
  - {name: open, servers: [l40s]}
  - {name: closed, servers: [l40s], labels: {enclave: true}}
)";
  const Options all = options(text, {{"bank", "", ""}, {"court", "", ""}, {"x", "", ""}});
  ASSERT_EQ(all.pools.size(), 6u);
  const auto owners = [&](std::size_t demand) {
    std::vector<std::string> list;
    for (const std::size_t i : all.demand[demand].lawful) list.push_back(all.pools[i].dedicated_to);
    return list;
  };
  EXPECT_THAT(owners(0), ElementsAre("bank", "bank"));
  EXPECT_THAT(owners(1), ElementsAre("court"));
  EXPECT_THAT(owners(2), ElementsAre("", ""));
  const Options alone = options(text, {{"bank", "", ""}, {"court", "", ""}});
  EXPECT_EQ(alone.pools.size(), 4u);  // nobody else asks
}

TEST_F(ListOptions, AWorkloadThatDoesNotFitTheProblemIsRefused) {
  const auto fault = [&](const std::string& text, const DemandNames& demand) -> std::string {
    try {
      options(text, demand);
    } catch (const InputError& error) {
      return lines_of(error).front();
    }
    return "";
  };
  EXPECT_THAT(fault(kSmall, {{"", "Qwen3-8B", ""}}),
              HasSubstr("asks for model 'Qwen3-8B', which is not served"));
  EXPECT_THAT(fault(kSmall, {{"", "", "chat"}}), HasSubstr("class 'chat', which has no goal"));
  const std::string two = replaced(kSmall, "model: Llama-3.1-8B", "models: [Llama-3.1-8B, Qwen3-8B]");
  EXPECT_THAT(fault(two, kAnybody), HasSubstr("names no model"));
  EXPECT_THAT(fault(two + "tenants: [{name: t}]\n", {{"t", "Qwen3-8B", ""}}),
              AllOf(HasSubstr("problem.yaml:16:"), HasSubstr("add models: [Qwen3-8B]")));
  EXPECT_THAT(fault(kSmall + "tenants: [{name: t, isolation: nodes}]\n", kAnybody),
              HasSubstr("leave the tenant out"));
  EXPECT_EQ(fault(kSmall, {{"", "meta-llama/Llama-3.1-8B-Instruct", "default"}}), "");
}

}  // namespace
}  // namespace kvsim::planner
