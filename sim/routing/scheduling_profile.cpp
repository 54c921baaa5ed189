// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/scheduling_profile.h"

#include <algorithm>

#include "base/errors.h"

namespace kvsim::sim {
namespace {

double clamped(double score) {
  const double above = score > 0 ? score : 0;
  return above < 1 ? above : 1;
}

// totals += weight * scores, scores clamped.
void add(std::vector<double>& totals, std::vector<double>& scores, double weight) {
  for (std::size_t i = 0; i < scores.size(); ++i) {
    scores[i] = clamped(scores[i]);
    totals[i] += weight * scores[i];
  }
}

}  // namespace

SchedulingProfile::SchedulingProfile(const ProfileSettings& settings, PluginSet& plugins)
    : name_(settings.name) {
  for (const ProfileSettings::Use& use : settings.uses) {
    const std::string& name = plugins.settings().plugins[use.plugin].name;
    if (auto* filter = plugins.at<Filter>(use.plugin)) filters_.push_back({name, filter});
    if (auto* scorer = plugins.at<Scorer>(use.plugin))
      scorers_.push_back({name, scorer, use.weight, plugins.at<StandingScorer>(use.plugin)});
    if (auto* picker = plugins.at<Picker>(use.plugin)) picker_ = picker;
  }
  if (picker_ == nullptr)
    throw InputError({{{},
                       "schedulingProfiles." + name_,
                       "scheduling profile '" + name_ + "' has no picker",
                       "add one, such as max-score-picker"}});
  if (may_stand(plugins)) standing_picker_ = dynamic_cast<StandingPicker*>(picker_);
}

bool SchedulingProfile::may_stand(const PluginSet& plugins) const {
  return plugins.settings().profiles.size() == 1 && filters_.empty() &&
         std::all_of(scorers_.begin(), scorers_.end(),
                     [](const WeightedScorer& step) { return step.standing != nullptr; });
}

std::optional<EndpointId> SchedulingProfile::run(const RoutingCall& call, Explanation* explanation) {
  const bool all = call.request.candidates->size() == call.endpoints.size();
  if (standing_picker_ != nullptr && all && explanation == nullptr)
    if (const std::optional<EndpointId> pick = pick_standing(call)) return pick;
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

std::optional<EndpointId> SchedulingProfile::pick_standing(const RoutingCall& call) {
  for (const WeightedScorer& step : scorers_)
    if (!step.standing->stands(call)) return {};
  moved_.clear();
  bool few = totals_stand_;
  for (const WeightedScorer& step : scorers_) few &= step.standing->moved(call, moved_);
  if (few && moved_.size() <= call.endpoints.size() / 8) {
    for (const EndpointId endpoint : moved_) standing_picker_->set(endpoint, total_of(call, endpoint));
  } else {
    endpoints_ = *call.request.candidates;
    run_scorers(call, nullptr);
    standing_picker_->set_all(totals_);
    totals_stand_ = true;
  }
  return standing_picker_->pick_standing();
}

double SchedulingProfile::total_of(const RoutingCall& call, EndpointId endpoint) const {
  double total = 0;
  for (const WeightedScorer& step : scorers_)
    total += step.weight * clamped(step.standing->score_of(call, endpoint));
  return total;
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
