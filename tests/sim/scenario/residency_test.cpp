// SPDX-License-Identifier: Apache-2.0
// Labels, policies and isolation: what is read, what is written back, who may be served where, what is
// refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/scenario/lawful.h"
#include "sim/scenario/read_residency.h"
#include "tests/sim/scenario/inputs.h"

namespace kvsim::sim {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Two sites; `more` is the rest of the file.
std::string two_sites(const std::string& more) {
  return R"(
sites:
  - {name: paris, labels: {country: FR, operator: ours}}
  - {name: dallas, labels: {country: US, operator: theirs}}
pools:
  - {name: here, site: paris, model: Llama-3.1-8B, accelerator: H100-SXM-80}
  - {name: there, site: dallas, model: Llama-3.1-8B, accelerator: MI325X, labels: {operator: ours}}
)" + more;
}

std::string tenant(const std::string& keys) { return two_sites("tenants: [{name: t, " + keys + "}]\n"); }

LawfulPools lawful_of(const Fleet& fleet) { return lawful_pools(fleet, "t", "Llama-3.1-8B"); }

TEST(Residency, APoolsOwnLabelsWinOverItsSites) {
  const Fleet fleet = fleet_of(two_sites(""));
  EXPECT_EQ(labels_of(fleet, fleet.pools[0]),
            (Labels{{"country", "FR"}, {"operator", "ours"}, {"vendor", "NVIDIA"}}));
  EXPECT_EQ(labels_of(fleet, fleet.pools[1]),
            (Labels{{"country", "US"}, {"operator", "ours"}, {"vendor", "AMD"}}));
}

TEST(Residency, OnlyPoolsWhoseLabelsAreAllowedServe) {
  const Fleet fleet = fleet_of(tenant("residency: {compute: {country: [FR, DE]}}"));
  EXPECT_THAT(lawful_of(fleet).pools, ElementsAre(0u));
  EXPECT_EQ(why_unlawful(fleet, "t", "Llama-3.1-8B"), "pool there: country is US, allowed: FR, DE (compute)");
}

TEST(Residency, AllGoesIntoEveryObject) {
  const Fleet fleet = fleet_of(tenant("residency: {all: {country: FR}, compute: {vendor: {not: AMD}}}"));
  const ResidencyPolicy& policy = fleet.tenants[0].residency;
  for (const DataObject object : kDataObjects) EXPECT_EQ(predicate(policy, object)[0].label, "country");
  EXPECT_EQ(policy.compute.size(), 2u);
  EXPECT_EQ(predicate_yaml(policy.compute), "{country: [FR], vendor: {not: [AMD]}}");
}

TEST(Residency, AllAndAnObjectMustBothHoldForALabel) {
  const Fleet fleet =
      fleet_of(tenant("residency: {all: {country: [FR, US]}, compute: {country: {not: US}}}"));
  EXPECT_EQ(predicate_yaml(fleet.tenants[0].residency.compute), "{country: {in: [FR], not: [US]}}");
  EXPECT_EQ(predicate_yaml(fleet.tenants[0].residency.transit), "{country: [FR, US]}");
}

TEST(Residency, AnUndeclaredLabelIsNotAllowedEvenWhereItIsOnlyForbiddenSomething) {
  const std::string fleet =
      tenant("residency: {compute: {key_custody: {not: operator}}}") +
      "storage: [{name: s, kind: nfs, site: paris, capacity: 1TB, read_bytes_per_second: 1GB, "
      "write_bytes_per_second: 1GB, labels: {key_custody: tenant}}]\n";
  EXPECT_THAT(problems_of(fleet), HasSubstr("pool here: key_custody is not declared (compute); pool there: "
                                            "key_custody is not declared (compute)"));
}

TEST(Residency, TheRouterSitesLabelsAreHeldForTransitAndItsIndex) {
  const std::string router = "router: {site: dallas}\n";
  EXPECT_THAT(problems_of(tenant("residency: {transit: {country: FR}}") + router),
              HasSubstr("router at dallas: country is US, allowed: FR (transit)"));
  const Fleet fleet = fleet_of(tenant("residency: {router_index: {country: FR}}") + router);
  EXPECT_THAT(lawful_of(fleet).pools, ElementsAre(0u, 1u));
  EXPECT_FALSE(lawful_of(fleet).may_index);
  EXPECT_TRUE(notes(fleet, "index of the router at dallas does not keep its prompts"));
}

