// SPDX-License-Identifier: Apache-2.0
// Do reader and JSON Schema know the same keys?
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/text.h"
#include "sim/scenario/pool_spec.h"
#include "sim/scenario/router_names.h"
#include "tests/sim/scenario/inputs.h"

namespace kvsim::sim {
namespace {

using Keys = std::set<std::string>;

// The reader tells its keys when it meets one that it does not know.
Keys keys_of_reader(const std::string& yaml_with_zzz) {
  const std::string message = problems_of(yaml_with_zzz);
  const std::size_t at = message.find("unknown key 'zzz'");
  if (at == std::string::npos) return {"no unknown key in: " + message};
  const std::string_view mark = "use one of: ";
  const std::size_t start = message.find(mark, at) + mark.size();
  Keys keys;
  const std::string list = message.substr(start, message.find('\n', start) - start);
  for (const std::string_view key : split(list, ',')) keys.insert(std::string(trim(key)));
  return keys;
}

const Node& schema() {
  static const Document document = load_json(std::string(KVSIM_SOURCE_DIR) + "/schemas/fleet.schema.json");
  return *document.root;
}

Keys keys_of_schema(const std::vector<std::string>& path) {
  const Node* node = &schema();
  for (const std::string& key : path) node = node->find(key);
  Keys keys;
  for (const auto& [key, value] : node->find("properties")->members) keys.insert(key);
  return keys;
}

const std::string kPool = "model: Qwen3-8B\naccelerator: H200\n";

TEST(FleetSchema, root) { EXPECT_EQ(keys_of_reader(kPool + "zzz: 1\n"), keys_of_schema({})); }

TEST(FleetSchema, lists) {
  for (const char* list : {"sites", "servers", "models", "slo_classes", "tenants", "storage", "erasures"}) {
    EXPECT_EQ(keys_of_reader(kPool + list + ": [{zzz: 1}]\n"), keys_of_schema({"properties", list, "items"}))
        << list;
  }
}

TEST(FleetSchema, pool_and_import) {
  Keys pool = keys_of_reader("pools: [{model: Qwen3-8B, accelerator: H200, zzz: 1}]\n");
  EXPECT_EQ(pool.erase("from"), 1u);
  EXPECT_EQ(pool, keys_of_schema({"$defs", "pool"}));
  EXPECT_EQ(keys_of_reader("pools: [{from: x.sh, zzz: 1}]\n"), keys_of_schema({"$defs", "import"}));
}

TEST(FleetSchema, maps) {
  EXPECT_EQ(keys_of_reader(kPool + "engine: {zzz: 1}\n"), keys_of_schema({"$defs", "engine"}));
  EXPECT_EQ(keys_of_reader(kPool + "types: {zzz: 1}\n"),
            keys_of_schema({"$defs", "pool", "properties", "types"}));
  EXPECT_EQ(keys_of_reader(kPool + "router: {zzz: 1}\n"), keys_of_schema({"properties", "router"}));
  for (const char* map : {"cost", "disaggregation"}) {
    EXPECT_EQ(keys_of_reader(kPool + "router: {" + map + ": {zzz: 1}}\n"),
              keys_of_schema({"properties", "router", "properties", map}));
  }
  EXPECT_EQ(keys_of_reader(kPool + "router: {rules: [{zzz: 1}]}\n"),
            keys_of_schema({"properties", "router", "properties", "rules", "items"}));
}

TEST(FleetSchema, tiers) {
  using Path = std::vector<std::string>;
  const auto check = [](const std::string& yaml, const Path& path) {
    EXPECT_EQ(keys_of_reader(kPool + yaml), keys_of_schema(path)) << yaml;
  };
  check("kv: {zzz: 1}\n", {"$defs", "kv"});
  check("kv: {host: {zzz: 1}}\n", {"$defs", "kv", "properties", "host"});
  check("kv: {host: {retention: {zzz: 1}}}\n",
        {"$defs", "kv", "properties", "host", "properties", "retention"});
  check("kv: {storage: {zzz: 1}}\n", {"$defs", "kv", "properties", "storage"});
  check("frontend: {zzz: 1}\n", {"$defs", "pool", "properties", "frontend"});
  check("network: {zzz: 1}\n", {"properties", "network"});
  check("network: {leaf: {zzz: 1}}\n", {"properties", "network", "properties", "leaf"});
  check("network: {site_links: [{zzz: 1}]}\n",
        {"properties", "network", "properties", "site_links", "items"});
  for (const char* map : {"eviction", "retention", "encryption"}) {
    check(std::string("storage: [{") + map + ": {zzz: 1}}]\n",
          {"properties", "storage", "items", "properties", map});
  }
}

TEST(FleetSchema, residency) {
  EXPECT_EQ(keys_of_reader(kPool + "default_residency: {zzz: 1}\n"), keys_of_schema({"$defs", "residency"}));
  EXPECT_EQ(keys_of_reader(kPool + "tenants: [{residency: {zzz: 1}}]\n"),
            keys_of_schema({"$defs", "residency"}));
}

TEST(FleetSchema, storage_kinds) {
  Keys names, known;
  for (const Node& item : schema()
                              .find("properties")
                              ->find("storage")
                              ->find("items")
                              ->find("properties")
                              ->find("kind")
                              ->find("enum")
                              ->items)
    names.insert(item.scalar);
  for (const auto& [name, kind] : shipped().catalog.storage_kinds()) known.insert(name);
  EXPECT_EQ(names, known);
}

TEST(FleetSchema, router_policies) {
  Keys names;
  for (const Node& item :
       schema().find("properties")->find("router")->find("properties")->find("policy")->find("enum")->items) {
    names.insert(item.scalar);
  }
  const std::vector<std::string> valid = valid_router_policies();
  EXPECT_EQ(names, Keys(valid.begin(), valid.end()));
}

}  // namespace
}  // namespace kvsim::sim
