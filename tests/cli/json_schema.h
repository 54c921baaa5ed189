// SPDX-License-Identifier: Apache-2.0
// Holds a YAML or JSON document against a schema of schemas/: all keywords that these schemas use; another
// one is a fault, so that nothing passes unread.
#pragma once

#include <string>
#include <vector>

#include "base/document.h"

namespace kvsim::testing {

// Each fault with its path in the document. `schema` is a file's name, such as "model.schema.json".
std::vector<std::string> schema_faults(const Node& document, const std::string& schema);

const Node& schema_root(const std::string& schema);  // read once

}  // namespace kvsim::testing
