// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/flow_fairness.h"

#include <algorithm>

#include "base/portable_math.h"
#include "sim/routing/flow_plugins.h"

namespace kvsim::sim {
namespace {

constexpr const char* kProgramAware = "program-aware-fairness";
constexpr double kLog2 = 0.693147180559945309;

class GlobalStrict final : public FairnessPolicy {
 public:
  Flows::iterator pick(Flows& flows, Nanoseconds) override {
    return std::min_element(flows.begin(), flows.end(), [](const auto& a, const auto& b) {
      return *a.second.begin() < *b.second.begin();
    });
  }
};

class RoundRobin final : public FairnessPolicy {
 public:
  Flows::iterator pick(Flows& flows, Nanoseconds) override {
    auto next = started_ ? flows.upper_bound(last_) : flows.begin();
    if (next == flows.end()) next = flows.begin();
    started_ = true;
    last_ = next->first;
    return next;
  }

 private:
  bool started_ = false;
  std::string last_;
};

class LeastAttainedService final : public FairnessPolicy {
 public:
  LeastAttainedService(const Parameters& parameters, const AttainedService& ledger)
      : weight_service_(parameters.number("lasWeightService")),
        weight_wait_(parameters.number("lasWeightHeadWait")),
        ledger_(ledger) {}

  Flows::iterator pick(Flows& flows, Nanoseconds now) override {
    double most_service = 0, longest_wait = 0;
    for (const auto& [name, places] : flows) {
      most_service = std::max(most_service, ledger_.at(name, now));
      longest_wait = std::max(longest_wait, wait(places, now));
    }
    const auto score = [&](Flows::const_reference flow) {
      const double service = most_service > 0 ? ledger_.at(flow.first, now) / most_service : 0;
      const double waited = longest_wait > 0 ? wait(flow.second, now) / longest_wait : 0;
      return weight_service_ * (1 - service) + weight_wait_ * waited;
    };
    auto best = flows.begin();
    double best_score = score(*best);
    for (auto flow = std::next(best); flow != flows.end(); ++flow) {
      const double own = score(*flow);
      const bool came_first = flow->second.begin()->number < best->second.begin()->number;
      if (own < best_score || (own == best_score && !came_first)) continue;
      best = flow;
      best_score = own;
    }
    return best;
  }

 private:
  static double wait(const std::set<FlowPlace>& places, Nanoseconds now) {
    return to_seconds(now - places.begin()->arrival);
  }

  double weight_service_, weight_wait_;
  const AttainedService& ledger_;
};

}  // namespace

void AttainedService::add(const std::string& flow, double service, Nanoseconds now) {
  Account& account = accounts_[flow];
  account = {decayed(account, now) + service, now};
}

double AttainedService::at(const std::string& flow, Nanoseconds now) const {
  const auto found = accounts_.find(flow);
  return found == accounts_.end() ? 0 : decayed(found->second, now);
}

double AttainedService::decayed(const Account& account, Nanoseconds now) const {
  return account.service * portable_exp(-kLog2 * to_seconds(now - account.at) / half_life_seconds_);
}

Ledgers empty_ledgers(const EppSettings& settings) {
  Ledgers ledgers;
  for (const PluginSettings& plugin : settings.plugins)
    if (plugin.type == kProgramAware)
      ledgers.try_emplace(plugin.name, plugin.parameters.number("lasHalfLifeSeconds"));
  return ledgers;
}

std::unique_ptr<FairnessPolicy> make_fairness(const PluginSettings& plugin, const Ledgers& ledgers) {
  const std::size_t type =
      type_among(plugin, "fairness policy",
                 {"global-strict-fairness-policy", "round-robin-fairness-policy", kProgramAware});
  if (type == 0) return std::make_unique<GlobalStrict>();
  if (type == 1) return std::make_unique<RoundRobin>();
  return std::make_unique<LeastAttainedService>(plugin.parameters, ledgers.at(plugin.name));
}

}  // namespace kvsim::sim
