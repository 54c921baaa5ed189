// SPDX-License-Identifier: Apache-2.0
// llm-d modelservice Helm values, at any depth of the file: each map with `decode` or `prefill` is a
// deployment.
#pragma once

#include <vector>

#include "base/document.h"
#include "sim/scenario/foreign.h"

namespace kvsim::sim {

std::vector<ForeignPool> read_helm_values(const std::vector<Document>& documents, ForeignReading& reading);

}  // namespace kvsim::sim
