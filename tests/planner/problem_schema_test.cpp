// SPDX-License-Identifier: Apache-2.0
// Do reader and JSON Schema know the same keys?
#include <set>

#include "base/text.h"
#include "tests/planner/problem_fixture.h"
#include "tests/schema_faults.h"

namespace kvsim::planner {
namespace {

using Keys = std::set<std::string>;

class ProblemSchema : public ProblemTest {
 protected:
  // The reader tells its keys when it meets one that it does not know.
  Keys keys_of_reader(const std::string& yaml_with_zzz) {
    const std::string mark = "unknown key 'zzz'; use one of: ";
    for (const std::string& fault : faults(yaml_with_zzz)) {
      const std::size_t at = fault.find(mark);
      if (at == std::string::npos) continue;
      Keys keys;
      for (const std::string_view key : split(std::string_view(fault).substr(at + mark.size()), ','))
        keys.insert(std::string(trim(key)));
      return keys;
    }
    return {"no unknown key in: " + yaml_with_zzz};
  }

  static Keys keys_of_schema(const std::string& path) {
    static const Document document =
        load_json(std::string(KVSIM_SOURCE_DIR) + "/schemas/problem.schema.json");
    Keys keys;
    for (const auto& [key, value] : testing::at(*document.root, path + "properties").members)
      keys.insert(key);
    return keys;
  }
};

TEST_F(ProblemSchema, Root) { EXPECT_EQ(keys_of_reader("zzz: 1\n"), keys_of_schema("")); }

TEST_F(ProblemSchema, Lists) {
  for (const std::string list :
       {"slo_classes", "sites", "servers", "storage", "engines", "tuning", "scenarios"})
    EXPECT_EQ(keys_of_reader(list + ": [{zzz: 1}]\n"), keys_of_schema("properties/" + list + "/items/"))
        << list;
}

TEST_F(ProblemSchema, Maps) {
  for (const std::string map : {"slo", "constraints", "finance", "search"})
    EXPECT_EQ(keys_of_reader(map + ": {zzz: 1}\n"), keys_of_schema("properties/" + map + "/")) << map;
  EXPECT_EQ(keys_of_reader("objective: {zzz: 1}\n"), keys_of_schema("properties/objective/anyOf/1/"));
}

TEST_F(ProblemSchema, WithinMaps) {
  const auto check = [&](const std::string& yaml, const std::string& path) {
    EXPECT_EQ(keys_of_reader(yaml + "\n"), keys_of_schema(path + "/")) << yaml;
  };
  check("workload: {zzz: 1}", "$defs/workload");
  check("workload: {growth: {zzz: 1}}", "$defs/workload/properties/growth/anyOf/1");
  check("slo: {degraded: {zzz: 1}}", "$defs/goal");
  check("slo: {ttft: {zzz: 1}}", "$defs/limit/anyOf/1");
  check("servers: [{price: {zzz: 1}}]", "$defs/price/anyOf/1");
  check("exchange_rates: {EUR: {zzz: 1}}", "properties/exchange_rates/additionalProperties/anyOf/1");
  check("sites: [{rack: {zzz: 1}}]", "properties/sites/items/properties/rack");
  check("sites: [{installed: [{zzz: 1}]}]", "properties/sites/items/properties/installed/items");
  check("storage: [{sizes: [{zzz: 1}]}]", "properties/storage/items/properties/sizes/items");
}

}  // namespace
}  // namespace kvsim::planner
