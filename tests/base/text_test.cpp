// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kvsim {
namespace {

using testing::ElementsAre;

TEST(Text, TrimsWhiteSpaceOnBothSides) {
  EXPECT_EQ(trim(" \t a b \r\n"), "a b");
  EXPECT_EQ(trim(" \t "), "");
  EXPECT_EQ(trim(""), "");
}

TEST(Text, LowersAsciiOnly) { EXPECT_EQ(lower("AbZ-\u00c9"), "abz-\u00c9"); }

TEST(Text, SplitKeepsEmptyFields) {
  EXPECT_THAT(split("a,,b,", ','), ElementsAre("a", "", "b", ""));
  EXPECT_THAT(split("", ','), ElementsAre(""));
}

TEST(Text, JoinsWithTheSeparatorBetween) {
  EXPECT_EQ(join({"a", "b", "c"}, ", "), "a, b, c");
  EXPECT_EQ(join({}, ", "), "");
}

TEST(Text, ReadsWholeFiniteNumbers) {
  EXPECT_EQ(parse_double("1.5"), 1.5);
  EXPECT_EQ(parse_double("+1e3"), 1000.0);
  EXPECT_EQ(parse_double("-0.25"), -0.25);
  EXPECT_EQ(parse_double("1e308"), 1e308);
}

TEST(Text, RefusesWhatIsNoFiniteNumber) {
  for (const char* bad :
       {"", " 1", "1 ", "1.5x", "nan", "inf", "-inf", "1e309", "0x10", "1,5", "+-1", "++1", "--1", "."}) {
    EXPECT_FALSE(parse_double(bad)) << bad;
  }
}

TEST(Text, ReadsWholeNumbersOfDigitsOnly) {
  EXPECT_EQ(parse_integer("42"), 42);
  EXPECT_EQ(parse_integer("+7"), 7);
  EXPECT_EQ(parse_integer("-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
  for (const char* bad : {"", "1.0", "1e6", "1_000", "9223372036854775808", "0x1", " 1", "+-1", "-"}) {
    EXPECT_FALSE(parse_integer(bad)) << bad;
  }
}

TEST(Text, SuggestsTheNearestName) {
  const std::vector<std::string> names = {"round-robin", "random", "least-request"};
  EXPECT_EQ(closest_name("round-robbin", names), "round-robin");
  EXPECT_EQ(closest_name("RANDOM", names), "random");
  EXPECT_EQ(closest_name("randmo", names), "random");
  EXPECT_EQ(closest_name("prefix-aware", names), std::nullopt);
  EXPECT_EQ(closest_name(std::string(1'000'000, 'a'), names), std::nullopt);
}

TEST(Text, RemedyListsTheValidNames) {
  EXPECT_EQ(valid_names_remedy("lur", {"lru", "lfu"}), "did you mean 'lru'? use one of: lru, lfu");
  EXPECT_EQ(valid_names_remedy("zzz", {"lru", "lfu"}), "use one of: lru, lfu");
  EXPECT_EQ(valid_names_remedy("zzz", {}), "nothing is valid here");
}

TEST(Text, TableAlignsNumbersRightAndTextLeft) {
  EXPECT_EQ(format_table({{"name", "value", "share"}, {"a", "1.5", "50 %"}, {"long name", "1,000", "-"}}),
            "name       value  share\n"
            "a            1.5   50 %\n"
            "long name  1,000      -\n");
}

TEST(Text, TableCountsCodePointsAndTakesShortRows) {
  EXPECT_EQ(format_table({{"a", "b"}, {"\u00b5s", "x"}, {"z"}}), "a   b\n\u00b5s  x\nz\n");
  EXPECT_EQ(format_table({}), "");
}

TEST(Text, ShortensWhatMessagesShow) {
  EXPECT_EQ(shortened("a\nb\tc"), "a b c");
  EXPECT_EQ(shortened(std::string(60, 'x')), std::string(60, 'x'));
  EXPECT_EQ(shortened(std::string(61, 'x')), std::string(60, 'x') + "...");
  EXPECT_EQ(shortened(std::string(59, 'x') + "\u20ac"), std::string(59, 'x') + "...");
}

TEST(Text, AcceptsWellFormedUtf8) {
  for (const char* good : {"", "plain", "\u00e9", "\u20ac", "\U0001F600", "\U0010FFFF", "\uD7FF", "\uE000"}) {
    EXPECT_TRUE(is_utf8(good)) << good;
  }
}

TEST(Text, RefusesMalformedUtf8) {
  for (const char* bad :
       {"\xE9t\xE9", "\x80", "\xC3", "\xC0\xAF", "\xE0\x80\xAF", "\xF0\x80\x80\xAF", "\xED\xA0\x80",
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF\xFE", "\xE2\x82", "\xE2\x28\xA1"}) {
    EXPECT_FALSE(is_utf8(bad));
  }
}

}  // namespace
}  // namespace kvsim
