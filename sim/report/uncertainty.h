// SPDX-License-Identifier: Apache-2.0
// The figures of a run that get a band, out of its summary.json and those of runs with drawn profiles.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/document.h"
#include "sim/metrics/summary.h"

namespace kvsim::sim {

// Puts the bands into `best`, the run at best values, with what a reader must know of them. `draws`: roots of
// summary.json, at least one; `failed`: draws that gave no run.
void add_bands(Summary& best, const std::vector<std::shared_ptr<const Node>>& draws, std::uint64_t failed);

}  // namespace kvsim::sim
