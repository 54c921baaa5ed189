// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/document.h"
#include "tests/base/bad_input.h"

namespace kvsim {
namespace {

using testing::HasSubstr;

TEST(Json, GivesValuesWithTheirPlaces) {
  const Document document = parse_json(
      "{\"a\": 12,\n \"b\": [true, null,\n  -1.5e3],\n \"say \\\"hi\\\\\": \"x\\\"y\",\n \"n\": 7\n}",
      "f.json");
  const Node& root = *document.root;
  EXPECT_EQ(root.find("a")->scalar, "12");
  EXPECT_FALSE(root.find("a")->quoted);
  EXPECT_EQ(root.find("a")->column, 7);
  EXPECT_EQ(root.find("b")->items[0].scalar, "true");
  EXPECT_TRUE(root.find("b")->items[1].is_null());
  EXPECT_EQ(root.find("b")->items[2].scalar, "-1.5e3");
  EXPECT_EQ(root.find("b")->items[2].line, 3);
  EXPECT_EQ(root.find("b")->items[2].column, 3);
  const Node* text = root.find("say \"hi\\");
  ASSERT_NE(text, nullptr);
  EXPECT_EQ(text->scalar, "x\"y");
  EXPECT_TRUE(text->quoted);
  EXPECT_EQ(text->line, 4);
  EXPECT_EQ(text->column, 16);
  EXPECT_EQ(root.find("n")->line, 5);
}

TEST(Json, TakesASingleValue) {
  EXPECT_EQ(parse_json("5", "f.json").root->scalar, "5");
  EXPECT_EQ(parse_json("\"\"", "f.json").root->scalar, "");
}

TEST(Json, MergeKeysAreYamlOnly) { EXPECT_NE(parse_json("{\"<<\": 1}", "f").root->find("<<"), nullptr); }

struct BadJson {
  const char* name;
  std::string text;
  const char* told;
};

class BadJsonTest : public testing::TestWithParam<BadJson> {};

TEST_P(BadJsonTest, IsRefusedWithItsPlace) {
  EXPECT_THAT(input_error([] { parse_json(GetParam().text, "f.json"); }), HasSubstr(GetParam().told));
}

INSTANTIATE_TEST_SUITE_P(
    Files, BadJsonTest,
    testing::Values(
        BadJson{"Empty", "", "f.json: the file is empty"},
        BadJson{"Truncated", "{\"a\": [1,\n 2", "f.json:2:3: not valid JSON: "},
        BadJson{"TruncatedString", "{\"a\": \"x", "f.json:1:9: not valid JSON: "},
        BadJson{"TrailingComma", "{\"a\": 1,\n}", "f.json:2:1: not valid JSON: "},
        BadJson{"TwoValues", "{} {}", "f.json:1:4: not valid JSON: "},
        BadJson{"Comment", "// no\n{}", "f.json:1:1: not valid JSON: "},
        BadJson{"NotANumber", "{\"a\": NaN}", "f.json:1:7: not valid JSON: "},
        BadJson{"HugeNumber", "{\"a\": 1e999}", "f.json:1:"},
        BadJson{"LeadingZero", "[012]", "not valid JSON: "},
        BadJson{"LoneSurrogate", "[\"\\ud800\"]", "not valid JSON: "},
        BadJson{"NulEscape", "[\"\\u0000\"]", "found a NUL character"},
        BadJson{"Latin1", "{\"a\": \"caf\xE9\"}", "not UTF-8"},
        BadJson{"DuplicateKey", "{\"a\": 1,\n\"a\": 2}", "f.json:2:1: key 'a' was given on line 1 already"},
        BadJson{"DeepLists", std::string(1'000'000, '['), "f.json:1:201: nested more than 200 levels"},
        BadJson{"ManyValues",
                "[1" +
                    [] {
                      std::string text;
                      for (int i = 0; i < 2'000'000; ++i) text += ",1";
                      return text;
                    }() +
                    "]",
                "more than 2000000 values"}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace kvsim
