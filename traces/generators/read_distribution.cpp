// SPDX-License-Identifier: Apache-2.0
#include "traces/generators/read_distribution.h"

#include <string>
#include <vector>

namespace kvsim::traces {

namespace {

const std::vector<std::string> kShapes = {"fixed",       "uniform",   "normal", "lognormal",
                                          "exponential", "geometric", "poisson"};

// The smallest mean keeps mean and deviation within what the transforms of a lognormal can hold.
constexpr double kSmallestMean = 1e-3;

class ShapeReader {
 public:
  ShapeReader(Fields& fields, Bounds bounds) : fields_(fields), bounds_(bounds) {}

  Distribution read() {
    const std::string shape = fields_.choice("distribution", kShapes);
    if (shape == "fixed") {
      parameters_.mean = fields_.number("value", {bounds_.low, bounds_.high});
    } else if (shape == "uniform") {
      parameters_.shape = Shape::kUniform;
    } else if (shape == "normal") {
      spread(Shape::kNormal);
    } else if (shape == "lognormal") {
      lognormal();
    } else {
      parameters_.shape = shape == "exponential" ? Shape::kExponential
                          : shape == "geometric" ? Shape::kGeometric
                                                 : Shape::kPoisson;
      parameters_.mean = mean();
    }
    limits(shape == "uniform");
    fields_.finish();
    return Distribution(parameters_);
  }

 private:
  double mean() { return fields_.number("mean", {kSmallestMean, bounds_.high}); }

  void spread(Shape shape) {
    parameters_.shape = shape;
    parameters_.mean = mean();
    parameters_.deviation = fields_.number("deviation", {0, bounds_.high});
  }

  void lognormal() {
    if (!fields_.has("median") && !fields_.has("p95")) return spread(Shape::kLognormal);
    parameters_.shape = Shape::kLognormal;
    const double median = fields_.number("median", {kSmallestMean, bounds_.high});
    const double p95 = fields_.number("p95", {kSmallestMean, bounds_.high});
    if (p95 < median) {
      fields_.problem("p95", "below the median", "give a p95 of at least the median");
      return;
    }
    const MeanDeviation moments = lognormal_from_percentiles(median, p95);
    parameters_.mean = moments.mean;
    parameters_.deviation = moments.deviation;
  }

  void limits(bool required) {
    const NumberRange range{bounds_.low, bounds_.high};
    parameters_.low = required ? fields_.number("min", range) : fields_.number("min", range, bounds_.low);
    parameters_.high = required ? fields_.number("max", range) : fields_.number("max", range, bounds_.high);
    if (parameters_.low <= parameters_.high) return;
    fields_.problem("min", "above max", "give a min of at most max");
    parameters_.high = parameters_.low;
  }

  Fields& fields_;
  Bounds bounds_;
  DistributionParameters parameters_;
};

}  // namespace

Distribution read_distribution(Fields& parent, std::string_view key, Bounds bounds,
                               std::optional<Distribution> fallback) {
  const Node* node = parent.raw(key);
  if (node != nullptr && node->is_map()) {
    Fields fields = parent.map(key);
    return ShapeReader(fields, bounds).read();
  }
  if (fallback && (node == nullptr || node->is_null())) return *fallback;
  return Distribution(parent.number(key, {bounds.low, bounds.high}));
}

}  // namespace kvsim::traces
