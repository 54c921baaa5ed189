// SPDX-License-Identifier: Apache-2.0
// `measured: {read: ...}` of a case: figures out of the files of a benchmark, as they are.
#pragma once

#include <vector>

#include "validation/figure.h"

namespace kvsim::validation {

struct MeasuredOf {
  const std::string& case_file;
  const SourceOf& source;
  std::string& not_run;  // set where the files are not here
};

// Stages that the files call a warm-up are left out, as those of `skip_stages` are.
std::vector<MeasuredFigure> read_measured(Fields measured, MeasuredOf of, Problems& problems);

}  // namespace kvsim::validation
