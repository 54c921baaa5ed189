// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sim/scenario/epp_config.h"

namespace kvsim::sim {

struct ReadEpp {
  std::optional<EppConfig> config;
  std::string problems;  // one line for each
  std::vector<Validity> notes;

  bool notes_that(const std::string& text) const {
    for (const Validity& note : notes) {
      if ((note.what + ": " + note.reason).find(text) != std::string::npos) return true;
    }
    return false;
  }
};

inline ReadEpp read_epp(const std::vector<Document>& documents, const std::string& file,
                        const std::string& version = "") {
  ReadEpp result;
  Problems problems;
  EppContext context{parse_router_version(version).value(), problems, result.notes};
  result.config = read_epp_config(documents, file, context);
  for (const Problem& problem : problems.all()) result.problems += to_string(problem) + "\n";
  return result;
}

inline ReadEpp epp_of(const std::string& yaml, const std::string& version = "") {
  return read_epp(parse_yaml_documents(yaml, "epp.yaml"), "epp.yaml", version);
}

// An EndpointPickerConfig of these lines.
inline ReadEpp epp_with(const std::string& lines, const std::string& version = "") {
  return epp_of("apiVersion: llm-d.ai/v1alpha1\nkind: EndpointPickerConfig\n" + lines, version);
}

inline ReadEpp epp_of_file(const std::string& path, const std::string& version = "") {
  return read_epp(load_yaml_documents(path), path, version);
}

inline const PluginSettings& plugin_of(const ReadEpp& epp, const std::string& name) {
  for (const PluginSettings& plugin : epp.config.value().settings.plugins) {
    if (plugin.name == name) return plugin;
  }
  throw std::out_of_range("no plugin " + name + "; " + epp.problems);
}

}  // namespace kvsim::sim
