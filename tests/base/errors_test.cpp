// SPDX-License-Identifier: Apache-2.0
#include "base/errors.h"

#include <gtest/gtest.h>

namespace kvsim {
namespace {

std::string told(Location where, const char* path, const char* message, const char* remedy) {
  Problems problems;
  problems.add(std::move(where), path, message, remedy);
  return to_string(problems.all().front());
}

TEST(Problem, TellsPlacePathMessageAndRemedyInOneLine) {
  EXPECT_EQ(told({"fleet.yaml", 12, 3}, "pools[0].replicas", "found -1", "give a whole number"),
            "fleet.yaml:12:3: pools[0].replicas: found -1; give a whole number");
}

TEST(Problem, LeavesOutWhatIsNotKnown) {
  EXPECT_EQ(told({"a.csv", 7}, "", "too few columns", ""), "a.csv:7: too few columns");
  EXPECT_EQ(told({"a.csv"}, "", "empty", ""), "a.csv: empty");
  EXPECT_EQ(told({}, "", "empty", ""), "empty");
}

TEST(Problems, ThrowsAllOfThemAtOnce) {
  Problems problems;
  EXPECT_NO_THROW(problems.throw_if_any());
  problems.add({"f", 1}, "a", "bad");
  problems.add({"f", 2}, "b", "worse");
  try {
    problems.throw_if_any();
    FAIL();
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(), "f:1: a: bad\nf:2: b: worse");
    EXPECT_EQ(error.code(), ExitCode::kBadInput);
    EXPECT_EQ(error.problems().size(), 2u);
  }
}

TEST(Problems, TakesOverEachOnce) {
  Problems problems;
  problems.add({"f", 1}, "a", "bad");
  problems.take_over(InputError({{{"f", 1}, "a", "bad", ""}, {{"f", 2}, "a", "bad", ""}}));
  ASSERT_EQ(problems.all().size(), 2u);
  EXPECT_EQ(to_string(problems.all()[1]), "f:2: a: bad");
}

TEST(Problems, KeepsTheFirstHundredAndCountsTheRest) {
  Problems problems;
  for (int i = 0; i < 250; ++i) problems.add({"f", i + 1}, "", "bad");
  try {
    problems.throw_if_any();
    FAIL();
  } catch (const InputError& error) {
    EXPECT_EQ(error.problems().size(), 101u);
    EXPECT_EQ(error.problems().back().message, "150 more problems");
  }
}

}  // namespace
}  // namespace kvsim
