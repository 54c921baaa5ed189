// SPDX-License-Identifier: Apache-2.0
// Does a setting reach its place in the tree as if the file had said it, and is each one that cannot named?
#include "base/overrides.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/fields.h"
#include "tests/base/bad_input.h"

namespace kvsim {
namespace {

using testing::HasSubstr;

constexpr const char* kFile = "name: x\npools:\n  - {tp: 1, note: }\n  - {tp: 2}\n";

// One line of YAML, so that trees can be compared.
std::string flow(const Node& node) {
  if (node.is_null()) return "null";
  if (node.is_scalar()) return node.quoted ? "'" + node.scalar + "'" : node.scalar;
  std::string text;
  for (const Node& item : node.items) text += (text.empty() ? "" : ", ") + flow(item);
  for (const auto& [key, value] : node.members)
    text += (text.empty() ? "" : ", ") + (key + ": ") + flow(value);
  return node.is_sequence() ? "[" + text + "]" : "{" + text + "}";
}

std::string overridden(const std::vector<std::string>& settings) {
  Overrides overrides;
  for (const std::string& text : settings) overrides.push_back(parse_override(text));
  return flow(*with_overrides(parse_yaml(kFile, "f.yaml"), overrides).root);
}

TEST(Overrides, ReplaceAddAndMakeMaps) {
  const std::pair<const char*, const char*> table[] = {
      {"name=y", "{name: y, pools: [{tp: 1, note: null}, {tp: 2}]}"},
      {"name='12'", "{name: '12', pools: [{tp: 1, note: null}, {tp: 2}]}"},
      {"name=a=b", "{name: a=b, pools: [{tp: 1, note: null}, {tp: 2}]}"},
      {"name=null", "{name: null, pools: [{tp: 1, note: null}, {tp: 2}]}"},
      {"name=[a, b]", "{name: [a, b], pools: [{tp: 1, note: null}, {tp: 2}]}"},
      {"pools.1.tp=8", "{name: x, pools: [{tp: 1, note: null}, {tp: 8}]}"},
      {"pools.1.kv.host.capacity=4GiB",
       "{name: x, pools: [{tp: 1, note: null}, {tp: 2, kv: {host: {capacity: 4GiB}}}]}"},
      {"pools.0.note.a=1", "{name: x, pools: [{tp: 1, note: {a: 1}}, {tp: 2}]}"},
      {"pools.0={tp: 4, e: {x: [1]}}", "{name: x, pools: [{tp: 4, e: {x: [1]}}, {tp: 2}]}"},
  };
  for (const auto& [setting, tree] : table) EXPECT_EQ(overridden({setting}), tree) << setting;
}

TEST(Overrides, AreTakenInOrder) {
  EXPECT_EQ(overridden({"pools=[]", "name=a", "name=b"}), "{name: b, pools: []}");
}

TEST(Overrides, LeaveTheDocumentAlone) {
  const Document document = parse_yaml(kFile, "f.yaml");
  with_overrides(document, {parse_override("name=y")});
  EXPECT_EQ(document.root->find("name")->scalar, "x");
}

TEST(Overrides, ThatCannotBePlacedAreNamedAllAtOnce) {
  const std::pair<const char*, const char*> table[] = {
      {"name.x=1", "'name' is a plain value and has no 'x'"},
      {"pools.2.tp=1", "the list 'pools' has no item '2'; give a number from 0 to 1"},
      {"pools.-1.tp=1", "has no item '-1'"},
      {"pools.tp=1", "has no item 'tp'"},
      {"pools.99999999999999999999.tp=1", "has no item"},
      {"hosts.0.tp=1", "there is no list 'hosts'"},
      {"name=[1", "not valid YAML"},
      {"name=a]", "not valid YAML"},
      {"name=1, 2", "found no single value"},
      {"name=# nothing", "found no single value"},
      {"name=*unknown", "not valid YAML"},
      {"name=1]\n---\n[2", "found 2 documents"},
  };
  Overrides all;
  for (const auto& [setting, message] : table) all.push_back(parse_override(setting));
  const std::string told = input_error([&] { with_overrides(parse_yaml(kFile, "f.yaml"), all); });
  for (const auto& [setting, message] : table) {
    const Overrides one = {parse_override(setting)};
    const std::string alone = input_error([&] { with_overrides(parse_yaml(kFile, "f.yaml"), one); });
    EXPECT_THAT(alone, HasSubstr(std::string("--set ") + setting + ": "));
    EXPECT_THAT(alone, HasSubstr(message)) << setting;
    EXPECT_THAT(told, HasSubstr(alone));
  }
}

TEST(Overrides, NeedAPathWithoutGapsAndAValue) {
  for (const char* text : {"", "=", "=1", "x", "x=", "x= ", ".x=1", "x.=1", "a..b=1"}) {
    try {
      parse_override(text);
      ADD_FAILURE() << text;
    } catch (const UsageError& error) {
      EXPECT_THAT(error.what(), HasSubstr(std::string("--set ") + text));
    }
  }
}

TEST(Overrides, AreBoundedInDepth) {
  std::string path = "a";
  for (int i = 0; i < 100'000; ++i) path += ".a";
  EXPECT_THAT(input_error([&] { overridden({path + "=1"}); }), HasSubstr("levels deep"));
}

TEST(Overrides, AreThePlaceOfWhatIsWrongWithThem) {
  const Document document =
      with_overrides(parse_yaml("a: 1\n", "f.yaml"),
                     {parse_override("a=two"), parse_override("m.b=[1, x]"), parse_override("c=1")});
  Problems problems;
  Fields fields(document, problems);
  fields.integer("a", {});
  Fields map = fields.map("m");
  map.numbers("b", {});
  map.integer("missing", {});
  fields.finish();
  std::string told;
  for (const Problem& problem : problems.all()) told += to_string(problem) + "\n";
  EXPECT_EQ(told,
            "--set a=two: a: found \"two\"; give a whole number of 0 or more\n"
            "--set m.b=[1, x]: m.b: found \"x\"; give a number of 0 or more\n"
            "--set m.b=[1, x]: m.missing: missing; add the key\n"
            "--set c=1: unknown key 'c'; use one of: a, m\n");
}

}  // namespace
}  // namespace kvsim
