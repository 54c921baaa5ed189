// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/document.h"
#include "tests/base/bad_input.h"

namespace kvsim {
namespace {

using testing::HasSubstr;

std::string problem_of(const std::string& text) {
  return input_error([&] { parse_yaml(text, "f.yaml"); });
}

TEST(Yaml, GivesValuesInFileOrderWithTheirPlaces) {
  const Document document = parse_yaml("b: 1\na:\n  - x\n  - 'y'\n", "f.yaml");
  const Node& root = *document.root;
  ASSERT_EQ(root.members.size(), 2u);
  EXPECT_EQ(root.members[0].first, "b");
  EXPECT_EQ(root.find("b")->scalar, "1");
  EXPECT_FALSE(root.find("b")->quoted);
  const Node& items = *root.find("a");
  ASSERT_EQ(items.items.size(), 2u);
  EXPECT_TRUE(items.items[1].quoted);
  EXPECT_EQ(items.items[1].line, 4);
  EXPECT_EQ(items.items[1].column, 5);
  EXPECT_EQ(root.find("none"), nullptr);
}

TEST(Yaml, TellsNullTextAndTagsApart) {
  const Document document =
      parse_yaml("a: ~\nb:\nc: null\nd: 'null'\ne: !!str 12\nf: !!int \"12\"\n", "f.yaml");
  for (const char* key : {"a", "b", "c"}) EXPECT_TRUE(document.root->find(key)->is_null()) << key;
  for (const char* key : {"d", "e"}) EXPECT_TRUE(document.root->find(key)->quoted) << key;
  EXPECT_FALSE(document.root->find("f")->quoted);
}

TEST(Yaml, ToleratesByteOrderMarkAndCarriageReturns) {
  const Document document = parse_yaml(
      "\xEF\xBB\xBF"
      "a: 1\r\nb: x\r\n",
      "f.yaml");
  EXPECT_EQ(document.root->find("a")->scalar, "1");
  EXPECT_EQ(document.root->find("b")->scalar, "x");
}

TEST(Yaml, ExpandsAliasesAndMergeKeys) {
  const Document document = parse_yaml(
      "base: &base {x: 1, y: 2}\n"
      "more: &more {y: 3, z: 4}\n"
      "one:\n  <<: *base\n  y: 9\n"
      "two: {<<: [*base, *more], w: 0}\n"
      "copy: *base\n",
      "f.yaml");
  EXPECT_EQ(document.root->find("one")->find("x")->scalar, "1");
  EXPECT_EQ(document.root->find("one")->find("y")->scalar, "9");
  EXPECT_EQ(document.root->find("two")->find("y")->scalar, "2");
  EXPECT_EQ(document.root->find("two")->find("z")->scalar, "4");
  EXPECT_EQ(document.root->find("two")->members.size(), 4u);
  EXPECT_EQ(document.root->find("copy")->find("x")->line, 1);
}

TEST(Yaml, QuotedMergeKeyIsAKeyLikeAnyOther) {
  EXPECT_NE(parse_yaml("'<<': 1", "f.yaml").root->find("<<"), nullptr);
}

TEST(Yaml, GivesEachDocumentOfAStream) {
  const auto documents = parse_yaml_documents("---\na: 1\n---\n---\nb: 2\n...\n", "f.yaml");
  ASSERT_EQ(documents.size(), 2u);
  EXPECT_EQ(documents[1].root->find("b")->line, 5);
  EXPECT_EQ(problem_of("a: 1\n---\nb: 2\n"), "f.yaml:3:1: found 2 documents; keep one");
}

TEST(Yaml, AnchorsEndWithTheirDocument) {
  EXPECT_THAT(input_error([] { parse_yaml_documents("a: &x 1\n---\nb: *x\n", "f.yaml"); }),
              HasSubstr("f.yaml:3:"));
}

TEST(Yaml, NamesBothPlacesOfADuplicateKey) {
  EXPECT_EQ(problem_of("a: 1\nb: 2\na: 3\n"),
            "f.yaml:3:1: key 'a' was given on line 1 already; keep one of the two");
}

TEST(Yaml, TellsEveryDuplicateAtOnce) {
  EXPECT_EQ(problem_of("a: 1\na: 2\nm: {x: 1, x: 2}\n"),
            "f.yaml:2:1: key 'a' was given on line 1 already; keep one of the two\n"
            "f.yaml:3:11: key 'x' was given on line 3 already; keep one of the two");
}

struct BadYaml {
  const char* name;
  std::string text;
  const char* told;
};

class BadYamlTest : public testing::TestWithParam<BadYaml> {};

TEST_P(BadYamlTest, IsRefusedWithItsPlace) {
  EXPECT_THAT(problem_of(GetParam().text), HasSubstr(GetParam().told));
}

std::string repeated(const std::string& text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += text;
  return result;
}

std::string alias_bomb() {
  std::string text = "a0: &a0 [x, x]\n";
  for (int i = 1; i < 40; ++i) {
    text += fmt::format("a{}: &a{} [*a{}, *a{}]\n", i, i, i - 1, i - 1);
  }
  return text;
}

// Each alias holds the one before a level deeper.
std::string alias_tower() {
  std::string text = "a0: &a0 " + repeated("[", 150) + repeated("]", 150) + "\n";
  return text + "a1: " + repeated("[", 100) + "*a0" + repeated("]", 100) + "\n";
}

INSTANTIATE_TEST_SUITE_P(
    Files, BadYamlTest,
    testing::Values(
        BadYaml{"Empty", "", "f.yaml: the file is empty; "}, BadYaml{"Blank", " \n\t\n", "the file is empty"},
        BadYaml{"OnlyAComment", "# nothing\n", "the file holds no value"},
        BadYaml{"OnlyNull", "---\n~\n", "the file holds no value"},
        BadYaml{"Latin1", "a: 1\nname: caf\xE9\n", "f.yaml:2: found bytes that are not UTF-8"},
        BadYaml{"Utf16",
                std::string("\xFF\xFE"
                            "a\0:\0",
                            6),
                "f.yaml:1: found "},
        BadYaml{"Nul", std::string("a: 1\nb: \0\n", 10), "f.yaml:2: found the control byte 0x00"},
        BadYaml{"NulEscape", "a: \"x\\0\"", "f.yaml:1:4: found a NUL character"},
        BadYaml{"Gzip", "\x1F\x8B\x08", "f.yaml:1: found the control byte 0x1f"},
        BadYaml{"Tab", "a:\n\tb: 1\n", "f.yaml:2:3: found a tab in the indentation; indent with spaces"},
        BadYaml{"TruncatedFlow", "a: [1, 2", "f.yaml:1:1: not valid YAML"},
        BadYaml{"TruncatedQuote", "a: \"x", "not valid YAML"},
        BadYaml{"Unindented", "a:\n  b: 1\n c: 2\n", "f.yaml:3:"},
        BadYaml{"StrayComma", ", a: 1\n", "f.yaml:1:1: not valid YAML"},
        BadYaml{"StrayBracket", "a: 1\n] b\n", "f.yaml:2:"},
        BadYaml{"UnknownAlias", "a: *nobody", "f.yaml:1:4: not valid YAML"},
        BadYaml{"AliasOfItself", "a: &a [*a]", "f.yaml:1:8: found an alias inside the very value"},
        BadYaml{"AliasBomb", alias_bomb(), "more than 2000000 values"},
        BadYaml{"AliasTextBomb",
                "a: &a " + std::string(1 << 20, 'x') + "\nb: [" + repeated("*a, ", 100) + "]",
                "64 MiB of text"},
        BadYaml{"AliasTower", alias_tower(), "aliases nested more than 200 levels deep"},
        BadYaml{"DeepFlow", repeated("[", 100'000), "nested more than 200 levels deep"},
        BadYaml{"DeepBlock", repeated("- ", 100'000) + "x", "nested more than 200 levels deep"},
        BadYaml{"DeepMaps", repeated("{a: ", 100'000), "nested more than 200 levels deep"},
        BadYaml{"DeepComplexKeys", repeated("? ", 100'000), "f.yaml:1:"},
        BadYaml{"ManyBrackets", repeated("[],", 3'000'000), "more than 6000000 brackets"},
        BadYaml{"ManyAnchors", "[" + repeated("&a ", 6'000'001), "more than 6000000 brackets"},
        BadYaml{"LongKeyTwice", repeated(std::string(500, 'k') + ": 1\n", 2), "f.yaml:2:1: key 'kkkk"},
        BadYaml{"ManyValues", "[" + repeated("1,", 2'000'001) + "]", "more than 2000000 values"},
        BadYaml{"ListAsKey", "? [a]\n: 1\n", "f.yaml:1:3: found a key that is not plain text"},
        BadYaml{"EmptyKey", ": 1\n", "found an empty key"},
        BadYaml{"MergeOfText", "<<: x\n", "f.yaml:1:5: found no map to merge"},
        BadYaml{"StrangeTag", "a: !include other.yaml\n",
                "f.yaml:1:4: found the tag '!include'; remove the tag"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(Yaml, RefusesMoreThan64MiB) {
  EXPECT_THAT(problem_of(std::string((64 << 20) + 1, 'x')), HasSubstr("larger than 64 MiB"));
}

TEST(Yaml, NamesAFileThatCannotBeRead) {
  EXPECT_THAT(input_error([] { load_yaml("/nonexistent/f.yaml"); }),
              HasSubstr("/nonexistent/f.yaml: cannot read"));
}

}  // namespace
}  // namespace kvsim
