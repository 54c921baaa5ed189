// SPDX-License-Identifier: Apache-2.0
#include "models/profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <limits>

#include "base/errors.h"
#include "base/files.h"
#include "models/profile_library.h"
#include "tests/own_folder.h"

namespace kvsim::models {
namespace {

using testing::HasSubstr;

PerformanceProfile read(const std::string& coefficients, const std::string& head = "") {
  const std::string text = "name: p\nkind: measured\naccelerators: [A]\nsource: a run\ndate: \"2026-01\"\n" +
                           head + "coefficients:\n" + coefficients;
  return read_profile(parse_yaml(text, "p.yaml"));
}

std::string refusal(const std::string& coefficients, const std::string& head = "") {
  try {
    read(coefficients, head);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Profile, ReadsValuesWithAndWithoutRange) {
  const auto profile =
      read("  step_seconds: 1e-4\n  gemm_compute_share.fp8: {value: 0.5, low: 0.4, high: 0.6}\n",
           "tp: 2\nmodel: M\nengine: {from: 0.9.0}\nfitted: {step_tokens: [1, 64]}\n");
  EXPECT_EQ(profile.coefficients.at("step_seconds").value, 1e-4);
  EXPECT_EQ(profile.coefficients.at("step_seconds").source, "a run");
  EXPECT_EQ(profile.coefficients.at("gemm_compute_share.fp8").high, 0.6);
  EXPECT_EQ(profile.tp, 2u);
  EXPECT_TRUE(profile.fitted.step_tokens.contains(64));
  EXPECT_FALSE(profile.fitted.step_tokens.contains(65));
  EXPECT_TRUE(profile.fitted.context_tokens.contains(1e9));
}

TEST(Profile, RefusesWhatPhysicsForbidsWithTheNumbers) {
  const std::string fast = refusal("  gemm_compute_share.bf16: 1.2\n");
  EXPECT_THAT(fast, HasSubstr("p.yaml:7"));
  EXPECT_THAT(fast, HasSubstr("found 1.2"));
  EXPECT_THAT(fast, HasSubstr("beyond the physical limit"));
  EXPECT_THAT(refusal("  gemm_compute_share.bf16: 0\n"), HasSubstr("beyond the physical limit"));
  EXPECT_THAT(refusal("  gemm_compute_share.bf16: {value: 0.9, high: 1.1}\n"), HasSubstr("high 1.1"));
  EXPECT_THAT(refusal("  step_seconds: -1e-6\n"), HasSubstr("negative"));
  EXPECT_THAT(refusal("  attention_walk_groups: 0.5\n"), HasSubstr("less than one"));
  EXPECT_THAT(refusal("  step_seconds: {value: 1, low: 2}\n"), HasSubstr("out of order"));
}

TEST(Profile, RefusesWhatIsNoNumberOrNoCoefficient) {
  for (const char* bad : {"  step_seconds: .nan\n", "  step_seconds: 1e999\n", "  step_seconds: fast\n",
                          "  step_seconds: [1]\n", "  step_seconds:\n", "  step_secs: 1\n",
                          "  step_seconds.bf16: 1\n", "  gemm_compute_share: 0.5\n",
                          "  gemm_compute_share.bf17: 0.5\n", "  allreduce_latency_seconds.tp1: 1\n",
                          "  step_seconds: {value: 1, lo: 1}\n", "  step_seconds: {low: 1}\n"}) {
    EXPECT_NE(refusal(bad), "accepted") << bad;
  }
  EXPECT_THAT(refusal("  step_secs: 1\n"), HasSubstr("step_seconds"));
}

TEST(Profile, RefusesFaultsOfTheHead) {
  for (const char* bad : {"tp: 0\n", "types: {kv: fp9}\n", "fitted: {step_tokens: [5, 1]}\n",
                          "fitted: {step_tokens: [5]}\n", "color: red\n", "num_gpu_blocks: 1\n"}) {
    EXPECT_NE(refusal("  step_seconds: 1\n", bad), "accepted") << bad;
  }
  EXPECT_THROW(read_profile(parse_yaml("name: p\nkind: guess\naccelerators: []\n", "p.yaml")), InputError);
}

TEST(Profile, EveryFigureNeedsASource) {
  EXPECT_THROW(read_profile(parse_yaml(
                   "name: p\nkind: prior\naccelerators: [A]\ncoefficients: {step_seconds: 1}\n", "p.yaml")),
               InputError);
}

TEST(Profile, ChecksProfilesMadeInMemory) {
  PerformanceProfile profile;
  profile.coefficients["decode_bandwidth_share.bf16"] = {1.05, 1.05, 1.05, "a fit", "2026"};
  EXPECT_THROW(check_profile(profile), InputError);
  profile.coefficients["decode_bandwidth_share.bf16"] = {0.95, 0.9, 1, "a fit", "2026"};
  EXPECT_NO_THROW(check_profile(profile));
}

TEST(Profile, WritesWhatItReads) {
  auto profile =
      read("  step_seconds: {value: 0.1, low: 0, high: 0.3, source: \"a \\\"run\\\"\"}\n",
           "tp: 4\nmodel: M\nnum_gpu_blocks: 77\ntypes: {kv: fp8}\nfitted: {context_tokens: [1, 9]}\n");
  const std::string text = profile_to_yaml(profile);
  const auto again = read_profile(parse_yaml(text, "again.yaml"));
  EXPECT_EQ(profile_to_yaml(again), text);
  EXPECT_EQ(again.coefficients.at("step_seconds").source, "a \"run\"");
  EXPECT_EQ(again.types->kv, NumberType::kFp8);
  EXPECT_EQ(again.num_gpu_blocks, 77u);
  EXPECT_EQ(again.fitted.context_tokens.high, 9);
}

constexpr const char* kTwo =
    "  step_seconds: {value: 0.2, low: 0.1, high: 0.3}\n  gemm_compute_share.bf16: 0.5\n";

TEST(Profile, KeepsErrorsAndDraws) {
  const auto profile = read(kTwo,
                            "errors:\n  - {metric: step_seconds, figures: 7, median_error: -0.02,"
                            " median_absolute_error: 0.05, held_out: \"runs \\\"a\\\"\"}\n"
                            "draws:\n  - {step_seconds: 0.25, gemm_compute_share.bf16: 0.4}\n"
                            "  - {step_seconds: 0.7}\n");
  const std::string text = profile_to_yaml(profile);
  const auto again = read_profile(parse_yaml(text, "again.yaml"));
  EXPECT_EQ(profile_to_yaml(again), text);
  ASSERT_EQ(again.errors.size(), 1u);
  EXPECT_EQ(again.errors[0].metric, "step_seconds");
  EXPECT_EQ(again.errors[0].held_out, "runs \"a\"");
  EXPECT_EQ(again.errors[0].figures, 7u);
  EXPECT_EQ(again.errors[0].median_error, -0.02);
  EXPECT_EQ(again.errors[0].median_absolute_error, 0.05);
  ASSERT_EQ(again.draws.size(), 2u);
  EXPECT_EQ(again.draws[0].at("gemm_compute_share.bf16"), 0.4);
  EXPECT_EQ(again.draws[1].at("step_seconds"), 0.7);
  EXPECT_EQ(again.draws[1].size(), 1u);
}

TEST(Profile, RefusesEveryFaultOfErrorsAndDraws) {
  const std::string text = refusal(
      kTwo,
      "errors:\n  - {metric: \"\", figures: 0, median_error: -2, median_absolute_error: .nan, of: 1}\n"
      "  - {held_out: runs}\n"
      "draws:\n  - {step_seconds: -1, gemm_compute_share.bf16: 1.5, step_secs: 1, layer_seconds: 1}\n  - {}\n"
      "  - 7\n  - {step_seconds: fast}\n");
  for (const char* part :
       {"p.yaml:7:14: errors[0].metric: empty", "errors[0].figures: found \"0\"", "errors[0].median_error",
        "errors[0].median_absolute_error", "unknown key 'of'", "errors[1].metric: missing",
        "p.yaml:10:20: draws[0].step_seconds: found -1", "draws[0].gemm_compute_share.bf16: found 1.5",
        "draws[0].step_secs: unknown coefficient", "draws[0].layer_seconds: drawn, but not among",
        "draws[1]: empty", "draws[2]: found \"7\"", "draws[3].step_seconds: found \"fast\""}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
  for (const char* bad :
       {"errors: 1\n", "errors: {metric: a}\n", "draws: {step_seconds: 1}\n", "draws: [[1]]\n"})
    EXPECT_NE(refusal(kTwo, bad), "accepted") << bad;
}

TEST(Profile, HoldsAThousandDraws) {
  std::string draws = "draws:\n";
  for (int i = 0; i < 1000; ++i) draws += "  - {step_seconds: 0.2}\n";
  EXPECT_EQ(read(kTwo, draws).draws.size(), 1000u);
  EXPECT_THAT(refusal(kTwo, draws + "  - {step_seconds: 0.2}\n"), HasSubstr("draws: found 1001"));
}

TEST(Profile, ChecksErrorsAndDrawsMadeInMemory) {
  PerformanceProfile profile = read(kTwo);
  profile.draws = {{{"step_seconds", 0.1}}};
  profile.errors = {{"ttft", "", 1, 0.1, 0.1}};
  EXPECT_NO_THROW(check_profile(profile));
  PerformanceProfile fast = profile;
  fast.draws[0]["gemm_compute_share.bf16"] = 1.01;
  EXPECT_THROW(check_profile(fast), InputError);
  profile.errors[0].median_error = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(check_profile(profile), InputError);
}

TEST(Profile, ComparesVersionsByNumber) {
  EXPECT_EQ(compare_versions("0.9.2", "0.10.0"), -1);
  EXPECT_EQ(compare_versions("v0.10.0", "0.10"), 0);
  EXPECT_EQ(compare_versions("0.19.0+cu12", "0.19.0-rc1"), 0);
  EXPECT_EQ(compare_versions("1", "0.99.99"), 1);
}

PerformanceProfile named(const std::string& name, bool prior, const std::string& accelerator) {
  PerformanceProfile profile;
  profile.name = name;
  profile.prior = prior;
  profile.accelerators = {accelerator};
  return profile;
}

TEST(ProfileLibrary, ChoosesTheMostSpecificMeasuredProfile) {
  auto any = named("any", false, "X100");
  auto model = named("model", false, "x100");
  model.model = "M";
  auto tp = model;
  tp.name = "tp";
  tp.tp = 2;
  auto old = tp;
  old.name = "old";
  old.engine_to = "0.8.5";
  const ProfileLibrary library({any, model, tp, old, named("prior", true, "X100")});
  const auto chosen = [&](std::string_view m, std::uint32_t ranks, std::string_view version) {
    const PerformanceProfile* p = library.choose({"X100", "V", version, m, ranks, {}});
    return p == nullptr ? "none" : p->name;
  };
  EXPECT_EQ(chosen("m", 2, "0.19.0"), "tp");
  EXPECT_EQ(chosen("M", 2, "0.8.0"), "old");
  EXPECT_EQ(chosen("M", 1, "0.19.0"), "model");
  EXPECT_EQ(chosen("N", 1, "0.19.0"), "any");
  EXPECT_EQ(library.choose({"Y", "V", "", "M", 1, {}}), nullptr);
}

TEST(ProfileLibrary, OrdersPriorsFromOwnToVendorToAny) {
  const ProfileLibrary library({named("a", true, "*"), named("b", true, "V/*"), named("c", true, "X100")});
  std::vector<std::string> names;
  for (const auto* prior : library.priors({"X100", "V", "", "M", 1, {}})) names.push_back(prior->name);
  EXPECT_THAT(names, testing::ElementsAre("c", "b", "a"));
}

class ProfileFolder : public testing::Test {
 protected:
  ~ProfileFolder() override { std::filesystem::remove_all(folder_); }
  void add(const std::string& file, const std::string& text) { write_file(folder_ / file, text); }
  std::string refusal(const std::string& place) const {
    try {
      ProfileLibrary::load_default({place});
    } catch (const InputError& error) {
      return error.what();
    }
    return "accepted";
  }

  const std::filesystem::path folder_ = own_folder("kvsim_profiles");
  const std::string mine_ =
      "name: mine\nkind: measured\naccelerators: [A]\nsource: s\ncoefficients: {step_seconds: 1}\n";
};

TEST_F(ProfileFolder, IsReadToTheBottomAndOnlyForProfiles) {
  add("deep/mine.yaml", mine_);
  add("model.yaml", "model: some-model\n");
  EXPECT_NE(ProfileLibrary::load_default({folder_}).find("mine"), nullptr);
}

TEST_F(ProfileFolder, RefusesOneNameTwiceAndReplacesWhatIsShipped) {
  add("a.yaml", mine_);
  add("b.yaml", mine_);
  EXPECT_THAT(refusal(folder_), HasSubstr("b.yaml:1:1: 'mine' is given twice, first in "));
  EXPECT_NE(ProfileLibrary::load_default({folder_ / "a.yaml", folder_ / "b.yaml"}).find("mine"), nullptr);
}

TEST_F(ProfileFolder, RefusesWhatIsNotThereOrHoldsNone) {
  EXPECT_THAT(refusal("/nonexistent/folder"), HasSubstr("/nonexistent/folder: cannot read"));
  add("model.yaml", "model: some-model\n");
  EXPECT_THAT(refusal(folder_ / "model.yaml"), HasSubstr("model.yaml: found no profile"));
}

}  // namespace
}  // namespace kvsim::models
