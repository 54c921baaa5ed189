// SPDX-License-Identifier: Apache-2.0
// Do the schemas of accelerators, prices, storage kinds, copies, models and profiles hold what ships, refuse
// what the readers refuse, and know the same keys?
#include <gtest/gtest.h>

#include <filesystem>
#include <regex>
#include <set>

#include "base/text.h"
#include "hardware-catalog/accelerator_reader.h"
#include "hardware-catalog/price_reader.h"
#include "hardware-catalog/tier_figures.h"
#include "models/model_card_reader.h"
#include "models/profile.h"
#include "tests/cli/json_schema.h"
#include "tests/schema_faults.h"

namespace kvsim {
namespace {

namespace fs = std::filesystem;
using Keys = std::set<std::string>;

const std::string kAccelerator = "accelerator.schema.json", kPrices = "prices.schema.json",
                  kKinds = "storage-kinds.schema.json", kCopies = "copies.schema.json",
                  kModel = "model.schema.json", kProfile = "profile.schema.json";

int held(const std::string& place, const std::string& schema) {
  int documents = 0;
  const auto hold = [&](const fs::path& file) {
    for (const Document& document : load_yaml_documents(file.string())) {
      ++documents;
      EXPECT_EQ(testing::schema_faults(*document.root, schema), std::vector<std::string>{}) << file;
    }
  };
  const fs::path path = fs::path(KVSIM_SOURCE_DIR) / place;
  if (!fs::is_directory(path))
    hold(path);
  else
    for (const auto& entry : fs::directory_iterator(path))
      if (entry.path().extension() == ".yaml") hold(entry.path());
  return documents;
}

TEST(DataSchemas, HoldWhatShips) {
  EXPECT_GE(held("hardware-catalog/accelerators", kAccelerator), 30);
  EXPECT_EQ(held("hardware-catalog/prices.yaml", kPrices), 1);
  EXPECT_EQ(held("hardware-catalog/storage-kinds.yaml", kKinds), 1);
  EXPECT_EQ(held("hardware-catalog/tiers", kCopies), 1);
  EXPECT_GE(held("models/cards", kModel), 15);
  EXPECT_GE(held("models/priors", kProfile), 10);
  EXPECT_GE(held("models/profiles", kProfile), 5);
}

TEST(DataSchemas, RefuseWhatIsWrong) {
  const auto faults = [](const std::string& yaml, const std::string& schema) {
    return join(testing::schema_faults(*parse_yaml(yaml, "x.yaml").root, schema), "\n");
  };
  const auto expect = [](const std::string& all, const std::string& one) {
    EXPECT_NE(all.find(one), std::string::npos) << one << " in:\n" << all;
  };
  const std::string card = faults("model: my model\nlayers: 0\nhidden: wide\nheads: 8.5\nzzz: 1\n", kModel);
  for (const char* fault :
       {"/kv_heads is missing", "/model: found my model, not of the form", "/layers: found 0, out of range",
        "/hidden: another type", "/heads: another type", "/zzz is not in the schema"})
    expect(card, fault);
  const std::string profile = faults(
      "name: p\nkind: guess\naccelerators: []\ncoefficients: {gemm_compute_share.bf16: 1.2, step_seconds: "
      "{low: 1}, "
      "step_secs: 1}\n",
      kProfile);
  for (const char* fault :
       {"/kind: found guess, none of the choices", "/accelerators: number of items", "1.2, out of range",
        "/step_seconds/value is missing", "/step_secs is not in the schema"})
    expect(profile, fault);
  expect(faults("prices: {currency: dollars}\n", kPrices), "not of the form");
}

// The reader tells its keys when it meets one that it does not know.
Keys told(const std::string& message) {
  const std::string mark = "unknown key 'zzz'; use one of: ";
  const std::size_t at = message.find(mark);
  if (at == std::string::npos) return {"no unknown key in: " + message};
  Keys keys;
  const std::string list = message.substr(at + mark.size(), message.find('\n', at) - at - mark.size());
  for (const std::string_view key : split(list, ',')) keys.insert(std::string(trim(key)));
  return keys;
}

template <class Read>
Keys keys_of_reader(const std::string& yaml, const Read& read) {
  Problems problems;
  try {
    read(parse_yaml(yaml, "x.yaml"), problems);
    problems.throw_if_any();
  } catch (const InputError& error) {
    return told(error.what());
  }
  return {"no fault"};
}

Keys keys_of_schema(const std::string& schema, const std::string& path) {
  Keys keys;
  for (const auto& [key, value] : testing::at(testing::schema_root(schema), path + "properties").members)
    keys.insert(key);
  return keys;
}

TEST(DataSchemas, KnowTheKeysOfTheCatalogReaders) {
  const auto accelerator = [](const std::string& yaml) { return keys_of_reader(yaml, read_accelerator); };
  EXPECT_EQ(accelerator("zzz: 1\n"), keys_of_schema(kAccelerator, ""));
  EXPECT_EQ(accelerator("sources: {a: {zzz: 1}}\n"), keys_of_schema(kAccelerator, "$defs/source/"));
  EXPECT_EQ(accelerator("memory_bytes: {zzz: 1}\n"), keys_of_schema(kAccelerator, "$defs/memory/"));
  EXPECT_EQ(accelerator("peak_watts: {zzz: 1}\n"), keys_of_schema(kAccelerator, "$defs/watts/"));
  EXPECT_EQ(accelerator("arithmetic: {bf16: {support: native, zzz: 1}}\n"),
            keys_of_schema(kAccelerator, "$defs/arithmetic/"));
  const auto prices = [](const std::string& yaml) { return keys_of_reader(yaml, read_prices); };
  EXPECT_EQ(prices("prices: {zzz: 1}\n"), keys_of_schema(kPrices, "properties/prices/"));
  EXPECT_EQ(prices("prices: {accelerators: {a: {zzz: 1}}}\n"), keys_of_schema(kPrices, "$defs/price/"));
  const auto kinds = [](const std::string& yaml) { return keys_of_reader(yaml, read_storage_kinds); };
  EXPECT_EQ(kinds("storage_kinds: {zzz: 1}\n"), keys_of_schema(kKinds, "properties/storage_kinds/"));
  EXPECT_EQ(kinds("storage_kinds: {kinds: {a: {zzz: 1}}}\n"), keys_of_schema(kKinds, "$defs/kind/"));
  const auto copies = [](const std::string& yaml) { return keys_of_reader(yaml, read_copies); };
  EXPECT_EQ(copies("copies: {zzz: 1}\n"), keys_of_schema(kCopies, "properties/copies/"));
  EXPECT_EQ(copies("copies: {methods: {dma: {zzz: 1}}}\n"), keys_of_schema(kCopies, "$defs/method/"));
  EXPECT_EQ(copies("copies: {methods: {dma: {to_gpu: {zzz: 1}}}}\n"),
            keys_of_schema(kCopies, "$defs/direction/"));
}

TEST(DataSchemas, KnowTheKeysOfTheModelReader) {
  const auto model = [](const std::string& yaml) { return keys_of_reader(yaml, models::read_model_card); };
  EXPECT_EQ(model("zzz: 1\n"), keys_of_schema(kModel, ""));
  for (const std::string map : {"mla", "moe", "sliding_window", "types"})
    EXPECT_EQ(model(map + ": {zzz: 1}\n"), keys_of_schema(kModel, "properties/" + map + "/")) << map;
}

TEST(DataSchemas, KnowTheKeysOfTheProfileReader) {
  const auto profile = [](const std::string& yaml) {
    return keys_of_reader(yaml, [](const Document& document, Problems&) { models::read_profile(document); });
  };
  EXPECT_EQ(profile("zzz: 1\n"), keys_of_schema(kProfile, ""));
  for (const std::string map : {"engine", "types", "fitted"})
    EXPECT_EQ(profile(map + ": {zzz: 1}\n"), keys_of_schema(kProfile, "properties/" + map + "/")) << map;
  EXPECT_EQ(profile("errors: [{zzz: 1}]\n"), keys_of_schema(kProfile, "properties/errors/items/"));
  EXPECT_EQ(profile("coefficients: {step_seconds: {zzz: 1}}\n"),
            keys_of_schema(kProfile, "$defs/share/anyOf/1/"));
}

TEST(DataSchemas, KnowEveryCoefficient) {
  const Node& map = testing::at(testing::schema_root(kProfile), "properties/coefficients");
  const std::vector<std::string> suffixes = {"", ".bf16", ".nvfp4", ".tp2", ".tp4096"};
  std::size_t names = 0;
  for (const models::CoefficientRow& row : models::coefficient_table())
    for (const std::string& suffix : suffixes) {
      const std::string name = std::string(row.name) + suffix;
      bool in_schema = map.find("properties")->find(name) != nullptr;
      for (const auto& [pattern, schema] : map.find("patternProperties")->members)
        in_schema |= std::regex_search(name, std::regex(pattern));
      EXPECT_EQ(in_schema, models::find_coefficient(name) != nullptr) << name;
      names += in_schema;
    }
  EXPECT_GE(names, models::coefficient_table().size());
  EXPECT_EQ(map.find("properties")->members.size() + map.find("patternProperties")->members.size(),
            models::coefficient_table().size());
}

}  // namespace
}  // namespace kvsim
