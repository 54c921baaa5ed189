// SPDX-License-Identifier: Apache-2.0
// One plausible profile in place of the best one.
//
// Where the profile has draws of its own, the index-th of a seeded permutation of them: as many indices as
// there are draws give each once, later ones begin again. Any other coefficient is drawn on its own, from
// [low, high] read as a 90 % interval around `value` as the median: on each side the share of the way to a
// limit beyond low (or high) falls off as a triangle, in the logarithm, so that 5 % lie beyond each end; a
// share of a peak ends at 1, and a range down to 0 at 0, linearly. A range of no width stays where it is.
// The same seed, index, name of profile and name of coefficient give the same draw, wherever it is used.
// num_gpu_blocks is a measured number without a range and stays.
#pragma once

#include <cstdint>

#include "models/profile.h"

namespace kvsim::models {

struct ProfileDraw {
  std::uint64_t seed = 1;
  std::uint64_t index = 0;
};

// low and high of its coefficients are those of `value`, and it has no draws.
PerformanceProfile draw_profile(const PerformanceProfile& profile, ProfileDraw draw);

// The distribution alone: `position` in [0, 1) is the share of all draws that lie below.
double drawn_value(const Coefficient& coefficient, bool is_share, double position);

}  // namespace kvsim::models
