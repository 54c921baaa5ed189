// SPDX-License-Identifier: Apache-2.0
#include "planner/tune.h"

namespace kvsim::planner {
namespace {

Variant with_settings(const Judging& judging, Overrides settings) {
  return {
      judging.pools, judging.problem.search.seed,
      [settings = std::move(settings)](const Document& fleet) { return with_overrides(fleet, settings); }};
}

Override setting(const std::string& path, const std::string& value) {
  return {"tuning " + path + "=" + value, path, value};
}

}  // namespace

std::vector<TunedSetting> tune(const Judging& judging, const FleetChoice& choice, Simulations& simulations,
                               Overrides& kept) {
  std::vector<TunedSetting> tuned;
  for (const Tuning& tuning : judging.problem.tuning) {
    std::vector<Variant> variants{with_settings(judging, kept)};
    for (const std::string& value : tuning.values) {
      Overrides tried = kept;
      tried.push_back(setting(tuning.path, value));
      variants.push_back(with_settings(judging, std::move(tried)));
    }
    const std::vector<Judgement> judgements = judge_variants(judging, choice, variants, simulations);
    std::size_t best = 0;
    for (std::size_t i = 1; i < judgements.size(); ++i)
      if (judgements[i].passes && judgements[i].attainment > judgements[best].attainment) best = i;
    tuned.push_back({tuning.path, "as it was", best == 0 ? "as it was" : tuning.values[best - 1],
                     judgements.front().attainment, judgements[best].attainment});
    if (best > 0) kept.push_back(setting(tuning.path, tuning.values[best - 1]));
  }
  return tuned;
}

}  // namespace kvsim::planner
