// SPDX-License-Identifier: Apache-2.0
// Do the shipped profiles follow from the shipped steps? Run with KVSIM_UPDATE_EXPECTED=1 to write them anew
// after a change of the model, the priors or the data, and say so in CHANGELOG.md.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "base/document.h"
#include "base/files.h"
#include "models/fit_steps.h"
#include "models/step_time_factory.h"

namespace kvsim::models {
namespace {

const std::string kProfiles = std::string(KVSIM_SOURCE_DIR) + "/models/profiles/";
const std::string kData = std::string(KVSIM_SOURCE_DIR) + "/validation/probe/data/";

struct Shipped {
  Catalog catalog = Catalog::load_default();
  ModelLibrary models = ModelLibrary::load_default();
  ProfileLibrary profiles = ProfileLibrary::load_default();

  StepFitInput input(const std::string& model, std::uint32_t tp, const std::string& data) const {
    const ModelCard& card = *models.find(model);
    return {{card, *catalog.find("H200-SXM"), profiles, tp, published_types(card)},
            load_step_samples(kData + data + "/steps.csv")};
  }
};

const std::string kLlama = "h200-sxm-llama-3.1-8b-steps";

double cached_tokens(const StepSample& sample) {
  return sample.work.prefill_context_tokens - static_cast<double>(sample.work.prefill_tokens);
}

// torch's attention of a short chunk after many cached tokens keeps few multiprocessors busy; engines split
// such work.
bool is_of_torch_alone(const StepSample& sample) {
  return cached_tokens(sample) > 0 && sample.work.prefill_tokens < 512;
}

StepFit fit_llama(const Shipped& shipped) {
  StepFitInput input = shipped.input("Llama-3.1-8B", 1, "h200-2026-11");
  std::erase_if(input.samples, is_of_torch_alone);
  input.name = kLlama;
  input.source =
      "kvsim probe, whole steps on one H200 without an engine, torch 2.11.0, CUDA 13.0, attention by "
      "FlashAttention 2 and "
      "cuDNN (validation/probe/data/h200-2026-11)";
  input.date = "2026-11-26";
  return fit_steps(input);
}

TEST(ShippedFits, FollowFromTheShippedSteps) {
  const StepFit fit = fit_llama(Shipped());
  EXPECT_TRUE(fit.converged);
  for (const PhaseError& phase : fit.phases)
    EXPECT_LT(phase.held_out.median_absolute_error, 0.06) << phase.phase;
  const std::string path = kProfiles + kLlama + ".yaml";
  if (std::getenv("KVSIM_UPDATE_EXPECTED") != nullptr) write_file(path, profile_to_yaml(fit.profile));
  const PerformanceProfile shipped = read_profile(load_yaml(path));
  ASSERT_EQ(shipped.coefficients.size(), fit.profile.coefficients.size());
  for (const auto& [name, c] : fit.profile.coefficients)
    EXPECT_NEAR(shipped.coefficients.at(name).value / c.value, 1, 0.01) << name;
}

// The same accelerator, another model, one of two ranks: what the fit to Llama-3.1-8B says of it, without
// having seen it.
TEST(ShippedFits, HoldForAnotherModel) {
  const Shipped shipped;
  StepFitInput qwen = shipped.input("Qwen3-32B", 2, "h200-2026-11-qwen3-32b-tp2");
  std::erase_if(qwen.samples, is_of_torch_alone);
  const std::vector<double> seconds =
      StepReplay(qwen.setting, qwen.samples).seconds(read_profile(load_yaml(kProfiles + kLlama + ".yaml")));
  std::vector<double> errors;
  for (std::size_t i = 0; i < seconds.size(); ++i)
    errors.push_back(std::abs(seconds[i] / qwen.samples[i].seconds - 1));
  std::sort(errors.begin(), errors.end());
  RecordProperty("median_absolute_error", std::to_string(errors[errors.size() / 2]));
  RecordProperty("ninth_decile", std::to_string(errors[errors.size() * 9 / 10]));
  EXPECT_LT(errors[errors.size() / 2], 0.06);
  EXPECT_LT(errors[errors.size() * 9 / 10], 0.15);
}

TEST(ShippedFits, RunsSayThatTheEngineIsAPrior) {
  const Shipped shipped;
  const StepFitInput llama = shipped.input("Llama-3.1-8B", 1, "h200-2026-11");
  StepTimeInput input{llama.setting.card, llama.setting.accelerator, llama.setting.types, 1, ""};
  input.library = &shipped.profiles;
  const StepTimeResult result = make_step_time(input);
  EXPECT_EQ(result.profile, kLlama);
  EXPECT_TRUE(std::any_of(result.notes.begin(), result.notes.end(),
                          [](const auto& note) { return note.first == "engine overheads"; }));
}

}  // namespace
}  // namespace kvsim::models
