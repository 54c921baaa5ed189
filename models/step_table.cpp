// SPDX-License-Identifier: Apache-2.0
#include "models/step_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/errors.h"
#include "base/files.h"
#include "base/text.h"
#include "models/context_term.h"

namespace kvsim::models {
namespace {

constexpr std::string_view kHeader = "prefill_tokens,decode_sequences,context_tokens,seconds";
constexpr double kLargestCount = 1e12;
constexpr double kLongestStepSeconds = 1e4;
constexpr std::uint64_t kFileLimitBytes = 64ull << 20;

using Row = StepTableRow;

bool in_range(double value, std::size_t column) {
  return column < 3 ? value >= 0 && value <= kLargestCount : value > 0 && value <= kLongestStepSeconds;
}

Row parse_row(std::string_view line, Location where, Problems& problems) {
  Row row;
  row.line = where.line;
  const auto cells = split(line, ',');
  bool good = cells.size() == 4;
  for (std::size_t i = 0; good && i < 4; ++i) {
    const auto value = parse_double(trim(cells[i]));
    good = value && in_range(*value, i);
    if (good) (i < 3 ? row.where[i] : row.seconds) = *value;
  }
  if (!good) {
    problems.add(where, "", "found \"" + std::string(line.substr(0, 60)) + "\"",
                 "give three counts of 0 or more and seconds above 0, separated by commas");
  }
  return row;
}

std::vector<Row> parse_rows(std::string_view text, const std::string& file, Problems& problems) {
  std::vector<Row> rows;
  int number = 0;
  bool header = false;
  for (std::string_view line : split(text, '\n')) {
    ++number;
    line = trim(line);
    if (line.empty() || line.starts_with('#')) continue;
    if (header) {
      rows.push_back(parse_row(line, {file, number}, problems));
      continue;
    }
    header = line == kHeader;
    if (!header) {
      problems.add({file, number}, "", "found \"" + std::string(line.substr(0, 60)) + "\"",
                   "start with the header " + std::string(kHeader));
      return rows;
    }
  }
  if (rows.empty()) problems.add({file, number}, "", "no rows", "give a full grid of measured steps");
  return rows;
}

std::vector<double> distinct(const std::vector<Row>& rows, std::size_t column) {
  std::vector<double> values;
  for (const Row& row : rows) values.push_back(row.where[column]);
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

void check_full(const std::array<std::vector<double>, 3>& axes, std::size_t rows, const std::string& file,
                Problems& problems) {
  double points = 1;
  for (const auto& axis : axes) points *= static_cast<double>(axis.size());
  if (points == static_cast<double>(rows)) return;
  problems.add(
      {file}, "",
      fmt::format("{} rows for a grid of {} x {} x {}", rows, axes[0].size(), axes[1].size(), axes[2].size()),
      "give every combination of the three columns exactly once");
}

std::size_t index_in(const std::vector<double>& axis, double value) {
  return static_cast<std::size_t>(std::lower_bound(axis.begin(), axis.end(), value) - axis.begin());
}

// The cell on an axis, and how far into it `value` lies: over 1 beyond the last point, 0 before the first.
struct Place {
  std::size_t low = 0;
  std::size_t high = 0;
  double share = 0;
};

Place place_in(const std::vector<double>& axis, double value) {
  if (axis.size() == 1 || value < axis.front()) return {};
  const auto above = std::upper_bound(axis.begin(), axis.end(), value) - axis.begin();
  const std::size_t high = std::min(static_cast<std::size_t>(above), axis.size() - 1);
  const double share = (value - axis[high - 1]) / (axis[high] - axis[high - 1]);
  return {high - 1, high, share};
}

double blend(double low, double high, double share) { return low + share * (high - low); }

}  // namespace

StepTable StepTable::load(const std::string& path) { return parse(read_file(path, kFileLimitBytes), path); }

StepTable StepTable::parse(std::string_view text, const std::string& file) {
  Problems problems;
  const std::vector<Row> rows = parse_rows(text, file, problems);
  problems.throw_if_any();
  StepTable table;
  for (std::size_t i = 0; i < 3; ++i) table.axes_[i] = distinct(rows, i);
  check_full(table.axes_, rows.size(), file, problems);
  problems.throw_if_any();
  const std::vector<int> lines = table.fill(rows, file, problems);
  problems.throw_if_any();
  table.check_rising(lines, file, problems);
  problems.throw_if_any();
  return table;
}

// The line of each point of the grid.
std::vector<int> StepTable::fill(const std::vector<StepTableRow>& rows, const std::string& file,
                                 Problems& problems) {
  std::vector<int> lines(rows.size(), 0);
  seconds_.assign(rows.size(), 0);
  for (const Row& row : rows) {
    std::size_t at = 0;
    for (std::size_t i = 0; i < 3; ++i) at = at * axes_[i].size() + index_in(axes_[i], row.where[i]);
    if (lines[at] != 0) {
      problems.add({file, row.line}, "", fmt::format("the same point as line {}", lines[at]), "remove one");
    }
    lines[at] = row.line;
    seconds_[at] = row.seconds;
  }
  return lines;
}

void StepTable::check_rising(const std::vector<int>& lines, const std::string& file,
                             Problems& problems) const {
  std::size_t stride = seconds_.size();
  for (const std::vector<double>& axis : axes_) {
    stride /= axis.size();
    for (std::size_t at = 0; at < seconds_.size(); ++at) {
      const bool first = at / stride % axis.size() == 0;
      if (first || seconds_[at] >= seconds_[at - stride]) continue;
      problems.add({file, lines[at]}, "",
                   fmt::format("{} s is less than the {} s of line {}, which has less to do", seconds_[at],
                               seconds_[at - stride], lines[at - stride]),
                   "smooth the measurements so that more work never takes less time");
    }
  }
}

double StepTable::seconds(std::size_t prefill, std::size_t decode, std::size_t context) const {
  return seconds_[(prefill * axes_[kDecode].size() + decode) * axes_[kContext].size() + context];
}

StepTable::Point StepTable::at(double prefill_tokens, double decode_sequences, double context_tokens) const {
  const Place p = place_in(axes_[kPrefill], prefill_tokens);
  const Place d = place_in(axes_[kDecode], decode_sequences);
  const Place c = place_in(axes_[kContext], context_tokens);
  const auto along = [&](std::size_t context) {
    return blend(blend(seconds(p.low, d.low, context), seconds(p.low, d.high, context), d.share),
                 blend(seconds(p.high, d.low, context), seconds(p.high, d.high, context), d.share), p.share);
  };
  const auto& axis = axes_[kContext];
  Point point;
  const double low = along(c.low);
  const double high = along(c.high);
  point.seconds = blend(low, high, c.share);
  point.slope = c.high > c.low ? std::max(0.0, (high - low) / (axis[c.high] - axis[c.low])) : 0;
  const bool last = axis.size() == 1 || (c.high > c.low && c.high + 1 == axis.size());
  point.border = last ? std::numeric_limits<double>::infinity() : axis[c.high];
  return point;
}

std::vector<FittedQuantity> StepTable::fitted() const {
  const auto range = [this](Axis axis) { return FittedRange{axes_[axis].front(), axes_[axis].back()}; };
  return {{Quantity::kTablePrefillTokens, range(kPrefill)},
          {Quantity::kTableDecodeSequences, range(kDecode)},
          {Quantity::kTableContextTokens, range(kContext)}};
}

TableStepTime::TableStepTime(StepTable table, std::shared_ptr<const StepTimeModel> physical)
    : table_(std::move(table)), physical_(std::move(physical)) {}

StepCost TableStepTime::cost(const StepWork& work) const {
  const double sequences = static_cast<double>(work.decode_sequences);
  const double context = work.decode_context_tokens + work.prefill_context_tokens;
  StepCost cost = physical_->cost(work);
  const StepTable::Point point = table_.at(static_cast<double>(work.prefill_tokens), sequences, context);
  cost.seconds = {point.seconds, point.slope * sequences};
  if (std::isfinite(point.border)) {
    cost.steps = std::min(cost.steps, steps_below({context, sequences}, point.border));
  }
  return cost;
}

}  // namespace kvsim::models
