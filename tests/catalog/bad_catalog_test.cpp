// SPDX-License-Identifier: Apache-2.0
// What a broken accelerator or price file is told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/errors.h"
#include "hardware-catalog/catalog.h"
#include "tests/catalog/temporary_folder.h"

namespace kvsim {
namespace {

using testing::HasSubstr;

const std::string kGood = R"(accelerator: X1
vendor: Test
year: 2024
aliases: [X-One]
sources:
  table: {title: a table, date: "2025"}
memory_bytes: {value: 80GiB, source: table}
memory_bandwidth_bytes_per_second: {value: 2e12, source: table}
peak_watts: {value: 300, source: table}
idle_watts: {value: 50, source: table}
interconnect: Wire
interconnect_domain: 4
interconnect_bytes_per_second: {value: 100e9, source: table}
host_link_bytes_per_second: {value: 32e9, source: table}
arithmetic:
  bf16: {support: native, flops_per_second: 300e12, source: table}
  int4: {support: emulated, source: table}
)";

std::string with(std::string text, const std::string& found, const std::string& replacement) {
  const auto place = text.find(found);
  EXPECT_NE(place, std::string::npos) << found;
  return text.replace(place, found.size(), replacement);
}

std::string message_of(const std::string& text) {
  const TemporaryFolder folder;
  try {
    Catalog::load(folder.add("bad.yaml", text));
  } catch (const InputError& error) {
    EXPECT_EQ(error.code(), ExitCode::kBadInput);
    return error.what();
  }
  return "accepted";
}

struct Broken {
  const char* name;
  const char* found;
  const char* replacement;
  const char* told;
};

class BrokenAccelerator : public testing::TestWithParam<Broken> {};

TEST_P(BrokenAccelerator, IsRefusedWithPlaceAndReason) {
  const std::string message = message_of(with(kGood, GetParam().found, GetParam().replacement));
  EXPECT_THAT(message, HasSubstr(GetParam().told));
  EXPECT_THAT(message, HasSubstr("bad.yaml:"));
}

INSTANTIATE_TEST_SUITE_P(
    Catalog, BrokenAccelerator,
    testing::Values(
        Broken{"UnknownKey", "vendor: Test", "vendor: Test\ncolour: green", "colour"},
        Broken{"MissingKey", "vendor: Test\n", "", "vendor: missing"},
        Broken{"NoBandwidth", "{value: 2e12,", "{value: 0,", "memory_bandwidth_bytes_per_second.value"},
        Broken{"NegativeBandwidth", "{value: 2e12,", "{value: -2e12,",
               "memory_bandwidth_bytes_per_second.value"},
        Broken{"NotANumber", "{value: 2e12,", "{value: .nan,", "memory_bandwidth_bytes_per_second.value"},
        Broken{"Overflow", "{value: 2e12,", "{value: 1e308,", "memory_bandwidth_bytes_per_second.value"},
        Broken{"UnknownUnit", "80GiB", "80 gallons", "memory_bytes.value"},
        Broken{"TinyMemory", "80GiB", "80", "memory_bytes.value: found 80 bytes"},
        Broken{"UnknownSource", "{value: 300, source: table}", "{value: 300, source: tabel}",
               "did you mean 'table'"},
        Broken{"NoSource", "{value: 300, source: table}", "{value: 300}", "peak_watts.source: missing"},
        Broken{"BadDate", "date: \"2025\"", "date: \"May 25\"", "sources.table.date"},
        Broken{"HalfRange", "{value: 300, source", "{value: 300, low: 200, source", "one end of a range"},
        Broken{"OutOfRange", "{value: 300, source", "{value: 300, low: 310, high: 400, source",
               "outside of its range"},
        Broken{"IdleAbovePeak", "{value: 50,", "{value: 350,", "idle_watts"},
        Broken{"NativeWithoutRate", "flops_per_second: 300e12, ", "", "flops_per_second: missing"},
        Broken{"EmulatedWithRate", "emulated,", "emulated, flops_per_second: 1e12,",
               "rate of an emulated type"},
        Broken{"UnknownSupport", "emulated", "partial", "support"},
        Broken{"UnknownType", "int4:", "int5:", "number type 'int5'"},
        Broken{"NoBf16", "bf16:", "fp16:", "no native bf16"},
        Broken{"FigureIsNumber", "peak_watts: {value: 300, source: table}", "peak_watts: 300",
               "peak_watts: found"},
        Broken{"BadName", "accelerator: X1", "accelerator: X 1", "accelerator: found a name"},
        Broken{"SelfAlias", "[X-One]", "[x1]", "already names 'X1'"},
        Broken{"ZeroDomain", "interconnect_domain: 4", "interconnect_domain: 0", "interconnect_domain"},
        Broken{"NoKind", "accelerator: X1", "gadget: X1", "found no accelerator, model, prices"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(BadCatalog, TellsAllProblemsAtOnce) {
  const std::string message =
      message_of(with(with(kGood, "vendor: Test\n", ""), "{value: 2e12,", "{value: 0,"));
  EXPECT_THAT(message, HasSubstr("vendor"));
  EXPECT_THAT(message, HasSubstr("memory_bandwidth"));
}

TEST(BadCatalog, RefusesTheSameNameTwiceAndSharedAliases) {
  EXPECT_THAT(message_of(kGood + "---\n" + kGood), HasSubstr("'X1' is given twice"));
  EXPECT_THAT(message_of(kGood + "---\n" + with(kGood, "accelerator: X1", "accelerator: X2")),
              HasSubstr("alias 'X-One' of 'X2' already names 'X1'"));
}

TEST(BadCatalog, RefusesOnePriceTwiceAlsoByAnAlias) {
  const auto prices = [](const std::string& name) {
    return "---\nprices:\n  currency: USD\n  sources: {q: {title: q, date: \"2025\"}}\n  accelerators:\n   "
           " " +
           name + ": {purchase: {value: 1, source: q}}\n";
  };
  EXPECT_EQ(message_of(kGood + prices("X1")), "accepted");
  EXPECT_THAT(message_of(kGood + prices("X1") + prices("X-One")), HasSubstr("'X1' is given twice"));
}

TEST(BadCatalog, TellsWhichPartOfAFolderCannotBeListedOrRead) {
  const TemporaryFolder folder;
  folder.add("good.yaml", kGood);
  std::filesystem::create_symlink("/nonexistent", folder.path() + "/gone.yaml");
  std::string message;
  try {
    Catalog::load(folder.path());
  } catch (const InputError& error) {
    message = error.what();
  }
  EXPECT_THAT(message, HasSubstr("/gone.yaml: cannot read: No such file"));
  EXPECT_THAT(message, testing::Not(HasSubstr("good.yaml")));
}

TEST(BadCatalog, RefusesPricesOfUnknownAccelerators) {
  const std::string prices =
      "---\nprices:\n  currency: USD\n  sources: {q: {title: q, date: \"2025\"}}\n  accelerators:\n    X3: "
      "{purchase: "
      "{value: 1, source: q}}\n";
  EXPECT_THAT(message_of(kGood + prices), HasSubstr("unknown accelerator 'X3'"));
  EXPECT_THAT(message_of(kGood + with(prices, "USD", "dollars")), HasSubstr("three capitals"));
  EXPECT_THAT(message_of(kGood + with(with(prices, "X3", "X1"), "value: 1,", "value: -1,")),
              HasSubstr("prices.accelerators.X1.purchase.value"));
}

TEST(BadCatalog, RefusesFilesThatCannotBeRead) {
  EXPECT_THROW(Catalog::load("/nonexistent/overlay.yaml"), InputError);
  EXPECT_THAT(message_of("accelerator: [unclosed"), HasSubstr("bad.yaml"));
  EXPECT_NE(message_of(std::string("\x00\x01\xff\xfe", 4)), "accepted");
  EXPECT_NE(message_of("- accelerator: X1"), "accepted");
}

}  // namespace
}  // namespace kvsim
