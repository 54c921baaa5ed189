// SPDX-License-Identifier: Apache-2.0
// Filters and a scorer by labels.
//   decode-filter          roles decode, both, prefill-decode, encode-prefill-decode, and no role [K]
//   prefill-filter         roles prefill, encode-prefill [K]
//   encode-filter          roles encode, encode-prefill, encode-prefill-decode [K]
//   by-label               label has one of validValues; allowsNoLabel: or is absent
//   label-selector-filter  matchLabels and matchExpressions, as Kubernetes selects by labels
//   header-label-affinity-scorer  1 where label labelKey has the value of header headerName, else 0
// The role is the label llm-d.ai/role.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/routing/label_column.h"
#include "sim/routing/plugin_registry.h"

namespace kvsim::sim {

// Keeps endpoints that were found fit when it was made.
class FixedFilter : public Filter {
 public:
  void filter(const RoutingCall&, EndpointIds& endpoints) final;

 protected:
  std::vector<std::uint8_t> fit_;  // by endpoint
};

class ByLabelFilter : public FixedFilter {
 public:
  ByLabelFilter(const PluginSettings& settings, PluginSet& set);

 protected:
  ByLabelFilter(const PluginSet& set, const std::string& label, const std::vector<std::string>& valid,
                bool allows_none);
};

class DecodeFilter final : public ByLabelFilter {
 public:
  DecodeFilter(const PluginSettings&, PluginSet& set);
};

class PrefillFilter final : public ByLabelFilter {
 public:
  PrefillFilter(const PluginSettings&, PluginSet& set);
};

class EncodeFilter final : public ByLabelFilter {
 public:
  EncodeFilter(const PluginSettings&, PluginSet& set);
};

class LabelSelectorFilter final : public FixedFilter {
 public:
  LabelSelectorFilter(const PluginSettings& settings, PluginSet& set);
};

class HeaderLabelScorer final : public Scorer {
 public:
  HeaderLabelScorer(const PluginSettings& settings, PluginSet& set);
  void score(const RoutingCall& call, const EndpointIds& endpoints, std::vector<double>& scores) override;

 private:
  std::string header_;
  LabelColumn labels_;
};

}  // namespace kvsim::sim
