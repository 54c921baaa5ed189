// SPDX-License-Identifier: Apache-2.0
#include "base/fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kvsim {
namespace {

using testing::ElementsAre;

// A root map read by `read`; returns what was wrong, one line each.
template <class Read>
std::string problems_of(const std::string& yaml, Read read) {
  Problems problems;
  const Document document = parse_yaml(yaml, "f.yaml");
  Fields fields(document, problems);
  read(fields);
  std::string told;
  for (const Problem& problem : problems.all()) told += to_string(problem) + "\n";
  return told;
}

TEST(Fields, ReadsEveryKindOfValue) {
  const std::string yaml =
      "i: 12\nn: 0.5\nb: true\nt: plain\nsize: 80GiB\nwait: 250ms\nc: lru\nlist: [a, b]\none: a\nns: [1, "
      "2.5]\n"
      "m: {x: 1}\nms: [{x: 1}, {x: 2}]\nnamed: {h100: {x: 1}, a100: }\n";
  EXPECT_EQ(problems_of(yaml,
                        [](Fields& f) {
                          EXPECT_EQ(f.integer("i", {}), 12);
                          EXPECT_EQ(f.number("n", {0, 1}), 0.5);
                          EXPECT_TRUE(f.boolean("b"));
                          EXPECT_EQ(f.text("t"), "plain");
                          EXPECT_EQ(f.bytes("size"), 80ull << 30);
                          EXPECT_EQ(f.duration_seconds("wait"), 0.25);
                          EXPECT_EQ(f.choice("c", {"lfu", "lru"}), "lru");
                          EXPECT_THAT(f.texts("list"), ElementsAre("a", "b"));
                          EXPECT_THAT(f.texts("one"), ElementsAre("a"));
                          EXPECT_THAT(f.numbers("ns", {}), ElementsAre(1, 2.5));
                          EXPECT_EQ(f.map("m").integer("x", {}), 1);
                          std::vector<Fields> maps = f.maps("ms");
                          ASSERT_EQ(maps.size(), 2u);
                          EXPECT_EQ(maps[1].integer("x", {}), 2);
                          EXPECT_EQ(maps[1].path(), "ms[1]");
                          auto named = f.named_maps("named");
                          ASSERT_EQ(named.size(), 2u);
                          EXPECT_EQ(named[0].first, "h100");
                          EXPECT_EQ(named[0].second.path(), "named.h100");
                          EXPECT_FALSE(named[1].second.present());
                          f.finish();
                        }),
            "");
}

TEST(Fields, GivesDefaultsForAbsentAndNullKeys) {
  EXPECT_EQ(problems_of("a: ~\n",
                        [](Fields& f) {
                          EXPECT_EQ(f.integer("a", {1, 9}, 4), 4);
                          EXPECT_EQ(f.text("b", "x"), "x");
                          EXPECT_EQ(f.maybe_number("c", {}), std::nullopt);
                          EXPECT_TRUE(f.texts("d").empty());
                          EXPECT_TRUE(f.maps("e").empty());
                          Fields absent = f.map("g");
                          EXPECT_FALSE(absent.present());
                          EXPECT_EQ(absent.number("h", {}, 2.0), 2.0);
                          absent.finish();
                          f.finish();
                        }),
            "");
}

TEST(Fields, MissingRequiredKeyIsToldAtItsMap) {
  EXPECT_EQ(problems_of("pool:\n  x: 1\n",
                        [](Fields& f) {
                          Fields pool = f.map("pool");
                          EXPECT_EQ(pool.integer("replicas", {1, 8}), 1);
                          EXPECT_EQ(pool.choice("policy", {"lru"}), "lru");
                          EXPECT_EQ(f.map("slo").text("class"), "");
                        }),
            "f.yaml:2:3: pool.replicas: missing; add the key\n"
            "f.yaml:2:3: pool.policy: missing; add the key\n"
            "f.yaml:1:1: slo.class: missing; add the key\n");
}

TEST(Fields, UnknownKeysAreToldWithTheNearestValidName) {
  EXPECT_EQ(problems_of("replcas: 1\nzzz: 2\n",
                        [](Fields& f) {
                          f.integer("replicas", {}, 1);
                          f.text("model", "m");
                          EXPECT_THAT(f.unread_keys(), ElementsAre("replcas", "zzz"));
                          f.finish();
                        }),
            "f.yaml:1:10: unknown key 'replcas'; did you mean 'replicas'? use one of: model, replicas\n"
            "f.yaml:2:6: unknown key 'zzz'; use one of: model, replicas\n");
}

TEST(Fields, AMapOfAnotherKindIsToldOnce) {
  EXPECT_EQ(problems_of("pool: 5\npools: [1, {x: 2}]\nnamed: []\n",
                        [](Fields& f) {
                          Fields pool = f.map("pool");
                          pool.integer("replicas", {});
                          pool.map("engine").integer("block_size", {});
                          pool.finish();
                          EXPECT_EQ(f.maps("pools").size(), 1u);
                          EXPECT_TRUE(f.named_maps("named").empty());
                          f.finish();
                        }),
            "f.yaml:1:7: pool: found \"5\"; give a map of keys\n"
            "f.yaml:2:9: pools[0]: found \"1\"; give a map of keys\n"
            "f.yaml:3:8: named: found a list; give a map of maps\n");
}

TEST(Fields, ARootThatIsNoMapIsToldOnce) {
  EXPECT_EQ(problems_of("- a\n", [](Fields& f) { f.text("model"); }),
            "f.yaml:1:1: found a list; give a map of keys\n");
}

TEST(Fields, EveryFaultOfAMapIsTold) {
  EXPECT_EQ(problems_of("a: x\nb: -1\nc: maybe\nd: 5 parsecs\ne: soon\n",
                        [](Fields& f) {
                          f.integer("a", {});
                          f.number("b", {0, 1});
                          f.boolean("c");
                          f.bytes("d");
                          f.duration_seconds("e");
                          f.finish();
                        }),
            "f.yaml:1:4: a: found \"x\"; give a whole number of 0 or more\n"
            "f.yaml:2:4: b: found \"-1\"; give a number from 0 to 1\n"
            "f.yaml:3:4: c: found \"maybe\"; give true or false\n"
            "f.yaml:4:4: d: found \"5 parsecs\"; give an amount such as 80GiB, 1.5TB or 4096\n"
            "f.yaml:5:4: e: found \"soon\"; give a duration such as 250ms, 1m30s, 2h or seconds\n");
}

TEST(Fields, IntegersAreDigitsInRangeOnly) {
  for (const char* bad : {"1e6", "1_000", "1.0", "'5'", "[5]", "{x: 5}", "101", "-1", "99999999999999999999",
                          "0x5", "nan", "true", "5 6"}) {
    EXPECT_EQ(problems_of(std::string("a: ") + bad,
                          [](Fields& f) {
                            EXPECT_EQ(f.integer("a", {0, 100}, 7), 7);
                          })
                  .empty(),
              false)
        << bad;
  }
}

TEST(Fields, NumbersAreFiniteAndInRange) {
  for (const char* bad :
       {".nan", "nan", ".inf", "inf", "1e309", "1e308", "-0.5", "0", "abc", "'0.5'", "", "1,5", "2s"}) {
    const auto told = problems_of(std::string("a: ") + bad, [](Fields& f) {
      EXPECT_EQ(f.number("a", {0, 100, true}), 1);
    });
    EXPECT_NE(told, "") << bad;
  }
}

TEST(Fields, OpenRangesSaySo) {
  const auto read = [](NumberRange range) {
    return problems_of("a: 0", [range](Fields& f) { f.number("a", range); });
  };
  EXPECT_EQ(read({0, 1, true}), "f.yaml:1:4: a: found \"0\"; give a number above 0, up to 1\n");
  EXPECT_EQ(read({0, 1e18, true}), "f.yaml:1:4: a: found \"0\"; give a number above 0\n");
  EXPECT_EQ(read({2, 1e18}), "f.yaml:1:4: a: found \"0\"; give a number of 2 or more\n");
}

TEST(Fields, QuotedNumbersAreText) {
  EXPECT_EQ(problems_of("a: '12'",
                        [](Fields& f) {
                          f.integer("a", {0, 99});
                        }),
            "f.yaml:1:4: a: found \"12\" in quotes; give a whole number from 0 to 99\n");
  EXPECT_EQ(problems_of("a: '80GiB'", [](Fields& f) { EXPECT_EQ(f.bytes("a"), 80ull << 30); }), "");
}

TEST(Fields, ListsTellTheItemAtFault) {
  EXPECT_EQ(problems_of("t: [a, [b]]\nn: [1, x]\nm: {a: 1}\n",
                        [](Fields& f) {
                          EXPECT_THAT(f.texts("t"), ElementsAre("a"));
                          EXPECT_THAT(f.numbers("n", {}), ElementsAre(1));
                          f.texts("m");
                        }),
            "f.yaml:1:8: t: found a list; give a list of texts\n"
            "f.yaml:2:8: n: found \"x\"; give a number of 0 or more\n"
            "f.yaml:3:4: m: found a map; give a list of texts\n");
}

TEST(Fields, LongAndManyLineTextIsShownShortOnOneLine) {
  EXPECT_EQ(problems_of("a: \"x\\ny" + std::string(1000, 'z') + "\"",
                        [](Fields& f) {
                          f.integer("a", {0, 1});
                        }),
            "f.yaml:1:4: a: found \"x y" + std::string(57, 'z') +
                "...\" in quotes; give a whole number from 0 to 1\n");
}

TEST(Fields, RawMarksAKeyAsRead) {
  EXPECT_EQ(problems_of("a: [1]\n",
                        [](Fields& f) {
                          EXPECT_TRUE(f.has("a"));
                          ASSERT_NE(f.raw("a"), nullptr);
                          EXPECT_EQ(f.raw("b"), nullptr);
                          EXPECT_THAT(f.keys(), ElementsAre("a"));
                          EXPECT_EQ(f.location("a").column, 4);
                          f.finish();
                        }),
            "");
}

}  // namespace
}  // namespace kvsim
