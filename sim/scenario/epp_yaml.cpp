// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/text.h"
#include "sim/scenario/epp_config.h"
#include "sim/scenario/parameters_yaml.h"
#include "sim/scenario/yaml_text.h"

namespace kvsim::sim {
namespace {

std::string plugin_yaml(const PluginSettings& plugin) {
  return fmt::format("{{name: {}, type: {}, parameters: {}}}", yaml_text(plugin.name), yaml_text(plugin.type),
                     parameters_yaml(find_plugin_type(plugin.type)->parameters, plugin.parameters));
}

bool is_scorer(const PluginSettings& plugin) {
  return find_plugin_type(plugin.type)->is(PluginKind::kScorer);
}

std::string use_yaml(const ProfileSettings::Use& use, const EppSettings& settings) {
  const PluginSettings& plugin = settings.plugins[use.plugin];
  const std::string weight = is_scorer(plugin) ? ", weight: " + yaml_number(use.weight) : "";
  return fmt::format("{{pluginRef: {}{}}}", yaml_text(plugin.name), weight);
}

std::string band_limits(const PriorityBand& band) {
  return fmt::format("maxBytes: {}, maxRequests: {}, fairnessPolicyRef: {}, orderingPolicyRef: {}",
                     yaml_number(band.max_bytes), yaml_number(band.max_requests), yaml_text(band.fairness),
                     yaml_text(band.ordering));
}

std::vector<std::string> flow_lines(const FlowControlSettings& flow) {
  std::vector<std::string> lines{
      "flowControl:",
      fmt::format("  maxBytes: {}", yaml_number(flow.max_bytes)),
      fmt::format("  maxRequests: {}", yaml_number(flow.max_requests)),
      fmt::format("  defaultRequestTTL: {}s", yaml_number(flow.request_ttl_seconds)),
      fmt::format("  noEndpointRequestTTL: {}s", yaml_number(flow.no_endpoint_ttl_seconds)),
      fmt::format("  usageLimitPolicyPluginRef: {}", yaml_text(flow.usage_limit)),
      fmt::format("  enableEviction: {}", flow.eviction),
      fmt::format("  defaultPriorityBand: {{{}}}", band_limits(flow.default_band)),
      fmt::format("  defaultNegativePriorityBand: {{{}}}", band_limits(flow.default_negative_band)),
      flow.bands.empty() ? "  priorityBands: []" : "  priorityBands:"};
  for (const PriorityBand& band : flow.bands)
    lines.push_back(fmt::format("    - {{priority: {}, {}}}", band.priority, band_limits(band)));
  return lines;
}

std::vector<std::string> epp_lines(const EppSettings& settings) {
  std::vector<std::string> lines{"apiVersion: llm-d.ai/v1alpha1", "kind: EndpointPickerConfig"};
  if (settings.flow_control.enabled) lines.emplace_back("featureGates: [flowControl]");
  lines.emplace_back("plugins:");
  for (const PluginSettings& plugin : settings.plugins) lines.push_back("  - " + plugin_yaml(plugin));
  lines.emplace_back("schedulingProfiles:");
  for (const ProfileSettings& profile : settings.profiles) {
    lines.push_back(fmt::format("  - name: {}", yaml_text(profile.name)));
    lines.emplace_back("    plugins:");
    for (const ProfileSettings::Use& use : profile.uses)
      lines.push_back("      - " + use_yaml(use, settings));
  }
  lines.push_back(
      fmt::format("saturationDetector: {{pluginRef: {}}}", yaml_text(settings.saturation_detector)));
  if (settings.flow_control.enabled) {
    const std::vector<std::string> flow = flow_lines(settings.flow_control);
    lines.insert(lines.end(), flow.begin(), flow.end());
  }
  return lines;
}

}  // namespace

std::string epp_yaml(const EppSettings& settings, const std::string& indent) {
  std::string text;
  for (const std::string& line : epp_lines(settings)) text += indent + line + "\n";
  return text;
}

}  // namespace kvsim::sim
