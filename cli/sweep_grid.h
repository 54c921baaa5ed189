// SPDX-License-Identifier: Apache-2.0
// The grid that the --set lists of a sweep span, and what is looked at there.
#pragma once

#include <string>
#include <vector>

#include "sim/report/sweep.h"

namespace kvsim::cli {

inline constexpr std::size_t kMaxSweepRuns = 100'000;

// Of "PATH=V1,V2,...": commas split outside brackets and quotes. UsageError for a missing value, and for a
// path or a value of one path given twice.
std::vector<sim::SweepAxis> sweep_axes(const std::vector<std::string>& settings);

// Every combination of values, one value an axis; the last axis changes fastest. UsageError where there are
// more than kMaxSweepRuns.
std::vector<std::vector<std::string>> sweep_grid(const std::vector<sim::SweepAxis>& axes, std::size_t seeds);

// `asked`, or else the usual six. UsageError for what no summary holds, and for one given twice.
std::vector<std::string> sweep_metrics(const std::vector<std::string>& asked);

}  // namespace kvsim::cli
