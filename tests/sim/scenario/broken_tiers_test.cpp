// SPDX-License-Identifier: Apache-2.0
// Every broken tier, storage system, network and erasure is refused with its place and what to do about it.
#include <gtest/gtest.h>

#include <regex>

#include "sim/fabric/fabric.h"
#include "tests/sim/scenario/inputs.h"

namespace kvsim::sim {
namespace {

std::string kv(const std::string& map) { return pool("kv: {" + map + "}\n"); }
std::string host(const std::string& more) { return kv("host: {capacity: 1GiB" + more + "}"); }

// A system with all that is required, and more.
std::string system(const std::string& more = "", const std::string& capacity = "1TB",
                   const std::string& read = "1GB") {
  return "storage: [{name: s, kind: nfs, capacity: " + capacity + ", read_bytes_per_second: " + read +
         ", write_bytes_per_second: 1GB" + more + "}]\n";
}
std::string mount(const std::string& more, const std::string& storage = system()) {
  return storage + kv("storage: {system: s" + more + "}");
}

std::vector<Broken> broken_tiers() {
  return {
      {"kv a text", pool("kv: fast\n"), "\"fast\"", "map"},
      {"kv a list", pool("kv: [1]\n"), "list", "map"},
      {"unknown key of kv", kv("hosts: {capacity: 1GiB}"), "'hosts'", "did you mean 'host'"},
      {"unknown key of host", host(", size: 3"), "'size'", "capacity"},
      {"host a number", kv("host: 400GiB"), "400GiB", "map"},
      {"host empty", kv("host: {}"), "empty map", "leave it out"},
      {"no tier", kv("block_tokens: 32"), "no tier", "kv.host.capacity"},
      {"host without capacity", kv("host: {eviction: lru}"), "one capacity", "400GiB"},
      {"host with two capacities", host(", blocks: 100"), "one capacity", "kv.host.blocks"},
      {"capacity of no unit", kv("host: {capacity: 4 tons}"), "4 tons", "80GiB"},
      {"capacity zero", kv("host: {capacity: 0}"), "found 0", "above 0"},
      {"capacity negative", kv("host: {capacity: -1GiB}"), "-1GiB", "80GiB"},
      {"capacity NaN", kv("host: {capacity: .nan}"), ".nan", "80GiB"},
      {"capacity infinite", kv("host: {capacity: inf}"), "inf", "80GiB"},
      {"capacity 1e308", kv("host: {capacity: 1e308}"), "1e308", "80GiB"},
      {"capacity beyond all", kv("host: {capacity: 2000PB}"), "2000000000000000000", "up to 1000 PB"},
      {"blocks beyond all", kv("host: {blocks: 1000000000000}"), "beyond any memory", "give less"},
      {"host smaller than a block", kv("host: {capacity: 1MB}"), "less than one block", "give more"},
      {"host of an old engine", host("") + "engine: {version: 0.10.2}\n", "no host tier", "0.11.0"},
      {"stack of the default engine", system() + kv("host: {capacity: 1GiB}, storage: {system: s}"),
       "vLLM 0.19.0 cannot put a host tier over storage", "0.22.0"},
      {"unknown eviction", host(", eviction: fifo"), "fifo", "length-aware"},
      {"retention of zero", host(", retention: {limit: 0}"), "less than a millisecond", "24h"},
      {"retention without limit", host(", retention: {since: write}"), "without a limit", "limit"},
      {"retention endless", host(", retention: {limit: 1e300}"), "95 years", "duration"},
      {"retention since when", host(", retention: {limit: 1h, since: birth}"), "birth", "last-use"},
      {"block not a multiple", kv("block_tokens: 40, host: {capacity: 1GiB}"), "no multiple",
       "multiple of 16"},
      {"block of zero", kv("block_tokens: 0, host: {capacity: 1GiB}"), "\"0\"", "from 1"},
      {"seed a word", kv("hash_seed: yes, host: {capacity: 1GiB}"), "'yes'", "random"},
      {"seed negative", kv("hash_seed: -1, host: {capacity: 1GiB}"), "'-1'", "4294967295"},
      {"seed too large", kv("hash_seed: 4294967296, host: {capacity: 1GiB}"), "'4294967296'",
       "PYTHONHASHSEED"},
      {"unknown copies", kv("copies: gds, host: {capacity: 1GiB}"), "gds", "dma"},
      {"interference over one", kv("copy_interference: 2, host: {capacity: 1GiB}"), "2", "0 to 1"},
      {"interference NaN", kv("copy_interference: .nan, host: {capacity: 1GiB}"), "nan", "0 to 1"},
      {"encryption of zero", host(", encryption_bytes_per_second: 0"), "found 0", "above 0"},
      {"no prefix cache", host("") + "engine: {enable_prefix_caching: false}\n", "prefix cache, which is off",
       "turn it on"},
      {"more than the server's memory",
       "servers: [{name: box, accelerator: H100-SXM-80, accelerators: 8, host_memory: 1TiB}]\n"
       "pools: [{model: Llama-3.1-8B, server: box, replicas: 8, kv: {host: {capacity: 200GiB}}}]\n",
       "8 replicas of one server", "137438953472 bytes"},
      {"storage without system", kv("storage: {threads: 4}"), "without its system", "kv.storage.system"},
      {"storage unknown", kv("storage: {system: moon}"), "'moon'", "`storage`"},
      {"storage misspelt", system() + kv("storage: {system: S}"), "'S'", "s"},
      {"threads zero", mount(", threads: 0"), "\"0\"", "from 1"},
      {"threads fractional", mount(", threads: 1.5"), "\"1.5\"", "whole number"},
      {"preference negative", mount(", read_preferring: -0.1"), "-0.1", "from 0"},
      {"thread of no rate", mount(", thread_bytes_per_second: 0"), "found 0", "above 0"},
      {"lookup negative", mount(", lookup: -1ms"), "-1ms", "duration"},
      {"staging under a file", mount(", staging: 1MB"), "hold no file", "give more"},
      {"jobs without host", mount(", job_is_one_task: true"), "under a host tier", "kv.host"},
      {"staging under a host tier",
       system() + kv("host: {capacity: 1GiB}, storage: {system: s, staging: 1GB}") +
           "engine: {version: 0.22.0}\n",
       "host tier is the buffer", "leave the key out"},
      {"system smaller than a block", mount("", system("", "1MB")), "smaller than one block", "capacity"},
      {"storage a map", pool("storage: {name: s}\n"), "map", "list of maps"},
      {"system without a name", pool("storage: [{kind: nfs}]\n"), "missing", "add the key"},
      {"system without bandwidth", pool("storage: [{name: s, kind: nfs, capacity: 1TB}]\n"),
       "read_bytes_per_second", "add the key"},
      {"system without capacity",
       pool("storage: [{name: s, kind: nfs, read_bytes_per_second: 1, write_bytes_per_second: 1}]\n"),
       "capacity", "add the key"},
      {"bandwidth zero", pool(system("", "1TB", "0")), "found 0", "above 0"},
      {"bandwidth NaN", pool(system("", "1TB", ".nan")), ".nan", "80GiB"},
      {"bandwidth infinite", pool(system("", "1TB", ".inf")), ".inf", "80GiB"},
      {"operations NaN", pool(system(", operations_per_second: .nan")), "nan", "above 0"},
      {"operations zero", pool(system(", operations_per_second: 0")), "\"0\"", "above 0"},
      {"latency endless", pool(system(", latency: 1e30")), "95 years", "250ms"},
      {"kind unknown", pool("storage: [{name: s, kind: tape}]\n"), "tape", "lustre"},
      {"system twice",
       pool(
           "storage: [{name: s, kind: nfs, capacity: 1TB, read_bytes_per_second: 1, write_bytes_per_second: "
           "1}, {name: s, kind: nfs, capacity: 1TB, read_bytes_per_second: 1, write_bytes_per_second: 1}]\n"),
       "second time", "own name"},
      {"site of a local drive",
       pool("storage: [{name: s, kind: local-nvme, site: local, capacity: 1TB, read_bytes_per_second: 1, "
            "write_bytes_per_second: 1}]\n"),
       "in each server", "leave the key out"},
      {"site unknown", pool(system(", site: moon")), "'moon'", "local"},
      {"site not told", "sites: [{name: a}, {name: b}]\nsite: a\n" + pool(system()), "no site", "a, b"},
      {"deleting upside down", pool(system(", eviction: {above: 0.5, below: 0.8}")), "ends below 0.8",
       "above > below"},
      {"deleting at once", pool(system(", eviction: {above: 0.8, below: 0.8}")), "ends below",
       "above > below"},
      {"deleting beyond full", pool(system(", eviction: {above: 1.5}")), "1.5", "up to 1"},
      {"evictor that never rests", pool(system(", eviction: {by: evictor, every: 0}")),
       "less than a millisecond", "60s"},
      {"unknown evictor", pool(system(", eviction: {by: cron}")), "cron", "evictor"},
      {"keys for whom", pool(system(", encryption: {keys: each}")), "each", "tenant"},
      {"encryption of no rate", pool(system(", encryption: {bytes_per_second: 0}")), "found 0", "above 0"},
      {"endurance of zero", pool(system(", endurance: 0")), "found 0", "above 0"},
      {"storage at another site", "sites: [{name: a}, {name: b}]\nsite: a\n" + mount("", system(", site: b")),
       "no link joins them", "site_links"},
      {"link to itself",
       "sites: [{name: a}]\nnetwork: {site_links: [{from: a, to: a, bytes_per_second: 1GB}]}\n" + pool(""),
       "site that it comes from", "two sites"},
      {"link to nowhere",
       "sites: [{name: a}]\nnetwork: {site_links: [{from: a, to: b, bytes_per_second: 1GB}]}\n" + pool(""),
       "'b'", "a"},
      {"link twice",
       "sites: [{name: a}, {name: b}]\nsite: a\nnetwork: {site_links: [{from: a, to: b, bytes_per_second: "
       "1GB}, {from: a, to: b, bytes_per_second: 1GB}]}\n" +
           pool(""),
       "second link", "keep one"},
      {"link without rate",
       "sites: [{name: a}, {name: b}]\nsite: a\nnetwork: {site_links: [{from: a, to: b}]}\n" + pool(""),
       "missing", "add the key"},
      {"leaf without servers", pool("network: {leaf: {oversubscription: 2}}\n"), "missing", "add the key"},
      {"leaf of none", pool("network: {leaf: {servers: 0}}\n"), "\"0\"", "from 1"},
      {"undersubscription", pool("network: {leaf: {servers: 4, oversubscription: 0.5}}\n"), "0.5", "from 1"},
      {"oversubscription NaN", pool("network: {leaf: {servers: 4, oversubscription: .nan}}\n"), "nan",
       "from 1"},
      {"network a list", pool("network: []\n"), "list", "map"},
      {"erasure of nobody", pool("erasures: [{at: 1h}]\n"), "one tenant or of one session", "`tenant:`"},
      {"erasure of both", pool("tenants: [{name: t}]\nerasures: [{at: 1h, tenant: t, session: 1}]\n"),
       "one tenant or of one session", "`session:`"},
      {"erasure of a stranger", pool("erasures: [{at: 1h, tenant: t}]\n"), "'t'", "`tenants`"},
      {"erasure of a misspelt tenant", pool("tenants: [{name: acme}]\nerasures: [{at: 1h, tenant: acne}]\n"),
       "'acne'", "did you mean 'acme'"},
      {"erasure at no time", pool("erasures: [{session: 1}]\n"), "missing", "add the key"},
      {"erasure before the start", pool("erasures: [{at: -1h, session: 1}]\n"), "-1h", "duration"},
      {"session negative", pool("erasures: [{at: 1h, session: -4}]\n"), "\"-4\"", "0 or more"},
      {"frontend twice", pool("frontend_seconds: 1\nfrontend: {seconds: 1}\n"), "says the same", "keep one"},
      {"serial part over the whole",
       pool("frontend: {seconds_per_token: 1e-6, serial_seconds_per_token: 2e-6}\n"), "more than all of",
       "at most"},
      {"frontend of no process", pool("frontend: {processes: 0}\n"), "\"0\"", "from 1"},
      {"frontend negative", pool("frontend: {seconds: -1}\n"), "-1", "duration"},
      {"frontend a number", pool("frontend: 3\n"), "\"3\"", "map"},
      {"kv beside pools", "kv: {host: {capacity: 1GiB}}\npools: [{model: Llama-3.1-8B, accelerator: H200}]\n",
       "stands beside", "move it"},
  };
}

TEST(BrokenTiers, each_is_refused_with_its_place_and_a_remedy) {
  const std::regex place("fleet\\.yaml:[0-9]+(.|\\n)*");
  for (const Broken& broken : broken_tiers()) {
    const std::string message = problems_of(broken.yaml);
    EXPECT_NE(message.find(broken.found), std::string::npos) << broken.what << ": " << message;
    EXPECT_NE(message.find(broken.remedy), std::string::npos) << broken.what << ": " << message;
    EXPECT_TRUE(std::regex_match(message, place)) << broken.what << ": " << message;
  }
}

TEST(BrokenTiers, all_problems_are_told_at_once) {
  const std::string message = problems_of(
      "model: Llama-3.1-8B\naccelerator: H100-SXM-80\nstorage:\n  - {name: s, kind: tape}\nnetwork: {leaf: "
      "{servers: 0}}\nerasures: [{at: 1h}]\nkv:\n  block_tokens: 40\n  host: {capacity: 1MB}\n  copies: x\n");
  for (const char* part : {":4:", ":5:", ":6:", ":8:", ":9:", ":10:"}) {
    EXPECT_NE(message.find(std::string("fleet.yaml") + part), std::string::npos) << part << message;
  }
}

TEST(BrokenTiers, a_build_without_simgrid_says_so) {
  if (has_simgrid()) GTEST_SKIP() << "this build has it";
  EXPECT_NE(problems_of(mount("")).find("SimGrid"), std::string::npos);
}

TEST(BrokenTiers, any_truncated_fleet_is_read_or_refused) {
  const std::string whole =
      "sites: [{name: a}, {name: b}]\n" +
      system(", site: b, eviction: {by: evictor}, retention: {limit: 1h}") +
      "network: {leaf: {servers: 4}, site_links: [{from: a, to: b, bytes_per_second: 1GB}]}\n"
      "tenants: [{name: t}]\nerasures: [{at: 1h, tenant: t}]\npools:\n  - {model: Qwen3-8B, accelerator: "
      "H200,"
      " site: a,\n     kv: {host: {capacity: 1GiB}, storage: {system: s}}, engine: {version: 0.22.0}}\n";
  for (std::size_t size = 0; size < whole.size(); ++size) problems_of(whole.substr(0, size));
  EXPECT_EQ(has_simgrid() ? problems_of(whole) : "", "");
}

}  // namespace
}  // namespace kvsim::sim
