// SPDX-License-Identifier: Apache-2.0
// OpenMetrics 1.0 text with a time at every sample, which `promtool tsdb create-blocks-from openmetrics`
// takes in: family after family, in it engine after engine, in it time after time. Labels are vLLM's
// `model_name` and `engine`, and those that a scrape of pods adds.
#pragma once

#include <ostream>
#include <string>
#include <string_view>

#include "sim/report/exports/engine_scrapes.h"

namespace kvsim::sim {

void write_openmetrics(std::ostream& out, const EngineScrapes& scrapes);

// A label's value between its quotes. Control characters other than the line break become spaces.
std::string openmetrics_text(std::string_view text);

}  // namespace kvsim::sim
