// SPDX-License-Identifier: Apache-2.0
#include "hardware-catalog/number_type.h"

#include <gtest/gtest.h>

namespace kvsim {
namespace {

TEST(NumberType, EveryNameReadsBack) {
  for (const std::string& text : number_type_names()) {
    const auto type = parse_number_type(text);
    ASSERT_TRUE(type) << text;
    EXPECT_EQ(name(*type), text);
  }
}

TEST(NumberType, ReadsTheSpellingsOfServingEngines) {
  EXPECT_EQ(parse_number_type("bfloat16"), NumberType::kBf16);
  EXPECT_EQ(parse_number_type("Half"), NumberType::kFp16);
  EXPECT_EQ(parse_number_type("fp8_e4m3"), NumberType::kFp8);
  EXPECT_EQ(parse_number_type("auto"), std::nullopt);
  EXPECT_EQ(parse_number_type(""), std::nullopt);
}

TEST(NumberType, CountsBlockScales) {
  EXPECT_DOUBLE_EQ(bytes_per_value(NumberType::kBf16), 2);
  EXPECT_DOUBLE_EQ(bytes_per_value(NumberType::kFp8), 1);
  EXPECT_DOUBLE_EQ(bytes_per_value(NumberType::kMxfp4) * 32,
                   16 + 1);  // 32 halves of a byte, one byte of scale
  EXPECT_DOUBLE_EQ(bytes_per_value(NumberType::kNvfp4) * 16, 8 + 1);
  EXPECT_DOUBLE_EQ(bytes_per_value(NumberType::kInt4) * 128, 64 + 2);
}

}  // namespace
}  // namespace kvsim
