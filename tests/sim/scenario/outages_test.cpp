// SPDX-License-Identifier: Apache-2.0
// `outages` and `recovery` of a fleet YAML: what they become, and what is refused.
#include <gtest/gtest.h>

#include "tests/sim/scenario/inputs.h"

namespace kvsim::sim {
namespace {

constexpr Nanoseconds kSecond = kNanosecondsPerSecond;

// Ten replicas on servers of eight.
std::string fleet(const std::string& entry, const std::string& more = "") {
  return "sites: [{name: paris}, {name: berlin}]\nstorage: [{name: s, kind: nfs, site: paris, capacity: 1TB, "
         "read_bytes_per_second: 1GB, write_bytes_per_second: 1GB}]\npools:\n  - {name: p, model: "
         "Llama-3.1-8B, "
         "accelerator: H100-SXM-80, site: paris, replicas: 10}\noutages:\n  - {" +
         entry + "}\n" + more;
}

OutageSpec spec_of(const std::string& entry) { return fleet_of(fleet(entry)).outages.at(0); }

TEST(Outages, ElementsAreNamedInEveryWay) {
  using Members = std::vector<std::uint32_t>;
  const std::string when = ", at: 1s, for: 2s";
  EXPECT_EQ(spec_of("replica: \"p[3]\"" + when).members, Members{3});
  EXPECT_EQ(spec_of("server: \"p[1]\"" + when).members, Members{1});
  EXPECT_EQ(spec_of("pool: p, replicas: [4, 2]" + when).members, (Members{2, 4}));
  EXPECT_EQ(spec_of("pool: p, replicas: 3" + when).members, (Members{0, 1, 2}));
  EXPECT_EQ(spec_of("pool: p, servers: all" + when).members, (Members{0, 1}));
  EXPECT_EQ(spec_of("pool: p" + when).scope, OutageScope::kPool);
  EXPECT_EQ(spec_of("site: paris" + when).scope, OutageScope::kSite);
  EXPECT_EQ(spec_of("storage: s" + when).scope, OutageScope::kStorage);
}

TEST(Outages, TimesAreDurations) {
  const auto once = std::get<ScheduledOutage>(spec_of("pool: p, at: 1m, for: 1h").when);
  EXPECT_EQ(once.at, 60 * kSecond);
  EXPECT_EQ(once.lasts, 3600 * kSecond);
  const auto random = std::get<RandomOutages>(spec_of("pool: p, mtbf: 30d, mttr: 4h").when);
  EXPECT_EQ(random.mtbf, 30 * 86400 * kSecond);
  const auto drains = std::get<Drains>(spec_of("pool: p, drain: {every: 30m, for: 20m, groups: 2}").when);
  EXPECT_EQ(drains.first, drains.every);
  EXPECT_EQ(drains.groups, 2u);
}

TEST(Outages, TheEffectiveFleetReadsBackAsTheSame) {
  const std::string text = effective_yaml(fleet_of(
      fleet("pool: p, servers: [1], mtbf: 30d, mttr: 4h, startup: 90s}\n  - {site: paris, at: 0, for: 1.5s}\n"
            "  - {storage: s, at: 5, for: 1}\n  - {pool: p, drain: {first: 1, every: 2, for: 3, groups: 2}}\n"
            "  - {pool: p, at: 1, for: 1",
            "recovery: {lost_requests: fail, retries: 2, no_replica: wait, detection: 250ms}\n")));
  EXPECT_NE(text.find("startup_seconds: 120"), std::string::npos);
  EXPECT_EQ(effective_yaml(fleet_of(text)), text);
}

TEST(Outages, AFleetWithoutThemSaysNothingOfThem) {
  const Fleet plain = fleet_of(pool("startup_seconds: 30\n"));
  EXPECT_EQ(effective_yaml(plain).find("startup"), std::string::npos);
  EXPECT_FALSE(notes(plain, "startup"));
}

TEST(Outages, AssumedTimesAreNoted) {
  EXPECT_TRUE(notes(fleet_of(fleet("pool: p, at: 1s, for: 2s")), "startup_seconds: 120 s, an assumption"));
  EXPECT_TRUE(notes(fleet_of(fleet("pool: p, at: 1s, for: 2s")), "detection: 5 s, an assumption"));
}

TEST(Outages, BrokenOnesAreRefusedWithWhatToDo) {
  const std::string when = ", at: 1s, for: 2s";
  const Broken cases[] = {
      {"no element", fleet("at: 1s, for: 2s"), "names no elements", "replica, server, pool"},
      {"two elements", fleet("pool: p, site: paris" + when), "names several", "one of"},
      {"no time", fleet("pool: p"), "does not say when", "`mtbf`"},
      {"two times", fleet("pool: p, mtbf: 1h, mttr: 1h" + when), "in one way", "`at` and `for`"},
      {"no end", fleet("pool: p, at: 1s"), "missing", "add the key"},
      {"no length", fleet("pool: p, at: 1s, for: 0"), "less than a millisecond", "30m"},
      {"no repair", fleet("pool: p, mtbf: 1h"), "missing", "add the key"},
      {"unknown pool", fleet("pool: q" + when), "there is no 'q'", "p"},
      {"unknown site", fleet("site: parsi" + when), "there is no 'parsi'", "did you mean 'paris'"},
      {"empty site", fleet("site: berlin" + when), "no pool and no storage", "another site"},
      {"unknown storage", fleet("storage: t" + when), "there is no 't'", "s"},
      {"no index", fleet("replica: p" + when), "found 'p'", "h100[3]"},
      {"index of nothing", fleet("replica: \"p[x]\"" + when), "found 'p[x]'", "h100[3]"},
      {"index beyond", fleet("replica: \"p[10]\"" + when), "there is no 10; the pool has 10", "from 0"},
      {"server beyond", fleet("server: \"p[2]\"" + when), "there is no 2; the pool has 2", "from 0"},
      {"too many", fleet("pool: p, replicas: 11" + when), "the pool has 10", "how many"},
      {"none of them", fleet("pool: p, replicas: 0" + when), "'0'", "how many"},
      {"twice", fleet("pool: p, replicas: [1, 1]" + when), "twice", "once"},
      {"negative", fleet("pool: p, replicas: [-1]" + when), "no whole number", "indices"},
      {"members of both kinds", fleet("pool: p, replicas: 1, servers: 1" + when), "beside", "one of them"},
      {"drained replicas", fleet("pool: p, replicas: 1, drain: {every: 1h, for: 1h}"), "all servers",
       "remove"},
      {"drain of a site", fleet("site: paris, drain: {every: 1h, for: 1h}"), "whole pool", "`pool:`"},
      {"more groups than servers", fleet("pool: p, drain: {every: 1h, for: 1h, groups: 3}"), "\"3\"",
       "from 1"},
      {"start-up of storage", fleet("storage: s, startup: 1s" + when), "has none", "remove"},
      {"unknown key", fleet("pool: p, untill: 3s" + when), "'untill'", "for"},
      {"unknown rule", fleet("pool: p" + when, "recovery: {lost_requests: drop}\n"), "drop", "retry"},
      {"no retries", fleet("pool: p" + when, "recovery: {retries: 0}\n"), "\"0\"", "from 1"},
  };
  for (const Broken& broken : cases) {
    const std::string message = problems_of(broken.yaml);
    EXPECT_NE(message.find(broken.found), std::string::npos) << broken.what << ": " << message;
    EXPECT_NE(message.find(broken.remedy), std::string::npos) << broken.what << ": " << message;
  }
}

}  // namespace
}  // namespace kvsim::sim
