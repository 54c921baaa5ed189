// SPDX-License-Identifier: Apache-2.0
// Named shapes of a day (24 weights) or a week (168, from Monday 00:00), from
// traces/population/hourly_profiles.yaml.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/fields.h"

namespace kvsim::traces {

struct HourlyProfile {
  std::string name;
  std::string source;
  std::vector<double> weights;
};

const std::vector<HourlyProfile>& hourly_profiles();  // read once; InputError where the data file is broken

// The profile under `key`: a name of the above or a list of 24 or 168 weights, not all 0. `fallback` is a
// name.
std::vector<double> read_profile(Fields& parent, std::string_view key, const std::string& fallback);

}  // namespace kvsim::traces
