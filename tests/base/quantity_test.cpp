// SPDX-License-Identifier: Apache-2.0
#include "base/quantity.h"

#include <gtest/gtest.h>

namespace kvsim {
namespace {

TEST(Bytes, UnderstandsDecimalAndBinarySuffixes) {
  EXPECT_EQ(parse_bytes("80GiB"), 80ull << 30);
  EXPECT_EQ(parse_bytes("1.5 TB"), 1'500'000'000'000ull);
  EXPECT_EQ(parse_bytes("512Mi"), 512ull << 20);
  EXPECT_EQ(parse_bytes("2G"), 2'000'000'000ull);
  EXPECT_EQ(parse_bytes("1e9"), 1'000'000'000ull);
  EXPECT_EQ(parse_bytes("1024"), 1024u);
  EXPECT_EQ(parse_bytes("64 B"), 64u);
  EXPECT_EQ(parse_bytes("0"), 0u);
  EXPECT_EQ(parse_bytes(" 3kB "), 3000u);
}

TEST(Bytes, KeepsEveryDigitOfPlainCounts) {
  EXPECT_EQ(parse_bytes("18446744073709551615"), 18446744073709551615ull);
  EXPECT_EQ(parse_bytes("9007199254740993"), 9007199254740993ull);  // 2^53 + 1
}

TEST(Bytes, RefusesEverythingElse) {
  for (const char* bad : {"", "GiB", "-1", "-5GiB", "+5", "nan", "inf", "1e30", "1e400", "20000000PB", "5 XB",
                          "5 gibs", "1.2.3", "5GiB x", "0x10", "18446744073709551616", "1,5GB"}) {
    EXPECT_FALSE(parse_bytes(bad)) << bad;
  }
}

TEST(KubernetesQuantity, UnderstandsItsSuffixes) {
  EXPECT_DOUBLE_EQ(*parse_kubernetes_quantity("500m"), 0.5);
  EXPECT_EQ(parse_kubernetes_quantity("2"), 2.0);
  EXPECT_EQ(parse_kubernetes_quantity("4k"), 4000.0);
  EXPECT_EQ(parse_kubernetes_quantity("1Gi"), 1073741824.0);
  EXPECT_EQ(parse_kubernetes_quantity("1.5E"), 1.5e18);
}

TEST(KubernetesQuantity, RefusesEverythingElse) {
  for (const char* bad : {"", "1GB", "-1", "m", "1K", "1e999", "one"}) {
    EXPECT_FALSE(parse_kubernetes_quantity(bad)) << bad;
  }
}

TEST(Duration, UnderstandsGoDurationsAndSeconds) {
  EXPECT_EQ(parse_duration_seconds("300s"), 300.0);
  EXPECT_EQ(parse_duration_seconds("1m30s"), 90.0);
  EXPECT_EQ(parse_duration_seconds("2h"), 7200.0);
  EXPECT_EQ(parse_duration_seconds("250ms"), 0.25);
  EXPECT_DOUBLE_EQ(*parse_duration_seconds("10us"), 1e-5);
  EXPECT_DOUBLE_EQ(*parse_duration_seconds("10\u00b5s"), 1e-5);
  EXPECT_EQ(parse_duration_seconds("1.5h"), 5400.0);
  EXPECT_EQ(parse_duration_seconds("7d"), 604800.0);
  EXPECT_EQ(parse_duration_seconds("1.5"), 1.5);
  EXPECT_EQ(parse_duration_seconds("0"), 0.0);
}

TEST(Duration, RefusesEverythingElse) {
  for (const char* bad :
       {"", "s", "-1s", "1m30", "1 fortnight", "1e400s", "1e308d", "nan", "inf", "1s2", "1s-2s"}) {
    EXPECT_FALSE(parse_duration_seconds(bad)) << bad;
  }
}

}  // namespace
}  // namespace kvsim
