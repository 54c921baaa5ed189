// SPDX-License-Identifier: Apache-2.0
// Where in a file an EndpointPickerConfig stands: the file itself, Helm values
// (inferenceExtension.pluginsCustomConfig.<file> as a string, chosen by pluginsConfigFile), or anywhere else,
// as a map or as text.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/document.h"
#include "base/errors.h"

namespace kvsim::sim {

struct FoundEpp {
  Node node;  // lines are those of the file, quotes do not matter
  std::string file;
  std::string path;  // dotted, in the file; empty: the whole of it
};

// Nothing, and a problem, where there is none, or several of which no `pluginsConfigFile` chooses one.
std::optional<FoundEpp> find_epp(const std::vector<Document>& documents, const std::string& file,
                                 Problems& problems);

}  // namespace kvsim::sim
