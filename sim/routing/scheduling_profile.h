// SPDX-License-Identifier: Apache-2.0
// A scheduling profile: filters in their order, then the sum of weight * score (each score clamped to [0, 1];
// the sum is not divided by the weights), then the picker.
//
// Where all endpoints are candidates and every plugin can say what moved since the request before
// (StandingScorer, StandingPicker), totals stand and only those of what moved are added up again: the pick is
// the same. So it is for a router's only profile without filters.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/routing/plugin_registry.h"

namespace kvsim::sim {

class SchedulingProfile {
 public:
  SchedulingProfile(const ProfileSettings& settings, PluginSet& plugins);
  // The pick; nothing where filters leave none. `explanation` may be nullptr.
  std::optional<EndpointId> run(const RoutingCall& call, Explanation* explanation);

 private:
  struct NamedFilter {
    std::string name;
    Filter* filter;
  };
  struct WeightedScorer {
    std::string name;
    Scorer* scorer;
    double weight;
    StandingScorer* standing;  // the same; nullptr: it is none
  };
  bool may_stand(const PluginSet& plugins) const;
  std::optional<EndpointId> pick_standing(const RoutingCall& call);
  double total_of(const RoutingCall& call, EndpointId endpoint) const;
  void run_filters(const RoutingCall& call, Explanation* explanation);
  void run_scorers(const RoutingCall& call, Explanation::Profile* profile);

  std::string name_;
  std::vector<NamedFilter> filters_;
  std::vector<WeightedScorer> scorers_;
  Picker* picker_ = nullptr;
  StandingPicker* standing_picker_ = nullptr;  // nullptr: totals do not stand
  bool totals_stand_ = false;                  // it has them all
  EndpointIds endpoints_;
  EndpointIds moved_;
  std::vector<double> scores_, totals_;
};

// The profiles of a router, as a profile handler runs them for one request.
class ProfileRuns {
 public:
  using Profiles = std::map<std::string, SchedulingProfile, std::less<>>;
  ProfileRuns(Profiles& profiles, Explanation* explanation)
      : profiles_(profiles), explanation_(explanation) {}
  bool has(const std::string& profile) const { return profiles_.count(profile) != 0; }
  std::optional<EndpointId> run(const std::string& profile, const RoutingCall& call) {
    return profiles_.at(profile).run(call, explanation_);
  }

 private:
  Profiles& profiles_;
  Explanation* explanation_;
};

}  // namespace kvsim::sim
