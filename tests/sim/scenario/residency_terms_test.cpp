// SPDX-License-Identifier: Apache-2.0
// What does one term of a residency policy say of a set of labels?
#include <gtest/gtest.h>

#include "sim/scenario/residency.h"

namespace kvsim::sim {
namespace {

const LabelPredicate kNotFromUs{{"country", {}, {"US", "CN"}}};
const LabelPredicate kOurs{{"country", {"FR", "DE"}, {}}};

TEST(ResidencyTerms, AForbiddenValueIsAViolationAndAnyOtherIsNone) {
  EXPECT_FALSE(holds(kNotFromUs, {{"country", "US"}}));
  EXPECT_FALSE(holds(kNotFromUs, {{"country", "CN"}}));
  EXPECT_TRUE(holds(kNotFromUs, {{"country", "FR"}}));
  EXPECT_EQ(first_violation(kNotFromUs, {{"country", "US"}}), "country is US, forbidden");
}

TEST(ResidencyTerms, OnlyAllowedValuesPass) {
  EXPECT_TRUE(holds(kOurs, {{"country", "DE"}}));
  EXPECT_FALSE(holds(kOurs, {{"country", "US"}}));
  EXPECT_EQ(first_violation(kOurs, {{"country", "US"}}), "country is US, allowed: FR, DE");
}

TEST(ResidencyTerms, AnUndeclaredLabelPassesNeither) {
  EXPECT_FALSE(holds(kNotFromUs, {}));
  EXPECT_FALSE(holds(kOurs, {{"operator", "ours"}}));
  EXPECT_EQ(first_violation(kOurs, {}), "country is not declared");
}

}  // namespace
}  // namespace kvsim::sim
