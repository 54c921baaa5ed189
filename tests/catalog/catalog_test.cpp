// SPDX-License-Identifier: Apache-2.0
#include "hardware-catalog/catalog.h"

#include <gtest/gtest.h>

#include <set>

#include "base/errors.h"
#include "tests/catalog/temporary_folder.h"

namespace kvsim {
namespace {

const std::string kShipped = std::string(KVSIM_SOURCE_DIR) + "/hardware-catalog";

const Catalog& shipped() {
  static const Catalog catalog = Catalog::load(kShipped);
  return catalog;
}

std::string accelerator(const std::string& name, const std::string& memory = "80GiB",
                        const std::string& alias = "") {
  return "accelerator: " + name + "\nvendor: Test\nyear: 2024\naliases: [" + alias + R"(]
sources:
  sheet: {title: a sheet, date: "2024-05", unverified: true}
  read: {title: a table, date: 2025-01-02}
memory_bytes: {value: )" +
         memory + R"(, source: sheet}
memory_bandwidth_bytes_per_second: {value: 2e12, low: 1e12, high: 3e12, source: read, note: disputed}
peak_watts: {value: 300, source: read}
idle_watts: {value: 50, source: read, unverified: true}
interconnect: Wire
interconnect_domain: 4
interconnect_bytes_per_second: {value: 100e9, source: read}
host_link_bytes_per_second: {value: 32e9, source: read}
arithmetic:
  bf16: {support: native, flops_per_second: 300e12, source: read}
  int4: {support: emulated, source: sheet}
)";
}

std::vector<const Figure*> figures_of(const Accelerator& item) {
  std::vector<const Figure*> figures{
      &item.memory_bytes, &item.memory_bandwidth_bytes_per_second, &item.peak_watts,
      &item.idle_watts,   &item.interconnect_bytes_per_second,     &item.host_link_bytes_per_second};
  for (const auto& [type, rate] : item.arithmetic) figures.push_back(&rate.flops_per_second);
  return figures;
}

TEST(ShippedCatalog, CoversTheVendorsThatFleetsMix) {
  EXPECT_GE(shipped().accelerators().size(), 24u);
  std::set<std::string> vendors;
  for (const Accelerator& item : shipped().accelerators()) vendors.insert(item.vendor);
  EXPECT_EQ(vendors, (std::set<std::string>{"AMD", "AWS", "Google", "Huawei", "Intel", "NVIDIA"}));
}

TEST(ShippedCatalog, CitesEveryFigure) {
  for (const Accelerator& item : shipped().accelerators()) {
    for (const Figure* figure : figures_of(item)) {
      EXPECT_FALSE(figure->source.empty()) << item.name;
      EXPECT_FALSE(figure->date.empty()) << item.name;
    }
  }
}

TEST(ShippedCatalog, MarksEveryRecalledFigure) {
  for (const Accelerator& item : shipped().accelerators()) {
    for (const Figure* figure : figures_of(item)) {
      const bool alone = figure->source.find("recalled") != std::string::npos &&
                         figure->source.find(';') == std::string::npos;
      EXPECT_TRUE(!alone || figure->unverified) << item.name << ": " << figure->source;
    }
  }
}

TEST(ShippedCatalog, KnowsKubernetesLabels) {
  const std::vector<std::pair<std::string, std::string>> labels{
      {"NVIDIA-H100-NVL", "H100-NVL-94"},
      {"NVIDIA-H100-80GB-HBM3", "H100-SXM-80"},
      {"NVIDIA-A100-SXM4-80GB", "A100-80-SXM"},
      {"NVIDIA-H200", "H200-SXM"},
      {"NVIDIA-L40S", "L40S"},
      {"AMD-Instinct-MI325X", "MI325X"},
      {"AMD_Instinct_MI300X_OAM", "MI300X"},
      {"GAUDI3", "Gaudi3"},
      {"HL-325L", "Gaudi3"},
      {"nvidia-l4", "L4"},
  };
  for (const auto& [label, expected] : labels) {
    const Accelerator* found = shipped().find(label);
    ASSERT_NE(found, nullptr) << label;
    EXPECT_EQ(found->name, expected);
  }
  EXPECT_EQ(shipped().find("amd-gpu"), nullptr);
}

TEST(ShippedCatalog, TellsNativeFromEmulatedTypes) {
  const auto support = [](const char* item, NumberType type) {
    return shipped().find(item)->rate(type).support;
  };
  EXPECT_EQ(support("A100-80-SXM", NumberType::kFp8), Support::kEmulated);
  EXPECT_EQ(support("A100-80-SXM", NumberType::kInt8), Support::kNative);
  EXPECT_EQ(support("H100-SXM-80", NumberType::kMxfp4), Support::kEmulated);
  EXPECT_EQ(support("B200-SXM", NumberType::kNvfp4), Support::kNative);
  EXPECT_EQ(support("MI300X", NumberType::kFp8), Support::kNative);
  EXPECT_EQ(support("MI300X", NumberType::kNvfp4), Support::kUnsupported);
  EXPECT_EQ(support("MI355X", NumberType::kMxfp4), Support::kNative);
  EXPECT_EQ(support("Arc-Pro-B60", NumberType::kFp8), Support::kEmulated);
  const Accelerator& gaudi = *shipped().find("Gaudi3");
  EXPECT_EQ(gaudi.rate(NumberType::kFp8).flops_per_second.value,
            gaudi.rate(NumberType::kBf16).flops_per_second.value);
}

TEST(ShippedCatalog, PricesStateTheirRange) {
  const Price* price = shipped().price("NVIDIA-H100-80GB-HBM3");
  ASSERT_NE(price, nullptr);
  EXPECT_EQ(price->currency, "USD");
  EXPECT_EQ(price->purchase->low, 25000);
  EXPECT_EQ(price->purchase->high, 30000);
  EXPECT_TRUE(price->rent_per_hour->unverified);
  EXPECT_EQ(shipped().price("H100-NVL-94"), nullptr);
}

TEST(Catalog, CarriesSourceDateAndDoubt) {
  const TemporaryFolder folder;
  const Catalog catalog = Catalog::load(folder.add("a.yaml", accelerator("X1")));
  const Accelerator& item = *catalog.find("x1");
  EXPECT_EQ(item.memory_bytes.value, 80.0 * (1ull << 30));
  EXPECT_EQ(item.memory_bytes.source, "a sheet");
  EXPECT_TRUE(item.memory_bytes.unverified);
  EXPECT_FALSE(item.peak_watts.unverified);
  EXPECT_TRUE(item.idle_watts.unverified);
  EXPECT_EQ(item.memory_bandwidth_bytes_per_second.date, "2025-01-02");
  EXPECT_EQ(item.memory_bandwidth_bytes_per_second.note, "disputed");
  EXPECT_EQ(item.memory_bandwidth_bytes_per_second.high, 3e12);
  EXPECT_EQ(item.rate(NumberType::kFp8).support, Support::kUnsupported);
}

TEST(Catalog, OverlayReplacesWholeAcceleratorsAndPriceRows) {
  const TemporaryFolder folder;
  const std::string own = folder.add("own.yaml", accelerator("H100-NVL-94", "90GiB") + "---\n" + R"(prices:
  currency: EUR
  sources: {quote: {title: our quote, date: "2026-03"}}
  accelerators:
    NVIDIA-H100-NVL: {purchase: {value: 21000, source: quote}}
    H100-SXM-80: {rent_per_hour: {value: 2.2, source: quote}}
)");
  EXPECT_THROW(Catalog::load(kShipped, {own}), InputError) << "the replaced card has lost that alias";
  const std::string named = folder.add("named.yaml", accelerator("H100-NVL-94", "90GiB", "NVIDIA-H100-NVL"));
  const Catalog catalog = Catalog::load(kShipped, {own, named});
  EXPECT_EQ(catalog.accelerators().size(), shipped().accelerators().size());
  EXPECT_EQ(catalog.find("H100-NVL-94")->memory_bytes.value, 90.0 * (1ull << 30));
  EXPECT_EQ(catalog.price("H100-NVL-94")->purchase->value, 21000);
  EXPECT_EQ(catalog.price("H100-SXM-80")->currency, "EUR");
  EXPECT_FALSE(catalog.price("H100-SXM-80")->purchase) << "a row is replaced whole";
}

TEST(Catalog, OverlayLeavesModelsAndProfilesToTheirLibraries) {
  const TemporaryFolder folder;
  folder.add("profile.yaml", "name: mine\nkind: measured\nmodel: any\n");
  folder.add("model.yaml", "model: mine\n");
  folder.add("mine/config.json", "{}");
  folder.add("readme.txt", "not data");
  EXPECT_EQ(Catalog::load(kShipped, {folder.path()}).names(), shipped().names());
}

}  // namespace
}  // namespace kvsim
