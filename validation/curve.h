// SPDX-License-Identifier: Apache-2.0
// A measured curve: values over one x, each compared with what kvsim gives for it.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sim/kv/tier_settings.h"
#include "validation/figure.h"
#include "validation/run_recipe.h"

namespace kvsim::validation {

struct CurveValue {
  double x = 0;
  double y = 0;            // as published, in the curve's unit
  double uncertainty = 0;  // of reading or repeating it, in the same unit
};

// Each value is a figure of a run of its own, or of a stage of one run; with a base, the figure of the base
// run over it.
struct RunCurve {
  struct Point {
    Run run;
    std::optional<Run> base;
    std::optional<std::uint32_t> stage;
  };
  MeasuredFigure figure;  // its value and stage are left out
  double unit = 1;        // of the values, in the metric's own
  std::vector<Point> points;
};
// Bandwidth in GB/s of copies of x KiB, as the catalog has them.
struct CopyCurveOf {
  double fixed_seconds = 0;
  double bytes_per_second = 0;
};
// Share of a trace's blocks found in one store that holds x tokens.
struct ReplayCurve {
  std::string trace;
  std::uint32_t block_tokens = 512;
  sim::EvictionPolicy policy = sim::EvictionPolicy::kLru;
};

struct Curve {
  std::string name;
  std::string x;          // what x is
  std::string y;          // what y is, with its unit
  std::string explained;  // why values lie outside, where that is known
  std::vector<CurveValue> values;
  std::optional<double> tolerance;  // how far off kvsim may be; nothing: shown, not judged
  bool absolute = false;            // the tolerance is a difference, not a share of y
  double judged_from = -std::numeric_limits<double>::infinity();  // x of the values that are judged
  double judged_to = std::numeric_limits<double>::infinity();
  std::variant<RunCurve, CopyCurveOf, ReplayCurve> of;
};

}  // namespace kvsim::validation
