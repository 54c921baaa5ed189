// SPDX-License-Identifier: Apache-2.0
// What `kvsim validate --json` prints: {cases, pairs, summary}; docs/case.md gives the keys.
#pragma once

#include <ostream>
#include <vector>

#include "validation/compare.h"

namespace kvsim::cli {

void write_validation_json(std::ostream& out, const std::vector<validation::CaseResult>& results);

}  // namespace kvsim::cli
