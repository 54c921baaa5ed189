// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/label_plugins.h"

#include <algorithm>
#include <map>

#include "sim/routing/request_headers.h"

namespace kvsim::sim {
namespace {

constexpr const char* kRole = "llm-d.ai/role";
using Labels = std::map<std::string, std::string>;

bool contains(const std::vector<std::string>& values, const std::string& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

bool has_all(const Labels& labels, const std::vector<std::string>& pairs) {  // "name=value"
  return std::all_of(pairs.begin(), pairs.end(), [&](const std::string& pair) {
    const std::size_t equals = pair.find('=');
    const auto found = labels.find(pair.substr(0, equals));
    return found != labels.end() && found->second == pair.substr(equals + 1);
  });
}

// As Kubernetes has it: NotIn is true of an absent label.
bool fulfils(const Labels& labels, const Parameters& parameters, const std::string& expression) {
  const auto found = labels.find(parameters.text(expression + "key"));
  const std::string& relation = parameters.text(expression + "operator");
  if (relation == "Exists") return found != labels.end();
  if (relation == "DoesNotExist") return found == labels.end();
  const bool in = found != labels.end() && contains(parameters.list(expression + "values"), found->second);
  return in == (relation == "In");
}

}  // namespace

void FixedFilter::filter(const RoutingCall&, EndpointIds& endpoints) {
  std::erase_if(endpoints, [&](EndpointId endpoint) { return fit_[endpoint] == 0; });
}

ByLabelFilter::ByLabelFilter(const PluginSet& set, const std::string& label,
                             const std::vector<std::string>& valid, bool allows_none) {
  for (const Endpoint& endpoint : set.endpoints()) {
    const auto found = endpoint.labels.find(label);
    fit_.push_back(found == endpoint.labels.end() ? allows_none : contains(valid, found->second));
  }
}

ByLabelFilter::ByLabelFilter(const PluginSettings& settings, PluginSet& set)
    : ByLabelFilter(set, settings.parameters.text("label"), settings.parameters.list("validValues"),
                    settings.parameters.flag("allowsNoLabel")) {}

DecodeFilter::DecodeFilter(const PluginSettings&, PluginSet& set)
    : ByLabelFilter(set, kRole, {"decode", "both", "prefill-decode", "encode-prefill-decode"}, true) {}

PrefillFilter::PrefillFilter(const PluginSettings&, PluginSet& set)
    : ByLabelFilter(set, kRole, {"prefill", "encode-prefill"}, false) {}

EncodeFilter::EncodeFilter(const PluginSettings&, PluginSet& set)
    : ByLabelFilter(set, kRole, {"encode", "encode-prefill", "encode-prefill-decode"}, false) {}

LabelSelectorFilter::LabelSelectorFilter(const PluginSettings& settings, PluginSet& set) {
  const Parameters& parameters = settings.parameters;
  const int expressions = static_cast<int>(parameters.number("matchExpressions.count"));
  for (const Endpoint& endpoint : set.endpoints()) {
    bool fit = has_all(endpoint.labels, parameters.list("matchLabels"));
    for (int i = 0; i < expressions; ++i)
      fit = fit && fulfils(endpoint.labels, parameters, "matchExpressions." + std::to_string(i) + ".");
    fit_.push_back(fit);
  }
}

HeaderLabelScorer::HeaderLabelScorer(const PluginSettings& settings, PluginSet& set)
    : header_(settings.parameters.text("headerName")),
      labels_(set.endpoints(), settings.parameters.text("labelKey")) {}

void HeaderLabelScorer::score(const RoutingCall& call, const EndpointIds& endpoints,
                              std::vector<double>& scores) {
  const std::uint32_t wanted = labels_.id(header(call.request, header_));
  for (std::size_t i = 0; i < endpoints.size(); ++i)
    scores[i] = wanted != LabelColumn::kAbsent && labels_.of(endpoints[i]) == wanted ? 1 : 0;
}

}  // namespace kvsim::sim
