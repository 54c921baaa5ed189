// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/endpoint_attribute_plugins.h"

#include <algorithm>
#include <map>

#include "sim/routing/score_arrays.h"

namespace kvsim::sim {
namespace {

using Relation = std::function<bool(double, double)>;

Relation relation(const std::string& name) {
  static const std::map<std::string, Relation> relations{
      {"lt", std::less<>()},           {"lte", std::less_equal<>()}, {"gt", std::greater<>()},
      {"gte", std::greater_equal<>()}, {"eq", std::equal_to<>()},    {"neq", std::not_equal_to<>()}};
  return relations.at(name);
}

}  // namespace

EndpointAttributeScorer::EndpointAttributeScorer(const PluginSettings& settings, PluginSet&)
    : metric_(settings.parameters.text("attributeKey")),
      low_is_better_(settings.parameters.text("algorithm") == "lower-is-better"),
      fixed_(settings.parameters.text("normalization") == "fixed"),
      low_(settings.parameters.number("fixedRange.min")),
      high_(settings.parameters.number("fixedRange.max")) {}

void EndpointAttributeScorer::score(const RoutingCall& call, const EndpointIds& endpoints,
                                    std::vector<double>& scores) {
  if (endpoints.empty()) return;
  metric_.of_all(call, endpoints, scores);
  const double low = fixed_ ? low_ : smallest(scores), high = fixed_ ? high_ : largest(scores);
  if (low == high) return std::fill(scores.begin(), scores.end(), 1.0);
  for (double& value : scores) {
    const double place = std::clamp((value - low) / (high - low), 0.0, 1.0);
    value = low_is_better_ ? 1 - place : place;
  }
}

RouterNeeds ConditionFilter::needs() const {
  RouterNeeds all;
  for (const Condition& condition : conditions_) {
    const RouterNeeds needs = condition.metric.needs();
    all.gauges |= needs.gauges;
    all.kv_usage |= needs.kv_usage;
  }
  return all;
}

void ConditionFilter::filter(const RoutingCall& call, EndpointIds& endpoints) {
  kept_.clear();
  for (const EndpointId endpoint : endpoints)
    if (std::all_of(conditions_.begin(), conditions_.end(), [&](const Condition& condition) {
          return condition.keeps(condition.metric.of(call, endpoint), condition.threshold);
        }))
      kept_.push_back(endpoint);
  if (!kept_.empty() || !falls_back_) std::swap(endpoints, kept_);
}

EndpointAttributeFilter::EndpointAttributeFilter(const PluginSettings& settings, PluginSet&)
    : ConditionFilter(settings.parameters.flag("fallbackOnEmpty")) {
  conditions_.push_back({EndpointMetric(settings.parameters.text("attribute")),
                         relation(settings.parameters.text("operator")),
                         settings.parameters.number("threshold")});
}

UtilizationFilter::UtilizationFilter(const PluginSettings& settings, PluginSet&)
    : ConditionFilter(settings.parameters.flag("fallbackOnEmpty")) {
  const int count = static_cast<int>(settings.parameters.number("conditions.count"));
  for (int i = 0; i < count; ++i) {
    const std::string condition = "conditions." + std::to_string(i) + ".";
    conditions_.push_back({EndpointMetric(settings.parameters.text(condition + "metric")), relation("lte"),
                           settings.parameters.number(condition + "threshold")});
  }
}

}  // namespace kvsim::sim
