// SPDX-License-Identifier: Apache-2.0
#include "tests/planner/problem_fixture.h"

namespace kvsim::planner {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Prices : public ProblemTest {
 protected:
  // A problem with one server; `price` is the line with its price.
  Problem with(const std::string& price, const std::string& rest = "",
               const std::string& date = "2026-06-01") {
    return problem(text(price, rest, date));
  }
  static std::string text(const std::string& price, const std::string& rest = "",
                          const std::string& date = "2026-06-01") {
    return (date.empty() ? "" : "date: " + date + "\n") + R"(model: Llama-3.1-8B
workload: workload.yaml
slo: {ttft: 1s}
servers:
  - name: hgx
    accelerator: H100-SXM-80
    accelerators: 8
    )" + price +
           "\n" + rest;
  }
  // Why the server is left out.
  static std::string reason(const Problem& problem) {
    EXPECT_EQ(problem.rejected.size(), 1u);
    return problem.rejected.empty() ? "" : problem.rejected.front().reason;
  }
};

// 1000 EUR at 1.08 with a quarter off: 810; +- 10 %.
TEST_F(Prices, DiscountAndExchangeRateApplyToValueAndRange) {
  const Problem read =
      with("price: {value: 1000, range: 0.1, currency: EUR, discount: 0.25, source: q1, date: 2026-05-01}",
           "exchange_rates: {EUR: {value: 1.08, source: ECB, date: 2026-05-29}}");
  ASSERT_TRUE(read.servers[0].purchase.has_value());
  const PriceTag& price = *read.servers[0].purchase;
  EXPECT_NEAR(price.value, 810, 1e-9);
  EXPECT_NEAR(price.low, 729, 1e-9);
  EXPECT_NEAR(price.high, 891, 1e-9);
  EXPECT_EQ(price.source, "q1, 2026-05-01; EUR at 1.08 (ECB, 2026-05-29)");
}

TEST_F(Prices, APlainNumberIsInTheProblemsCurrency) {
  const Problem read = with("price: 250000", "currency: EUR");
  EXPECT_EQ(read.servers[0].purchase->value, 250000);
  EXPECT_EQ(read.servers[0].purchase->high, 250000);
  EXPECT_THAT(read.servers[0].purchase->source, HasSubstr("stated in"));
}

TEST_F(Prices, WhatHasNoUsablePriceIsLeftOutAndNamed) {
  EXPECT_EQ(reason(with("")), "no price");
  EXPECT_EQ(reason(with("price: {value: 5, currency: GBP}")),
            "its price is in GBP, and exchange_rates has no GBP");
  EXPECT_EQ(reason(with("price: {value: 5, valid_until: 2026-05-31}")),
            "its price is valid until 2026-05-31, the plan is of 2026-06-01");
  EXPECT_EQ(reason(with("price: {value: 5, valid_from: 2026-06-02}")),
            "its price is valid from 2026-06-02 on, the plan is of 2026-06-01");
  EXPECT_EQ(reason(with("price: {value: 5, unverified: true, source: memory}")),
            "its price is unverified (memory)");
  EXPECT_EQ(
      reason(with("price: {value: 5, currency: EUR}", "exchange_rates: {EUR: {value: 1, unverified: true}}")),
      "the exchange rate of EUR is unverified");
  EXPECT_FALSE(with("").servers[0].purchase.has_value());
  EXPECT_EQ(with("").rejected[0].path, "servers[0].price");
}

TEST_F(Prices, DaysOfValidityCountAndUnverifiedMayBeAccepted) {
  EXPECT_THAT(with("price: {value: 5, valid_from: 2026-06-01, valid_until: 2026-06-01}").rejected, IsEmpty());
  const Problem read = with("price: {value: 5, unverified: true}", "accept_unverified: true");
  EXPECT_TRUE(read.servers[0].purchase->unverified);
}

TEST_F(Prices, AValidityNeedsADate) {
  EXPECT_THAT(faults(text("price: {value: 5, valid_until: 2026-05-31}", "", "")),
              Contains(HasSubstr("and the problem no date")));
  EXPECT_THAT(faults(text("price: {value: 5}", "", "")), IsEmpty());
}

// Router hosts cannot be left out of a fleet.
TEST_F(Prices, AnUnusablePriceOfRouterHostsIsAFault) {
  EXPECT_THAT(faults(text("price: 5", "finance: {router_host: {value: 9, unverified: true}}")),
              ElementsAre(HasSubstr("finance.router_host: its price is unverified")));
}

TEST_F(Prices, BadPricesAreFaults) {
  for (const char* price :
       {"price: 0", "price: {value: 0}", "price: {low: 1}", "price: {value: .inf}", "price: {value: 1e99}",
        "price: {value: 2, high: 1}", "price: {value: 2, low: 1, range: 0.1}",
        "price: {value: 2, discount: 1}", "price: {value: 2, currency: dollars}",
        "price: {value: 2, date: 2026-02-30}",
        "price: {value: 2, valid_from: 2026-03-01, valid_until: 2026-02-01}",
        "price: {value: 2, colour: red}", "price: [1]", "rent: free", "price: 1\nexchange_rates: {euro: 3}"})
    EXPECT_EQ(faults(text(price)).size(), 1u) << price;
}

