// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/epp_read_flow.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/quantity.h"
#include "base/text.h"
#include "sim/scenario/pool_spec.h"
#include "sim/scenario/read_parameters.h"
#include "sim/scenario/setting_reader.h"

namespace kvsim::sim {
namespace {

constexpr const char* kDefaultDetector = "utilization-detector";

double quantity(Fields& fields, const std::string& key, double fallback) {
  const std::optional<std::string> text = fields.maybe_text(key);
  if (!text) return fallback;
  const auto value = parse_kubernetes_quantity(*text);
  if (!value)
    fields.problem(key, fmt::format("found \"{}\"", shortened(*text)),
                   "give a quantity such as 500, 5k or 1Gi");
  return value.value_or(fallback);
}

std::string reference(Fields& fields, const std::string& key, const std::vector<PluginKind>& kinds,
                      EppDraft& draft) {
  const std::string name = fields.text(key, "");
  if (name.empty()) return "";
  const auto plugin = draft.refer(name, kinds, {fields.location(key), inner_path(fields.path(), key)}, true);
  return plugin ? draft.at(*plugin).settings.name : "";
}

class FlowReader {
 public:
  FlowReader(Fields& flow, EppDraft& draft) : flow_(flow), draft_(draft) {}

  FlowControlSettings read() {
    FlowControlSettings settings;
    settings.enabled = true;
    settings.max_bytes = quantity(flow_, "maxBytes", 0);
    settings.max_requests = quantity(flow_, "maxRequests", 0);
    settings.request_ttl_seconds =
        read_duration(flow_, "defaultRequestTTL").value_or(settings.request_ttl_seconds);
    settings.no_endpoint_ttl_seconds =
        read_duration(flow_, "noEndpointRequestTTL").value_or(settings.request_ttl_seconds);
    settings.eviction = flow_.boolean("enableEviction", false);
    settings.usage_limit = reference(flow_, "usageLimitPolicyPluginRef", {PluginKind::kUsageLimit}, draft_);
    if (settings.usage_limit.empty()) settings.usage_limit = standard("static-usage-limit-policy");
    read_bands(settings);
    draft_.note_unknown(flow_);
    return settings;
  }

 private:
  void read_bands(FlowControlSettings& settings) {
    PriorityBand band{.fairness = {}, .ordering = {}};
    Fields usual = flow_.map("defaultPriorityBand");
    settings.default_band = read_band(usual, band);
    complete(settings.default_band);
    Fields negative = flow_.map("defaultNegativePriorityBand");
    settings.default_negative_band = read_band(negative, settings.default_band);
    for (Fields& entry : flow_.maps("priorityBands")) {
      const std::int32_t priority = priority_of(entry);
      band = read_band(entry, priority < 0 ? settings.default_negative_band : settings.default_band);
      band.priority = priority;
      const bool is_second =
          std::any_of(settings.bands.begin(), settings.bands.end(),
                      [&](const PriorityBand& other) { return other.priority == priority; });
      if (is_second) entry.problem("priority", "a second band of this priority", "give each its own");
      settings.bands.push_back(band);
    }
    std::stable_sort(settings.bands.begin(), settings.bands.end(),
                     [](const PriorityBand& a, const PriorityBand& b) { return a.priority > b.priority; });
  }

  std::int32_t priority_of(Fields& entry) {
    using Limits = std::numeric_limits<std::int32_t>;
    return static_cast<std::int32_t>(entry.integer("priority", {Limits::min(), Limits::max()}));
  }

  PriorityBand read_band(Fields& fields, PriorityBand band) {
    band.priority = 0;
    fields.raw("priority");
    band.max_bytes = quantity(fields, "maxBytes", band.max_bytes);
    band.max_requests = quantity(fields, "maxRequests", band.max_requests);
    const std::string fairness = reference(fields, "fairnessPolicyRef", {PluginKind::kFairness}, draft_);
    const std::string ordering = reference(fields, "orderingPolicyRef", {PluginKind::kOrdering}, draft_);
    if (!fairness.empty()) band.fairness = fairness;
    if (!ordering.empty()) band.ordering = ordering;
    draft_.note_unknown(fields);
    return band;
  }

  void complete(PriorityBand& band) {
    if (band.fairness.empty()) band.fairness = standard("global-strict-fairness-policy");
    if (band.ordering.empty()) band.ordering = standard("fcfs-ordering-policy");
  }

  std::string standard(const char* type) { return draft_.at(draft_.first_or_added(type)).settings.name; }

  Fields& flow_;
  EppDraft& draft_;
};

// Thresholds that stand where today a reference does.
std::optional<EppDraft::Index> old_detector(Fields& detector, EppDraft& draft) {
  if (!detector.present() || detector.has("pluginRef")) return {};
  const PluginType& type = *find_plugin_type(kDefaultDetector);
  const EppDraft::Index index = draft.add(type);
  Node parameters;
  parameters.kind = Node::Kind::kMap;
  for (const std::string& key : detector.keys()) parameters.members.emplace_back(key, *detector.raw(key));
  ParameterReader reader(type.parameters, draft.context().version, draft.context().problems);
  draft.entries()[index].settings.parameters = reader.read({&parameters, detector.file(), detector.path()});
  for (const UnusedParameter& unused : reader.unused())
    draft.note({unused.where, inner_path(detector.path(), shortened(unused.key))}, kUnknownKey);
  return index;
}

}  // namespace

std::string read_saturation_detector(Fields& root, Fields& flow, EppDraft& draft) {
  Fields top = root.map("saturationDetector");
  Fields inner = flow.map("saturationDetector");
  if (const auto old = old_detector(top, draft)) return draft.at(*old).settings.name;
  const std::string at_top = reference(top, "pluginRef", {PluginKind::kDetector}, draft);
  const std::string within = reference(inner, "pluginRef", {PluginKind::kDetector}, draft);
  draft.note_unknown(top);
  draft.note_unknown(inner);
  if (!at_top.empty() && !within.empty() && at_top != within)
    inner.problem("pluginRef", fmt::format("at the top `saturationDetector` says '{}'", shortened(at_top)),
                  "keep one");
  if (!within.empty()) return within;
  if (!at_top.empty()) return at_top;
  return draft.at(draft.first_or_added(kDefaultDetector)).settings.name;
}

FlowControlSettings read_flow_control(Fields& flow, bool enabled, EppDraft& draft) {
  if (enabled) return FlowReader(flow, draft).read();
  if (flow.present())
    draft.note({flow.location(), flow.path()}, "means nothing without `featureGates: [flowControl]`");
  return {};
}

}  // namespace kvsim::sim
