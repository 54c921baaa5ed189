// SPDX-License-Identifier: Apache-2.0
// A case YAML (docs/case.md) out of measurements.
#pragma once

#include <string>
#include <vector>

#include "validation/figure.h"

namespace kvsim::validation {

struct CaseRequest {
  std::string name;
  std::string about;
  SourceOf source;
  std::string fleet, workload;  // paths from the case's folder
  std::vector<MeasuredFigure> figures;
};
std::string case_text(const CaseRequest& request);

}  // namespace kvsim::validation
