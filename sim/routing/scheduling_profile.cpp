// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/scheduling_profile.h"

#include "base/errors.h"

namespace kvsim::sim {
namespace {

// totals += weight * scores, scores clamped.
void add(std::vector<double>& totals, std::vector<double>& scores, double weight) {
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const double above = scores[i] > 0 ? scores[i] : 0;
    scores[i] = above < 1 ? above : 1;
    totals[i] += weight * scores[i];
  }
}

}  // namespace

SchedulingProfile::SchedulingProfile(const ProfileSettings& settings, PluginSet& plugins)
    : name_(settings.name) {
  for (const ProfileSettings::Use& use : settings.uses) {
    const std::string& name = plugins.settings().plugins[use.plugin].name;
    if (auto* filter = plugins.at<Filter>(use.plugin)) filters_.push_back({name, filter});
    if (auto* scorer = plugins.at<Scorer>(use.plugin)) scorers_.push_back({name, scorer, use.weight});
    if (auto* picker = plugins.at<Picker>(use.plugin)) picker_ = picker;
  }
  if (picker_ == nullptr)
    throw InputError({{{},
                       "schedulingProfiles." + name_,
                       "scheduling profile '" + name_ + "' has no picker",
                       "add one, such as max-score-picker"}});
}

std::optional<EndpointId> SchedulingProfile::run(const RoutingCall& call, Explanation* explanation) {
  endpoints_ = *call.request.candidates;
  run_filters(call, explanation);
  if (endpoints_.empty()) return {};
  Explanation::Profile* profile = nullptr;
  if (explanation != nullptr) {
    explanation->profiles.push_back({name_, endpoints_, {}, {}, 0});
    profile = &explanation->profiles.back();
  }
  run_scorers(call, profile);
  const EndpointId pick = endpoints_[picker_->pick(call, endpoints_, totals_)];
  if (profile != nullptr) {
    profile->totals = totals_;
    profile->pick = pick;
  }
  return pick;
}

void SchedulingProfile::run_filters(const RoutingCall& call, Explanation* explanation) {
  for (const NamedFilter& step : filters_) {
    const std::size_t before = endpoints_.size();
    step.filter->filter(call, endpoints_);
    if (explanation != nullptr)
      explanation->filters.push_back(step.name + ": " + std::to_string(before) + " -> " +
                                     std::to_string(endpoints_.size()));
    if (endpoints_.empty()) return;
  }
}

void SchedulingProfile::run_scorers(const RoutingCall& call, Explanation::Profile* profile) {
  totals_.assign(endpoints_.size(), 0);
  scores_.resize(endpoints_.size());
  for (const WeightedScorer& step : scorers_) {
    step.scorer->score(call, endpoints_, scores_);
    add(totals_, scores_, step.weight);
    if (profile != nullptr) profile->columns.push_back({step.name, step.weight, scores_});
  }
}

}  // namespace kvsim::sim