TEST(Residency, AWayWithoutADeclaredLinkIsNotDeclared) {
  const Fleet fleet = fleet_of(tenant("residency: {transit: {operator: ours}}"));
  EXPECT_THAT(lawful_of(fleet).pools, ElementsAre(0u));
  EXPECT_EQ(why_unlawful(fleet, "t", "Llama-3.1-8B"),
            "pool there: site link paris to dallas is not declared (transit)");
}

TEST(Residency, BothDirectionsOfALinkMustHold) {
  const std::string transit = tenant("residency: {transit: {operator: ours}}");
  const std::string one =
      "network: {site_links: [{from: paris, to: dallas, bytes_per_second: 1GB, labels: {operator: ours}}";
  EXPECT_THAT(lawful_of(fleet_of(transit + one + "]}\n")).pools, ElementsAre(0u, 1u));
  const std::string back =
      ", {from: dallas, to: paris, bytes_per_second: 1GB, labels: {operator: carrier}}]}\n";
  EXPECT_THAT(lawful_of(fleet_of(transit + one + back)).pools, ElementsAre(0u));
}

TEST(Residency, APoolWhoseStorageMayNotHoldItsKvMayNotServe) {
  const std::string fleet = R"(
sites: [{name: a, labels: {country: FR}}]
storage:
  - {name: ours, kind: nfs, capacity: 1TB, read_bytes_per_second: 1GB, write_bytes_per_second: 1GB, labels: {key_custody: tenant}}
  - {name: theirs, kind: nfs, capacity: 1TB, read_bytes_per_second: 1GB, write_bytes_per_second: 1GB, labels: {key_custody: operator}}
  - {name: drives, kind: local-nvme, capacity: 1TB, read_bytes_per_second: 1GB, write_bytes_per_second: 1GB}
pools:
  - {name: p, model: Llama-3.1-8B, accelerator: H100-SXM-80, kv: {storage: {system: ours}}}
  - {name: q, model: Llama-3.1-8B, accelerator: H100-SXM-80, kv: {storage: {system: theirs}}}
  - {name: r, model: Llama-3.1-8B, accelerator: H100-SXM-80}
  - {name: s, model: Llama-3.1-8B, accelerator: H100-SXM-80, kv: {storage: {system: drives}}, labels: {key_custody: tenant}}
tenants: [{name: t, residency: {kv_at_rest: {key_custody: tenant, country: FR}}}]
)";
  // Of the local drives the pool tells the labels; without storage nothing is at rest.
  EXPECT_THAT(lawful_of(fleet_of(fleet)).pools, ElementsAre(0u, 2u, 3u));
}

TEST(Residency, FailoverNarrowsWhatMayTakeOver) {
  const Fleet fleet = fleet_of(tenant("residency: {failover: {country: FR}}"));
  EXPECT_THAT(lawful_of(fleet).pools, ElementsAre(0u, 1u));
  EXPECT_THAT(lawful_of(fleet).failover, ElementsAre(0u));
}

