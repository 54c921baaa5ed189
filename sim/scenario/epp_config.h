// SPDX-License-Identifier: Apache-2.0
// An EndpointPickerConfig (llm-d-router; Gateway API Inference Extension) to EppSettings, complete with what
// the router adds by itself. A foreign file: keys that nobody knows are listed under Validity, as is what has
// no effect in simulation and why. A plugin type that does not exist, a reference to nothing and a value out
// of range are problems, each with file and line.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/document.h"
#include "base/errors.h"
#include "sim/scenario/epp_plugins.h"
#include "sim/scenario/fleet.h"
#include "sim/scenario/router_settings.h"

namespace kvsim::sim {

struct EppContext {
  RouterVersion version;  // whose defaults hold
  Problems& problems;
  std::vector<Validity>& validity;
};

struct EppConfig {
  EppSettings settings;
  std::optional<double> scrape_seconds;  // where a metrics-data-source says
};

// Nothing, and problems, where the file has faults.
std::optional<EppConfig> read_epp_config(const std::vector<Document>& documents, const std::string& file,
                                         EppContext& context);
std::optional<EppConfig> read_epp_config(const Node& inside, const std::string& file, const std::string& path,
                                         EppContext& context);

// The same as an EndpointPickerConfig with everything spelled out in today's names, as YAML lines that start
// with `indent`. Reading them gives these settings again.
std::string epp_yaml(const EppSettings& settings, const std::string& indent);

}  // namespace kvsim::sim
