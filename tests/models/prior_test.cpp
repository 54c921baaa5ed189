// SPDX-License-Identifier: Apache-2.0
#include "models/prior.h"

#include <gtest/gtest.h>

#include "base/errors.h"
#include "hardware-catalog/catalog.h"
#include "models/profile_library.h"

namespace kvsim::models {
namespace {

PerformanceProfile with(const std::vector<std::pair<std::string, double>>& values) {
  PerformanceProfile profile;
  for (const auto& [name, value] : values) profile.coefficients[name] = {value, value, value, "test", "2026"};
  return profile;
}

TEST(CoefficientChain, TakesTheFirstProfileThatKnows) {
  const auto first = with({{"step_seconds", 1}});
  const auto second = with({{"step_seconds", 2}, {"layer_seconds", 3}});
  const CoefficientChain chain({&first, &second});
  EXPECT_EQ(chain.value("step_seconds"), 1);
  EXPECT_EQ(chain.value("layer_seconds"), 3);
  EXPECT_THROW(chain.value("frontend_seconds"), InputError);
}

TEST(CoefficientChain, FallsBackToWiderTypesOfTheSameProfile) {
  const auto own = with({{"gemm_compute_share.bf16", 0.8}});
  const auto generic = with({{"gemm_compute_share.fp8", 0.4}, {"gemm_compute_share.bf16", 0.5}});
  const CoefficientChain chain({&own, &generic});
  EXPECT_EQ(chain.for_type("gemm_compute_share", NumberType::kFp8), 0.8);
  EXPECT_EQ(CoefficientChain({&generic}).for_type("gemm_compute_share", NumberType::kMxfp4), 0.4);
  EXPECT_EQ(CoefficientChain({&generic}).for_type("gemm_compute_share", NumberType::kInt4), 0.5);
}

TEST(CoefficientChain, TakesTheNextLargerGroupElseTheLargest) {
  const auto profile = with({{"allreduce_latency_seconds.tp2", 2},
                             {"allreduce_latency_seconds.tp4", 4},
                             {"allreduce_latency_seconds.tp16", 16}});
  const CoefficientChain chain({&profile});
  EXPECT_EQ(chain.for_ranks("allreduce_latency_seconds", 2), 2);
  EXPECT_EQ(chain.for_ranks("allreduce_latency_seconds", 3), 4);
  EXPECT_EQ(chain.for_ranks("allreduce_latency_seconds", 8), 16);
  EXPECT_EQ(chain.for_ranks("allreduce_latency_seconds", 32), 16);
}

// A prior names the accelerators of the catalog, so a renamed accelerator cannot lose its prior unseen.
TEST(Priors, NameAcceleratorsOfTheCatalog) {
  const Catalog catalog = Catalog::load_default();
  const ProfileLibrary library = ProfileLibrary::load_default();
  for (const PerformanceProfile& profile : library.profiles()) {
    for (const std::string& name : profile.accelerators) {
      if (name.ends_with("*")) continue;
      EXPECT_NE(catalog.find(name), nullptr) << profile.name << ": " << name;
    }
  }
}

TEST(Priors, EveryFigureHasASourceAndADate) {
  const ProfileLibrary library = ProfileLibrary::load_default();
  for (const PerformanceProfile& profile : library.profiles()) {
    EXPECT_NO_THROW(check_profile(profile));
    for (const auto& [name, coefficient] : profile.coefficients) {
      EXPECT_FALSE(coefficient.date.empty()) << profile.name << " " << name;
    }
  }
}

}  // namespace
}  // namespace kvsim::models