TEST(Residency, TheDefaultHoldsForTenantsWithoutTheirOwn) {
  const Fleet fleet = fleet_of(two_sites(R"(
default_residency: {compute: {country: FR}}
tenants: [{name: t}, {name: free, residency: {}}]
)"));
  EXPECT_THAT(lawful_of(fleet).pools, ElementsAre(0u));
  EXPECT_THAT(lawful_pools(fleet, "free", "Llama-3.1-8B").pools, ElementsAre(0u, 1u));
  EXPECT_THAT(lawful_pools(fleet, "stranger", "Llama-3.1-8B").pools, ElementsAre(0u));
  const std::string text = effective_yaml(fleet);
  EXPECT_EQ(effective_yaml(fleet_of(text)), text);
}

TEST(Residency, TenantsShareACacheOnlyUnderTheSamePolicy) {
  const Fleet fleet = fleet_of(two_sites(R"(
tenants:
  - {name: a, residency: {compute: {country: FR}}}
  - {name: b, residency: {compute: {country: FR}}}
  - {name: c, residency: {compute: {country: [FR, US]}}}
  - {name: d}
  - {name: e, isolation: salt}
)"));
  EXPECT_EQ(cache_domain(fleet, "a"), cache_domain(fleet, "b"));
  EXPECT_NE(cache_domain(fleet, "a"), cache_domain(fleet, "c"));
  EXPECT_EQ(cache_domain(fleet, "d"), "");
  EXPECT_EQ(cache_domain(fleet, "e"), "e");
}

TEST(Residency, WhatIsReadIsWrittenBack) {
  const Fleet fleet = fleet_of(R"(
sites: [{name: a, labels: {country: "NO", enclave: true}}, {name: b, labels: {country: FR}}]
storage: [{name: s, kind: nfs, site: a, capacity: 1TB, read_bytes_per_second: 1GB, write_bytes_per_second: 1GB, labels: {key_custody: tenant}}]
network: {site_links: [{from: a, to: b, bytes_per_second: 1GB, labels: {operator: "us, and them"}}]}
pools:
  - {name: p, site: a, model: Llama-3.1-8B, accelerator: H100-SXM-80, labels: {remote_support: no}, dedicated_to: t}
  - {name: q, site: a, model: Llama-3.1-8B, accelerator: H100-SXM-80}
router: {site: b}
tenants:
  - name: t
    isolation: enclave
    models: llama-3.1-8b
    residency: {compute: {country: {in: ["NO", FR], not: US}, remote_support: "no"}, router_index: {country: FR}}
)");
  EXPECT_EQ(fleet.pools[0].labels.at("remote_support"), "no");
  EXPECT_EQ(fleet.pools[0].dedicated_to, "t");
  EXPECT_EQ(fleet.tenants[0].isolation, Isolation::kEnclave);
  const std::string text = effective_yaml(fleet);
  EXPECT_THAT(
      text,
      HasSubstr("residency: {compute: {country: {in: [\"NO\", FR], not: [US]}, remote_support: [\"no\"]}"));
  EXPECT_EQ(effective_yaml(fleet_of(text)), text);
}

TEST(Isolation, ADedicatedPoolServesItsTenantOnly) {
  const Fleet fleet = fleet_of(R"(
pools:
  - {name: own, model: Llama-3.1-8B, accelerator: H100-SXM-80, dedicated_to: t}
  - {name: common, model: Llama-3.1-8B, accelerator: H100-SXM-80}
tenants: [{name: t, isolation: replicas}, {name: u}]
)");
  EXPECT_THAT(lawful_of(fleet).pools, ElementsAre(0u));
  EXPECT_THAT(lawful_pools(fleet, "u", "Llama-3.1-8B").pools, ElementsAre(1u));
  EXPECT_THAT(lawful_pools(fleet, "", "Llama-3.1-8B").pools, ElementsAre(1u));
  EXPECT_EQ(cache_domain(fleet, "t"), "t");
}

TEST(Isolation, ASharedTenantMayUseItsOwnPoolAndTheCommonOnes) {
  const Fleet fleet = fleet_of(R"(
pools:
  - {name: own, model: Llama-3.1-8B, accelerator: H100-SXM-80, dedicated_to: t}
  - {name: common, model: Llama-3.1-8B, accelerator: H100-SXM-80}
tenants: [{name: t}]
)");
  EXPECT_THAT(lawful_of(fleet).pools, ElementsAre(0u, 1u));
}

TEST(Residency, AHandOverOfKvNeedsALawfulLinkBetweenItsPools) {
  Fleet fleet = fleet_of(tenant("residency: {compute: {operator: ours}}"));
  LabelPredicate ours{{"operator", {"ours"}, {}}};
  ResidencyPolicy policy;
  EXPECT_TRUE(findings_of_pair(fleet, policy, fleet.pools[0], fleet.pools[1]).empty());
  policy.transit = ours;
  EXPECT_FALSE(findings_of_pair(fleet, policy, fleet.pools[0], fleet.pools[1]).empty());
  EXPECT_TRUE(findings_of_pair(fleet, policy, fleet.pools[0], fleet.pools[0]).empty());
  fleet.network.site_links = {{"dallas", "paris", 1e9, {{"operator", "ours"}}}};
  EXPECT_TRUE(findings_of_pair(fleet, policy, fleet.pools[0], fleet.pools[1]).empty());
}

// Prefill at a, decode at b, the router at c: its links to both are ours, the one between them is not.
TEST(Residency, KvIsNotHandedOverByAForbiddenWay) {
  const Fleet fleet = fleet_of(R"(
sites: [{name: a}, {name: b}, {name: c, labels: {operator: ours}}]
network:
  site_links:
    - {from: c, to: a, bytes_per_second: 1GB, labels: {operator: ours}}
    - {from: c, to: b, bytes_per_second: 1GB, labels: {operator: ours}}
    - {from: a, to: b, bytes_per_second: 1GB, labels: {operator: theirs}}
pools:
  - {name: prompts, role: prefill, site: a, model: Llama-3.1-8B, accelerator: H100-SXM-80}
  - {name: tokens, role: decode, site: b, model: Llama-3.1-8B, accelerator: H100-SXM-80}
router: {policy: pd-round-robin, site: c}
tenants: [{name: t, residency: {transit: {operator: ours}}}, {name: free}]
)");
  EXPECT_THAT(lawful_pools(fleet, "free", "Llama-3.1-8B").pools, ElementsAre(0u, 1u));
  EXPECT_THAT(lawful_of(fleet).pools, ElementsAre(1u));  // decodes alone, and prefills there
}

TEST(Residency, UnlawfulFleetsAreRefused) {
  const std::string two_models = R"(
pools:
  - {name: p, model: Llama-3.1-8B, accelerator: H100-SXM-80, labels: {country: FR}}
  - {name: q, model: Qwen3-8B, accelerator: H100-SXM-80, labels: {country: US}}
)";
  const std::vector<Broken> cases{
      {"nowhere", tenant("residency: {compute: {country: DE}}"),
       "tenants[0].residency: no lawful pool for Llama-3.1-8B of tenant t: pool here: country is FR, "
       "allowed: "
       "DE (compute); pool there: country is US, allowed: DE (compute)",
       "declare what the policy asks for"},
      {"a model too few", two_models + "tenants: [{name: t, residency: {compute: {country: FR}}}]\n",
       "no lawful pool for Qwen3-8B", "`models`"},
      {"misspelt label", tenant("residency: {compute: {contry: FR}}"),
       "tenants[0].residency.compute.contry: no site, pool, storage system or site link declares",
       "did you mean 'country'"},
      {"misspelt label in the default", two_sites("default_residency: {all: {contry: FR}}\n"),
       "default_residency.all.contry", "did you mean 'country'"},
      {"misspelt object", tenant("residency: {kv_in_ram: {country: FR}}"), "unknown key 'kv_in_ram'",
       "kv_in_memory"},
      {"no value", tenant("residency: {compute: {country: []}}"), "names no value", "{not: [...]}"},
      {"unknown operator", tenant("residency: {compute: {country: {except: US}}}"), "'except'", "in, not"},
      {"contradiction", tenant("residency: {all: {country: FR}, compute: {country: US}}"),
       "leaves no value that `all` allows", "both allow"},
      {"labels a list",
       two_sites("network: {site_links: [{from: paris, to: dallas, bytes_per_second: 1GB, labels: [x]}]}\n"),
       "labels", "map"},
      {"router nowhere", two_sites("router: {site: rome}\n"), "unknown site 'rome'", "dallas"},
      {"no pool of its own", tenant("isolation: replicas"), "no pool is dedicated", "dedicated_to: t"},
      {"dedicated to nobody", pool("dedicated_to: x\n"), "unknown tenant 'x'", "under `tenants`"},
      {"own pool unlawful",
       pool("dedicated_to: t\nlabels: {country: US}\ntenants: [{name: t, residency: {compute: {country: "
            "FR}}}]\n"),
       "its own pool h100-sxm-80 is not lawful for it: country is US", "label the pool"},
      {"no enclave", pool("dedicated_to: t\ntenants: [{name: t, isolation: enclave}]\n"),
       "enclave is not declared", "label the pool"},
      {"unknown model", tenant("models: [Llama-4]"), "no pool serves 'Llama-4'", "Llama-3.1-8B"},
      {"model of another's pool",
       pool("dedicated_to: u\ntenants: [{name: t, models: Llama-3.1-8B}, {name: u}]\n"), "dedicated to u",
       ""},
  };
  for (const Broken& broken : cases) {
    const std::string problems = problems_of(broken.yaml);
    EXPECT_THAT(problems, HasSubstr(broken.found)) << broken.what;
    EXPECT_THAT(problems, HasSubstr(broken.remedy)) << broken.what;
  }
}

TEST(Residency, ATenantNeedsOnlyTheModelsThatItAsksFor) {
  const Fleet fleet = fleet_of(R"(
pools:
  - {name: p, model: Llama-3.1-8B, accelerator: H100-SXM-80, labels: {country: FR}}
  - {name: q, model: Qwen3-8B, accelerator: H100-SXM-80, labels: {country: US}}
tenants: [{name: t, models: llama-3.1-8b, residency: {compute: {country: FR}}}]
)");
  EXPECT_THAT(lawful_pools(fleet, "t", "Qwen3-8B").pools, ElementsAre());
  EXPECT_EQ(why_unlawful(fleet, "t", "Qwen3-8B"), "its `models` do not name it");
}

}  // namespace
}  // namespace kvsim::sim
