// SPDX-License-Identifier: Apache-2.0
// Problems whose cheap answer is unlawful: the plan is lawful, whatever that costs.
#include <fmt/format.h>

#include "sim/scenario/lawful.h"
#include "tests/planner/plan_fixture.h"

namespace kvsim::planner {
namespace {

// A cheap server at dublin and a dear one at paris, where the router is.
struct Case {
  std::string name;
  std::string policy;  // of the tenant health
  std::string lawful;  // what names of pools that may serve it have in them
  std::string more = {};
  std::string paris = "country: FR, operator: nord, owner_country: FR, key_custody: customer";
  std::string dublin = "country: IE, operator: big, owner_country: US";
  std::string without = {};  // the tenant without its policy
  std::string sites = "sites: [dublin], ";
};
void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

std::string text_of(const Case& one, const std::string& policy) {
  return fmt::format(R"(model: Llama-3.1-8B
workload: workload.yaml
slo: {{ttft: 4s, tpot: 150ms, attainment: 0.9}}
accept_unverified: true
search: {{draws: 0, capacity_requests: 50}}
engines:
  - {{name: shut, servers: [dear], labels: {{remote_support: none, enclave: true}}{0}}}
  - {{name: open, servers: [cheap], labels: {{remote_support: US}}{0}}}
servers:
  - {{name: cheap, accelerator: L40S, accelerators: 1, stock: 3, {1}price: 3000}}
  - {{name: dear, accelerator: MI300X, accelerators: 1, stock: 3, sites: [paris], price: 30000}}
sites:
  - {{name: paris, labels: {{{2}}}, rtt: {{dublin: 10ms}}}}
  - {{name: dublin, labels: {{{3}}}}}
router: {{policy: least-request, site: paris}}
tenants:
  - {{name: health{4}}}
  - {{name: museum, residency: {{}}}}
{5}
)",
                     one.more.starts_with("storage") ? ", kv: {storage: {}}" : "", one.sites, one.paris,
                     one.dublin, policy.empty() ? "" : ", " + policy, one.more);
}

class Residency : public PlanTest, public ::testing::WithParamInterface<Case> {};

TEST_P(Residency, ThePlanIsLawfulAndDearer) {
  write("workload.yaml", R"(kind: generate
requests: 60
streams:
  - {name: a, tenant: health, arrivals: {rate: 2}, input_tokens: 300, output_tokens: 30}
  - {name: b, tenant: museum, arrivals: {rate: 2}, input_tokens: 300, output_tokens: 30}
)");
  const Case& one = GetParam();
  const Plan plan = make(text_of(one, one.policy)).plan;
  ASSERT_EQ(plan.state, PlanState::kFound);
  const sim::LawfulPools lawful = sim::lawful_pools(*plan.fleet, "health", plan.fleet->pools[0].model.name);
  ASSERT_FALSE(lawful.pools.empty());
  for (const std::uint32_t pool : lawful.pools)
    EXPECT_THAT(plan.fleet->pools[pool].name, ::testing::HasSubstr(one.lawful));
  Case free = one;
  if (const auto at = free.more.find("default_residency"); at != std::string::npos) free.more.resize(at);
  const Plan unlawful = make(text_of(free, one.without)).plan;
  ASSERT_EQ(unlawful.state, PlanState::kFound);
  EXPECT_GT(objective(plan), objective(unlawful));
}

const std::string kLink =
    "network: {site_links: [{from: paris, to: dublin, bytes_per_second: 12.5GB, labels: {owner_country: "
    "US}}]}\n";
const std::string kSystem =
    ", kind: nfs, site: {}, capacity: 1TB, read_bytes_per_second: 5GB, write_bytes_per_second: 5GB, price: "
    "{}";

std::string storage(const std::string& at_paris, const std::string& at_dublin) {
  const auto system = [](const std::string& name, const std::string& site, int price,
                         const std::string& labels) {
    return "  - {name: " + name + fmt::format(fmt::runtime(kSystem), site, price) + ", labels: {" + labels +
           "}}\n";
  };
  return "storage:\n" + system("vault", "paris", 5000, at_paris) + system("bucket", "paris", 500, at_dublin) +
         system("far", "dublin", 500, at_dublin);
}

std::vector<Case> cases() {
  const std::string not_us = "{owner_country: {not: [US]}}";
  return {
      {"ComputeInOneCountry", "residency: {compute: {country: FR}}", "paris"},
      {"ComputeInSomeCountries", "residency: {compute: {country: [FR, DE]}}", "paris"},
      {"ComputeNotOwnedThere", "residency: {compute: " + not_us + "}", "paris"},
      {"MemoryInOneCountry", "residency: {kv_in_memory: {country: FR}}", "paris"},
      {"MemoryNotOwnedThere", "residency: {kv_in_memory: " + not_us + "}", "paris"},
      {"AllInOneCountry", "residency: {all: {country: FR}}", "paris"},
      {"TwoTermsOfWhichOneFails", "residency: {compute: {country: [FR, IE], operator: nord}}", "paris"},
      {"AnUndeclaredLabelIsNotAllowed", "residency: {compute: {key_custody: customer}}", "paris"},
      {"AnUndeclaredLabelIsNotAllowedByNotEither", "residency: {compute: {key_custody: {not: [operator]}}}",
       "paris"},
      {"ValuesAreComparedAsWritten", "residency: {compute: {country: FR}}", "paris", "", "country: FR",
       "country: fr"},
      {"VendorOfTheAccelerator", "residency: {compute: {vendor: AMD}}", "dear"},
      {"NotOfAVendor", "residency: {compute: {vendor: {not: [NVIDIA, Intel]}}}", "dear"},
      {"SameSiteOtherVendor", "residency: {compute: {vendor: AMD, country: FR}}", "paris-dear", "",
       "country: FR", "country: IE", "", ""},
      {"LabelsOfTheEngine", "residency: {compute: {remote_support: none}}", "dear"},
      {"EngineBeforeSite", "residency: {compute: {remote_support: {not: [US]}}}", "dear", "", "country: FR",
       "country: IE, remote_support: none"},
      {"TransitWithoutALink", "residency: {transit: {country: FR}}", "paris"},
      {"TransitOverAnUnlawfulLink", "residency: {transit: {owner_country: FR}}", "paris", kLink},
      {"TransitOverALinkWithoutTheLabel", "residency: {transit: {country: {not: [US]}}}", "paris", kLink},
      {"AtRestInCustody", "residency: {kv_at_rest: {key_custody: customer}}", "vault",
       storage("key_custody: customer", "key_custody: operator"), "country: FR", "country: IE"},
      {"AtRestNotThere", "residency: {kv_at_rest: {owner_country: {not: [US]}}}", "vault",
       storage("owner_country: FR", "owner_country: US"), "country: FR", "country: IE"},
      {"AtRestAndCompute", "residency: {all: {country: FR}, kv_at_rest: {key_custody: customer}}",
       "paris-dear", storage("key_custody: customer", "key_custody: operator"), "country: FR", "country: IE"},
      {"ByDefault", "", "paris", "default_residency: {compute: {country: FR}}\n"},
      {"ByDefaultInMemory", "", "paris", "default_residency: {kv_in_memory: " + not_us + "}\n"},
      {"OwnReplicas", "isolation: replicas", "for-health"},
      {"OwnNodes", "isolation: nodes", "for-health"},
      {"Enclave", "isolation: enclave", "dear-llama-3.1-8b-tp1-shut-for-health"},
      {"OwnNodesInOneCountry", "isolation: nodes, residency: {compute: {country: FR}}",
       "paris-dear-llama-3.1-8b-tp1-shut-for-health", "", "country: FR", "country: IE", "isolation: nodes"},
      {"EnclaveInOneCountry", "isolation: enclave, residency: {all: {country: FR}}", "for-health", "",
       "country: FR", "country: IE", "isolation: replicas"},
      {"SaltInOneCountry", "isolation: salt, residency: {compute: {country: FR}}", "paris", "", "country: FR",
       "country: IE", "isolation: salt"},
  };
}

INSTANTIATE_TEST_SUITE_P(Plans, Residency, ::testing::ValuesIn(cases()),
                         [](const auto& one) { return one.param.name; });

// One tenant in France alone, the other in Ireland alone: both sites, although either could carry all.
TEST_F(PlanTest, ContraryPoliciesNeedBothSites) {
  write("workload.yaml", R"(kind: generate
requests: 60
streams:
  - {name: a, tenant: health, arrivals: {rate: 2}, input_tokens: 300, output_tokens: 30}
  - {name: b, tenant: museum, arrivals: {rate: 2}, input_tokens: 300, output_tokens: 30}
)");
  Case one{"", "", ""};
  const std::string text = replaced(text_of(one, "residency: {compute: {country: FR}}"),
                                    "museum, residency: {}", "museum, residency: {compute: {country: IE}}");
  const Plan plan = make(text).plan;
  ASSERT_EQ(plan.state, PlanState::kFound);
  ASSERT_EQ(plan.fleet->pools.size(), 2u);
  const std::string model = plan.fleet->pools[0].model.name;
  EXPECT_NE(sim::lawful_pools(*plan.fleet, "health", model).pools,
            sim::lawful_pools(*plan.fleet, "museum", model).pools);
}

}  // namespace
}  // namespace kvsim::planner
