// SPDX-License-Identifier: Apache-2.0
// One side of a comparison: runs of one fleet under different seeds, read from their summaries.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/document.h"
#include "base/errors.h"

namespace kvsim::sim {

struct ComparedRun {
  std::uint64_t seed = 1;
  std::string file;
  std::shared_ptr<const Node> summary;
};

struct ComparedSide {
  std::string name;               // as the user named it
  std::vector<ComparedRun> runs;  // by seed, each seed once
};

// The summaries that `place` holds: itself, where it is a file; its summary.json; those of its points, where
// it is a sweep's folder; or those of its sub-folders. None: a problem, and nothing.
std::vector<std::string> summaries_in(const std::string& place, Problems& problems);

// Problems: each file that is no summary of a run or has another schema, and the first run whose seed
// another has, or that has another fleet.
ComparedSide read_side(const std::string& name, const std::vector<std::string>& files, Problems& problems);

}  // namespace kvsim::sim
