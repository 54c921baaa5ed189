// SPDX-License-Identifier: Apache-2.0
#include "planner/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "planner/slo_of.h"
#include "planner/summary_parts.h"
#include "sim/report/sweep_runs.h"

namespace kvsim::planner {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

double completed_share(const Node& group) {
  return number(group, "requests.completed") / number(group, "requests.offered");
}

// Of all requests in the class within all of its limits; nothing: the run had none.
std::optional<double> attainment(const Node& summary, const std::string& slo_class) {
  if (const Node* slo = sim::item_named(summary, "slo", "class", slo_class))
    return number(*slo, "attainment");
  if (const Node* group = sim::item_named(summary, "classes", "name", slo_class))
    return completed_share(*group);
  return std::nullopt;
}

class Judge {
 public:
  explicit Judge(const Summaries& summaries) : summaries_(summaries) {}

  void hold_against(const SloPlan& slo) {
    const SloGoal& goal = slo.normal;
    const std::string name = label_of(slo);
    std::vector<double> shares;
    for (const auto& summary : summaries_)
      if (const auto share = attainment(*summary, name)) shares.push_back(*share);
    if (shares.empty()) return;  // nobody asks in this class
    const double worst = *std::min_element(shares.begin(), shares.end());
    check({name, "attainment", worst, goal.attainment, worst >= goal.attainment});
    double sum = 0;
    for (const double share : shares) sum += share / static_cast<double>(shares.size());
    judgement_.attainment = std::min(judgement_.attainment, sum);
    for (const SloTarget& target : goal.targets) hold_against(name, target);
  }

  Judgement finish() {
    for (const auto& summary : summaries_) add_run(*summary);
    judgement_.ran = true;
    judgement_.passes = judgement_.misses.empty();
    return std::move(judgement_);
  }

 private:
  void hold_against(const std::string& slo_class, const SloTarget& target) {
    double worst = -kInfinity;
    for (const auto& summary : summaries_) {
      const Node* group = sim::item_named(*summary, "classes", "name", slo_class);
      const std::string path = fmt::format("latency.{}_seconds.{}", target.metric, target.statistic);
      const double value = group == nullptr ? kUnknown : number(*group, path);
      worst = std::isnan(value) ? value : std::max(worst, value);
    }
    check({slo_class, target.metric + " " + target.statistic, worst, target.limit_seconds,
           worst <= target.limit_seconds});
  }

  void check(GoalCheck check) {
    if (!check.met) {
      const bool is_share = check.what == "attainment";
      judgement_.misses.push_back(fmt::format("{}{} {:.4g}{} {} {:.4g}{}", check.slo_class + ": ", check.what,
                                              check.value, is_share ? "" : " s", is_share ? "under" : "over",
                                              check.goal, is_share ? "" : " s"));
    }
    judgement_.checks.push_back(std::move(check));
  }

  void add_run(const Node& summary) {
    judgement_.completed_share = std::min(judgement_.completed_share, completed_share(summary));
    const Node* state = summary.find("verdict") == nullptr ? nullptr : summary.find("verdict")->find("state");
    if (state != nullptr && state->scalar == "queue_grows") judgement_.queue_grows = true;
  }

  const Summaries& summaries_;
  Judgement judgement_{false, false, {}, {}, 1, 1, false, {}};
};

AcceleratorWatts watts_of(const std::vector<PoolOption>& pools, const Summaries& summaries) {
  AcceleratorWatts watts(pools.size(), kUnknown);
  for (std::size_t i = 0; i < pools.size(); ++i) {
    double sum = 0;
    for (const auto& summary : summaries) {
      const Node* pool = sim::item_named(*summary, "pools", "name", pools[i].name);
      if (pool == nullptr) break;
      const double servers = number(*pool, "replicas") / pools[i].replicas_per_server;
      sum += number(*pool, "mean_watts") / servers / static_cast<double>(summaries.size());
      watts[i] = sum;
    }
  }
  return watts;
}

}  // namespace

Judgement judge(const Problem& problem, const std::vector<PoolOption>& pools, const Summaries& summaries) {
  Judge judge(summaries);
  for (const SloPlan& slo : problem.slos) judge.hold_against(slo);
  Judgement judgement = judge.finish();
  judgement.watts = watts_of(pools, summaries);
  return judgement;
}

Problem in_degraded_operation(Problem problem) {
  for (SloPlan& slo : problem.slos)
    if (slo.degraded) slo.normal = *slo.degraded;
  return problem;
}

}  // namespace kvsim::planner
