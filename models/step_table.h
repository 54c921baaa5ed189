// SPDX-License-Identifier: Apache-2.0
// Measured step times on a grid of (prefill tokens, decoding sequences, context tokens), interpolated
// linearly in each direction. A CSV with the header
//   prefill_tokens,decode_sequences,context_tokens,seconds
// and one row for every point of a full grid, in any order; lines that start with # are notes. context_tokens
// is the sum over all sequences of the step of the tokens attended to. Seconds must not fall along any
// direction.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/errors.h"
#include "models/fitted_quantity.h"
#include "models/step_time.h"

namespace kvsim::models {

struct StepTableRow {
  std::array<double, 3> where{};  // prefill tokens, decoding sequences, context tokens
  double seconds = 0;
  int line = 0;
};

// Inside the grid: interpolated. Above it: the slope of the last cell goes on; below it: the border's value.
class StepTable {
 public:
  static StepTable load(const std::string& path);  // InputError
  static StepTable parse(std::string_view text, const std::string& file_name);

  struct Point {
    double seconds = 0;
    double slope = 0;   // seconds for each further token of context
    double border = 0;  // context up to which the slope holds; infinite in the last cell
  };
  Point at(double prefill_tokens, double decode_sequences, double context_tokens) const;

  enum Axis : std::size_t { kPrefill, kDecode, kContext };
  const std::vector<double>& axis(Axis axis) const { return axes_[axis]; }
  double seconds(std::size_t prefill, std::size_t decode, std::size_t context) const;
  std::vector<FittedQuantity> fitted() const;  // from the first to the last point of each axis

 private:
  std::vector<int> fill(const std::vector<StepTableRow>& rows, const std::string& file, Problems& problems);
  void check_rising(const std::vector<int>& lines, const std::string& file, Problems& problems) const;

  std::array<std::vector<double>, 3> axes_;
  std::vector<double> seconds_;  // context fastest
};

// Step times of the table, ideal times (for utilisation and power) of the physical model.
class TableStepTime : public StepTimeModel {
 public:
  TableStepTime(StepTable table, std::shared_ptr<const StepTimeModel> physical);
  StepCost cost(const StepWork& work) const override;

 private:
  StepTable table_;
  std::shared_ptr<const StepTimeModel> physical_;
};

}  // namespace kvsim::models