TEST_F(Prices, FilesGoBeforeTheProblemAndLaterFilesBeforeEarlierOnes) {
  write("list.yaml", "source: list\nservers: {hgx: {price: 300, rent: 3}, other: {price: 1}}\n");
  write("secret.yaml",
        "currency: EUR\ndiscount: 0.5\nsource: contract\nservers: {hgx: {price: {value: 200, discount: "
        "0.1}}}\nrouter_host: 50\n");
  const Problem read = with("price: 400", "prices: [list.yaml, secret.yaml]\nexchange_rates: {EUR: 2}");
  EXPECT_NEAR(read.servers[0].purchase->value, 360, 1e-9);  // 200 x 0.9 x 2
  EXPECT_THAT(read.servers[0].purchase->source, HasSubstr("contract"));
  EXPECT_EQ(read.servers[0].rent_per_hour->value, 3);
  EXPECT_NEAR(read.finance.router_host->value, 50, 1e-9);  // 50 x 0.5 x 2
}

TEST_F(Prices, FaultsOfPriceFilesNameThem) {
  write("bad.yaml", "currency: EUR\nservers: {hgx: {price: {value: -1}, cost: 3}}\n");
  const auto found = faults(text("price: 400", "prices: [bad.yaml, none.yaml]"));
  EXPECT_THAT(found, Contains(HasSubstr("bad.yaml:2:")));
  EXPECT_THAT(found, Contains(HasSubstr("unknown key 'cost'")));
  EXPECT_THAT(found, Contains(HasSubstr("none.yaml")));
}

// The catalog rents an H100-SXM-80 at 3.495 USD an hour, which is unverified.
TEST_F(Prices, TheCatalogsRentIsTakenOnlyWhenAsked) {
  EXPECT_EQ(reason(with("", "accept_unverified: true")), "no price");
  const Problem read = with("", "accept_unverified: true\nrent: catalog");
  ASSERT_TRUE(read.servers[0].rent_per_hour.has_value());
  EXPECT_NEAR(read.servers[0].rent_per_hour->value, 8 * 3.495, 1e-9);
  EXPECT_THAT(read.servers[0].rent_per_hour->source, HasSubstr("catalog"));
  EXPECT_FALSE(read.servers[0].purchase.has_value());
  EXPECT_THAT(reason(with("rent: catalog")), HasSubstr("unverified"));
  EXPECT_FALSE(
      with("price: 5", "accept_unverified: true\nrent: catalog").servers[0].rent_per_hour.has_value());
}

// Who gives an old price and a good rent is told that the server is not bought.
TEST_F(Prices, AnUnusablePriceBesideARentIsNamed) {
  const Problem read = with("price: {value: 5, valid_until: 2026-05-31}\n    rent: 3");
  EXPECT_THAT(reasons(read.rejected),
              ElementsAre(HasSubstr("purchase of server hgx: its price is valid until")));
  EXPECT_EQ(read.servers[0].rent_per_hour->value, 3);
}

// 100 TB x 2 + 20 GB/s x 3 + 40 = 300; the larger one is dearer.
TEST_F(Prices, StorageIsPricedByCapacityAndRate) {
  const std::string sizes = R"(
storage:
  - name: scale
    kind: ibm-storage-scale
    price: 40
    price_per_tb: 2
    price_per_gb_per_second: 3
    sizes:
      - {capacity: 400TB, read_bytes_per_second: 60GB, write_bytes_per_second: 30GB, watts: 6kW, rack_units: 12}
      - {capacity: 100TB, read_bytes_per_second: 20GB, write_bytes_per_second: 10GB}
)";
  const Problem read = with("price: 5", sizes);
  ASSERT_EQ(read.storage[0].sizes.size(), 2u);
  EXPECT_NEAR(read.storage[0].sizes[0].purchase.value, 300, 1e-9);
  EXPECT_NEAR(read.storage[0].sizes[1].purchase.value, 400 * 2 + 60 * 3 + 40, 1e-9);
  EXPECT_EQ(read.storage[0].sizes[1].watts, 6000);
  EXPECT_EQ(read.storage[0].site, "local");
}

TEST_F(Prices, StorageWithoutAPriceIsLeftOutBySize) {
  const std::string one =
      "storage: [{name: nas, kind: nfs, capacity: 10TB, read_bytes_per_second: 5GB, write_bytes_per_second: "
      "5GB";
  const Problem none = with("price: 5", one + "}]");
  EXPECT_THAT(none.storage[0].sizes, IsEmpty());
  EXPECT_EQ(reason(none), "no price");
  const Problem part = with("price: 5", one + ", price_per_tb: {value: 9, unverified: true}, price: 3}]");
  EXPECT_EQ(reason(part), "its price is unverified (stated in " + (folder_ / "problem.yaml").string() + ")");
}

TEST_F(Prices, LocalDrivesArePartOfTheirServers) {
  const std::string one =
      "storage: [{name: nvme, kind: local-nvme, capacity: 10TB, read_bytes_per_second: 5GB, "
      "write_bytes_per_second: 5GB";
  const Problem read = with("price: 5", one + "}]");
  ASSERT_EQ(read.storage[0].sizes.size(), 1u);
  EXPECT_EQ(read.storage[0].sizes[0].purchase.value, 0);
  EXPECT_EQ(read.storage[0].site, "");
  EXPECT_THAT(faults(text("price: 5", one + ", price: 3}]")),
              ElementsAre(HasSubstr("part of their servers")));
}

}  // namespace
}  // namespace kvsim::planner
