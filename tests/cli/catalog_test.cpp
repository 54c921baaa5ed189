// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "base/document.h"
#include "cli/catalog_json.h"
#include "cli/catalog_tables.h"

namespace kvsim::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

const Catalog& catalog() {
  static const Catalog data = Catalog::load(std::string(KVSIM_SOURCE_DIR) + "/hardware-catalog");
  return data;
}

const models::ModelLibrary& library() {
  static const auto data = models::ModelLibrary::load(std::string(KVSIM_SOURCE_DIR) + "/models/cards");
  return data;
}

TEST(CatalogPage, StatesSourceDateRangeAndDoubtOfEachFigure) {
  const std::string page = accelerator_page(*catalog().find("H100-SXM-80"), catalog().price("H100-SXM-80"));
  EXPECT_THAT(page, HasSubstr("also: NVIDIA-H100-80GB-HBM3"));
  EXPECT_THAT(page, testing::ContainsRegex("bf16_tflops +989 +2026 +AIConfigurator"));
  EXPECT_THAT(page, testing::ContainsRegex("mxfp4 +emulated +unverified"));
  EXPECT_THAT(page, testing::ContainsRegex("purchase_usd +27500 .25000 to 30000. +unverified +2026"));
  EXPECT_THAT(accelerator_page(*catalog().find("L4"), nullptr), Not(HasSubstr("usd")));
}

TEST(CatalogPage, ShowsMemoryOfAModelByRanks) {
  const std::string page = model_page(*library().find("Llama-3.1-70B"));
  EXPECT_THAT(page, testing::ContainsRegex("8 +16.43 +40960 +327680 +305.2"));
  EXPECT_THAT(model_page(*library().find("Qwen2.5-7B")), Not(testing::ContainsRegex("\n +8 ")));  // 28 heads
}

TEST(CatalogTable, HasOneLineForEach) {
  const auto lines = [](const std::string& table) {
    return std::count(table.begin(), table.end(), '\n') - 1;
  };
  EXPECT_EQ(lines(accelerator_table(catalog())), static_cast<std::ptrdiff_t>(catalog().names().size()));
  EXPECT_EQ(lines(model_table(library())), static_cast<std::ptrdiff_t>(library().names().size()));
  EXPECT_GT(lines(price_table(catalog())), 15);
}

TEST(CatalogJson, ReadsBackWithItsCitations) {
  std::ostringstream out;
  JsonWriter json(out);
  json.begin_array();
  for (const Accelerator& accelerator : catalog().accelerators()) write_accelerator(json, accelerator);
  for (const models::ModelCard& card : library().cards()) write_model(json, card);
  write_price(json, "L40S", *catalog().price("L40S"));
  json.end_array();
  const Document read = parse_json(out.str(), "catalog.json");
  ASSERT_EQ(read.root->items.size(), catalog().names().size() + library().names().size() + 1);
  const Node* memory = read.root->items[0].find("memory_bytes");
  ASSERT_NE(memory, nullptr);
  for (const char* key : {"value", "source", "date", "unverified"})
    EXPECT_NE(memory->find(key), nullptr) << key;
}

}  // namespace
}  // namespace kvsim::cli
