// SPDX-License-Identifier: Apache-2.0
// Which flow of a band is next (llm-d-router's fairness policies).
//   global-strict-fairness-policy  flows do not matter: the smallest place of all
//   round-robin-fairness-policy    in turn, by name, those that wait; each band has its own turn
//   program-aware-fairness         strategy las: least attained service first. Service of a flow is the sum
//                                  over its answers of input + 2 * output tokens, each halved with every
//                                  lasHalfLifeSeconds that pass. The highest
//                                    lasWeightService * (1 - service / most service of those that wait)
//                                    + lasWeightHeadWait * wait of its head / longest wait of a head
//                                  is next [K: how the two are brought to one scale]; ties go to the head
//                                  that came first. Bands that name the same plugin share its ledger.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "sim/routing/flow_ordering.h"
#include "sim/scenario/router_settings.h"

namespace kvsim::sim {

// What flows have been given lately.
class AttainedService {
 public:
  explicit AttainedService(double half_life_seconds) : half_life_seconds_(half_life_seconds) {}
  void add(const std::string& flow, double service, Nanoseconds now);
  double at(const std::string& flow, Nanoseconds now) const;

 private:
  struct Account {
    double service = 0;
    Nanoseconds at = 0;
  };
  double decayed(const Account& account, Nanoseconds now) const;
  double half_life_seconds_;
  std::map<std::string, Account> accounts_;
};

class FairnessPolicy {
 public:
  virtual ~FairnessPolicy() = default;
  virtual Flows::iterator pick(Flows& flows, Nanoseconds now) = 0;  // of at least one
};

// By name of the plugin that keeps it.
using Ledgers = std::map<std::string, AttainedService>;
Ledgers empty_ledgers(const EppSettings& settings);

// `ledgers` are of the same settings and outlive the policy. InputError where the plugin is no fairness
// policy.
std::unique_ptr<FairnessPolicy> make_fairness(const PluginSettings& plugin, const Ledgers& ledgers);

}  // namespace kvsim::sim
