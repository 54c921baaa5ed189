// SPDX-License-Identifier: Apache-2.0
// Numbers as a scraper finds them at times that are evenly spread and bounded in number: when there are too
// many rows, every second one goes and its increases count for the next one. The first and the last one stay.
#pragma once

#include <cstddef>
#include <vector>

#include "base/time.h"

namespace kvsim::sim {

struct ScrapedRow {
  Nanoseconds time = 0;
  std::vector<double> cells;  // gauges as they are, of counters the increase since the row before
};

class ScrapedRows {
 public:
  // One flag a cell: a gauge. Keeps at most `max_values` cells, but two rows in any case.
  ScrapedRows(std::vector<bool> is_gauge, std::size_t max_values);

  // An increase at a time: of the first row at or after it, be it past or under way.
  void add(std::size_t cell, Nanoseconds time, double increase);
  // The row under way, which the next close() gives its time.
  double& now(std::size_t cell) { return open_[cell]; }
  void close(Nanoseconds time);

  const std::vector<ScrapedRow>& rows() const { return rows_; }

 private:
  bool is_between(Nanoseconds last, Nanoseconds time) const;
  void absorb(const ScrapedRow& earlier, std::vector<double>& later) const;
  void thin_out();

  std::vector<bool> is_gauge_;
  std::size_t max_rows_;
  Nanoseconds period_ = kNanosecondsPerSecond;
  std::vector<ScrapedRow> rows_;
  std::vector<double> open_;
};

}  // namespace kvsim::sim
